/** The core's keccak256, for the chain's own floor. */
export { keccak256, keccakHash, keccakOfHash } from "../evm/keccak.js";
