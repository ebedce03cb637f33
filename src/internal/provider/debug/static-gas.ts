/**
 * Gas that revm takes for an opcode before anything of it can fail: what a failing step is said to
 * have cost in a trace, unless it ran out of gas.
 */
import { isDefined } from "./names.js";

const BASE = 2n;
const VERY_LOW = 3n;
const LOW = 5n;
const MID = 8n;
const WARM = 100n;

const SPECIAL: ReadonlyMap<number, bigint> = new Map([
  [0x00, 0n], // STOP
  [0x08, MID], // ADDMOD
  [0x09, MID], // MULMOD
  [0x0a, 10n], // EXP
  [0x20, 30n], // KECCAK256
  [0x31, WARM], // BALANCE
  [0x35, VERY_LOW], // CALLDATALOAD
  [0x37, VERY_LOW], // CALLDATACOPY
  [0x39, VERY_LOW], // CODECOPY
  [0x3b, WARM], // EXTCODESIZE
  [0x3c, WARM], // EXTCODECOPY
  [0x3e, VERY_LOW], // RETURNDATACOPY
  [0x3f, WARM], // EXTCODEHASH
  [0x40, 20n], // BLOCKHASH
  [0x47, LOW], // SELFBALANCE
  [0x49, VERY_LOW], // BLOBHASH
  [0x54, WARM], // SLOAD
  [0x55, 0n], // SSTORE
  [0x56, MID], // JUMP
  [0x57, 10n], // JUMPI
  [0x5b, 1n], // JUMPDEST
  [0x5c, WARM], // TLOAD
  [0x5d, WARM], // TSTORE
  [0xe6, VERY_LOW], // DUPN
  [0xe7, VERY_LOW], // SWAPN
  [0xe8, VERY_LOW], // EXCHANGE
  [0xf1, WARM], // CALL
  [0xf2, WARM], // CALLCODE
  [0xf4, WARM], // DELEGATECALL
  [0xfa, WARM], // STATICCALL
  [0xff, 5000n], // SELFDESTRUCT
]);

/** MUL, DIV, SDIV, MOD, SMOD, SIGNEXTEND, CLZ. */
const LOW_OPCODES: ReadonlySet<number> = new Set([
  0x02, 0x04, 0x05, 0x06, 0x07, 0x0b, 0x1e,
]);

/** POP, PC, MSIZE, GAS, PUSH0. */
const BASE_OPCODES: ReadonlySet<number> = new Set([
  0x50, 0x58, 0x59, 0x5a, 0x5f,
]);

const LOG_GAS = 375n;

export function staticGas(opcode: number): bigint {
  if (!isDefined(opcode)) {
    return 0n;
  }
  const special = SPECIAL.get(opcode);
  if (special !== undefined) {
    return special;
  }
  if (LOW_OPCODES.has(opcode)) {
    return LOW;
  }
  if (BASE_OPCODES.has(opcode) || (opcode >= 0x30 && opcode <= 0x4b)) {
    return BASE;
  }
  if (opcode >= 0xa0 && opcode <= 0xa4) {
    return LOG_GAS * BigInt(opcode - 0xa0 + 1);
  }
  return opcode < 0xa0 ? VERY_LOW : 0n;
}
