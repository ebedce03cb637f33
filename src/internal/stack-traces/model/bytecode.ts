import type { CodeGap, KnownCode } from "./compiled-code.js";
import type { Contract } from "./contract.js";
import type { SourceFile } from "./source.js";

import { SourceLocation } from "./source.js";

const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const INVALID = 0xfe;

/** What the source map says of a jump: into a function, out of it, or neither. */
export type JumpType = "into" | "out" | "none";

export interface Instruction {
  readonly pc: number;
  readonly opcode: number;
  readonly jump: JumpType;
  readonly location: SourceLocation | undefined;
}

/** The creation code or the runtime code of a contract. */
export class Bytecode implements KnownCode {
  public readonly contract: Contract;
  public readonly isDeployment: boolean;
  /** As compiled; gaps are zero. */
  public readonly code: Uint8Array;
  public readonly gaps: readonly CodeGap[];
  /** "0.8.28" */
  public readonly compilerVersion: string;

  readonly #sourceMap: string;
  readonly #files: ReadonlyMap<number, SourceFile>;
  #instructions: ReadonlyMap<number, Instruction> | undefined;

  constructor(fields: {
    readonly contract: Contract;
    readonly isDeployment: boolean;
    readonly code: Uint8Array;
    readonly gaps: readonly CodeGap[];
    readonly compilerVersion: string;
    readonly sourceMap: string;
    readonly files: ReadonlyMap<number, SourceFile>;
  }) {
    this.contract = fields.contract;
    this.isDeployment = fields.isDeployment;
    this.code = fields.code;
    this.gaps = fields.gaps;
    this.compilerVersion = fields.compilerVersion;
    this.#sourceMap = fields.sourceMap;
    this.#files = fields.files;
  }

  /** By program counter. Source maps are decoded when the first instruction is asked for. */
  public instruction(pc: number): Instruction | undefined {
    this.#instructions ??= this.#decode();
    return this.#instructions.get(pc);
  }

  #decode(): ReadonlyMap<number, Instruction> {
    const { code } = this;
    const instructions = new Map<number, Instruction>();
    let pc = 0;
    for (const { offset, length, file, jump } of readSourceMap(
      this.#sourceMap,
    )) {
      const opcode = code[pc];
      // The map goes on into the metadata, which is no code.
      if (opcode === undefined) {
        return instructions;
      }
      const sourceFile = this.#files.get(file);
      instructions.set(pc, {
        pc,
        opcode,
        jump,
        location:
          sourceFile === undefined
            ? undefined
            : new SourceLocation(sourceFile, offset, length),
      });
      pc += instructionSize(opcode);
    }
    if (this.isDeployment) {
      // The map of creation code ends early: what follows, up to the runtime code, has no source.
      while (pc < code.length && code[pc] !== INVALID) {
        const opcode = code[pc];
        instructions.set(pc, { pc, opcode, jump: "none", location: undefined });
        pc += instructionSize(opcode);
      }
    }
    return instructions;
  }
}

/** Bytes of an instruction with its immediate. */
export function instructionSize(opcode: number): number {
  return opcode >= PUSH1 && opcode <= PUSH32 ? opcode - PUSH1 + 2 : 1;
}

interface SourceMapEntry {
  offset: number;
  length: number;
  /** -1: no source. */
  file: number;
  jump: JumpType;
}

/**
 * Decompresses a source map: entries `offset:length:file:jump:…` separated by semicolons, where an
 * empty or absent field repeats the entry before.
 * https://docs.soliditylang.org/en/latest/internals/source_mappings.html
 */
export function* readSourceMap(
  compressed: string,
): Generator<Readonly<SourceMapEntry>> {
  const entry: SourceMapEntry = {
    offset: 0,
    length: 0,
    file: -1,
    jump: "none",
  };
  let isFirst = true;
  for (const text of compressed.split(";")) {
    const [offset = "", length = "", file = "", jump = ""] = text.split(":");
    const isWhole = [offset, length, file, jump].every((field) => field !== "");
    // A first entry that leaves something out has nothing to repeat.
    if (!isFirst || isWhole) {
      entry.offset = offset === "" ? entry.offset : Number(offset);
      entry.length = length === "" ? entry.length : Number(length);
      entry.file = file === "" ? entry.file : Number(file);
      entry.jump = jump === "" ? entry.jump : toJumpType(jump);
    }
    isFirst = false;
    yield { ...entry };
  }
}

function toJumpType(letter: string): JumpType {
  switch (letter) {
    case "i":
      return "into";
    case "o":
      return "out";
    default:
      return "none";
  }
}
