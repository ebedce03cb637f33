/** The code that regions are compiled from. */

/** A contract's code on a fork. */
export interface Source {
  readonly code: Uint8Array;
  /** One bit per byte of code: where jumps may go. */
  readonly destinations: Uint8Array;
  /** By opcode: gas, what it needs and leaves on the stack (assembly/traits.ts). */
  readonly traits: Uint32Array;
}

export function isDestination(source: Source, pc: number): boolean {
  return (
    pc < source.code.length &&
    ((source.destinations[pc >> 3] >> (pc & 7)) & 1) !== 0
  );
}

const UNDEFINED = 0xff;

export interface Traits {
  readonly gas: number;
  readonly needs: number;
  readonly leaves: number;
}

/** What the opcode costs and does to the stack; undefined where the fork does not have it. */
export function traitsOf(source: Source, opcode: number): Traits | undefined {
  const trait = source.traits[opcode];
  const needs = (trait >>> 16) & 0xff;
  if (needs === UNDEFINED) return undefined;
  return { gas: trait & 0xffff, needs, leaves: trait >>> 24 };
}

// Opcodes that the compiler knows by name.
export const ADD = 0x01;
export const MUL = 0x02;
export const SUB = 0x03;
export const DIV = 0x04;
export const MOD = 0x06;
export const EXP = 0x0a;
export const SIGNEXTEND = 0x0b;
export const LT = 0x10;
export const GT = 0x11;
export const SLT = 0x12;
export const SGT = 0x13;
export const EQ = 0x14;
export const ISZERO = 0x15;
export const AND = 0x16;
export const OR = 0x17;
export const XOR = 0x18;
export const NOT = 0x19;
export const BYTE = 0x1a;
export const SHL = 0x1b;
export const SHR = 0x1c;
export const SAR = 0x1d;
export const CLZ = 0x1e;
export const KECCAK256 = 0x20;
export const ADDRESS = 0x30;
export const BALANCE = 0x31;
export const CALLDATASIZE = 0x36;
export const CALLDATACOPY = 0x37;
export const CODESIZE = 0x38;
export const CODECOPY = 0x39;
export const GASPRICE = 0x3a;
export const EXTCODESIZE = 0x3b;
export const RETURNDATACOPY = 0x3e;
export const EXTCODEHASH = 0x3f;
export const BLOCKHASH = 0x40;
export const SELFBALANCE = 0x47;
export const BLOBHASH = 0x49;
export const SLOTNUM = 0x4b;
export const POP = 0x50;
export const MLOAD = 0x51;
export const MSTORE = 0x52;
export const MSTORE8 = 0x53;
export const SLOAD = 0x54;
export const SSTORE = 0x55;
export const JUMP = 0x56;
export const JUMPI = 0x57;
export const PC = 0x58;
export const MSIZE = 0x59;
export const GAS = 0x5a;
export const JUMPDEST = 0x5b;
export const TLOAD = 0x5c;
export const MCOPY = 0x5e;
export const PUSH0 = 0x5f;
export const PUSH32 = 0x7f;
export const DUP1 = 0x80;
export const DUP16 = 0x8f;
export const SWAP1 = 0x90;
export const SWAP16 = 0x9f;
export const LOG0 = 0xa0;
export const LOG4 = 0xa4;

/**
 * How an opcode is compiled: not at all (the interpreter goes on there); as it is, or by a call of what cannot
 * fail; or by a call of the interpreter's own function, which may take gas and fail.
 */
export type Kind = "none" | "plain" | "step";

/** By opcode. Where jumps and the stack's opcodes come in, they are plain. */
export function kindOf(opcode: number): Kind {
  if (opcode >= PUSH0 && opcode <= SWAP16) return "plain";
  if (opcode >= LOG0 && opcode <= LOG4) return "step";
  return KINDS.get(opcode) ?? "none";
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

const KINDS = new Map<number, Kind>([
  ...range(ADD, CLZ).map((op) => [op, "plain"] as const),
  ...range(ADDRESS, SLOTNUM).map((op) => [op, "plain"] as const),
  ...range(POP, JUMPDEST).map((op) => [op, "plain"] as const),
  ...[EXP, KECCAK256, BALANCE, CALLDATACOPY, CODECOPY].map(
    (op) => [op, "step"] as const,
  ),
  ...range(EXTCODESIZE, EXTCODESIZE + 1).map((op) => [op, "step"] as const),
  ...range(RETURNDATACOPY, BLOCKHASH).map((op) => [op, "step"] as const),
  ...[SELFBALANCE, BLOBHASH, SLOAD, SSTORE].map((op) => [op, "step"] as const),
  ...range(TLOAD, MCOPY).map((op) => [op, "step"] as const),
  // It says something about the run to eth_estimateGas.
  [GAS, "none"],
]);
