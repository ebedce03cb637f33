/** JSON-RPC error codes of Hardhat's network. */
export const INVALID_INPUT = -32000;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

/** A failure that the user caused: Hardhat's message and JSON-RPC code. */
export class ChainError extends Error {
  public readonly code: number;

  constructor(message: string, code: number = INVALID_INPUT) {
    super(message);
    this.name = "ChainError";
    this.code = code;
  }
}
