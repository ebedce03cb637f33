/**
 * The parts of the compiler's standard JSON that stack traces are made from.
 * https://docs.soliditylang.org/en/latest/using-the-compiler.html#output-description
 */
import type { AbiParameter } from "../../abi/abi-types.js";

export interface CompilerInput {
  readonly sources: Readonly<Record<string, { readonly content?: string }>>;
}

export interface CompilerOutput {
  readonly sources?: Readonly<
    Record<string, { readonly id: number; readonly ast?: AstNode }>
  >;
  readonly contracts?: Readonly<
    Record<string, Readonly<Record<string, ContractOutput>>>
  >;
}

export interface ContractOutput {
  readonly abi: readonly AbiEntry[];
  readonly evm: {
    readonly bytecode: BytecodeOutput;
    readonly deployedBytecode: BytecodeOutput;
    readonly methodIdentifiers?: Readonly<Record<string, string>>;
  };
}

export interface AbiEntry {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
}

export interface BytecodeOutput {
  /** Hex without 0x; unlinked libraries are placeholders. Empty for abstract contracts. */
  readonly object: string;
  readonly sourceMap?: string;
  readonly linkReferences?: Readonly<
    Record<string, Readonly<Record<string, readonly CodeReference[]>>>
  >;
  readonly immutableReferences?: Readonly<
    Record<string, readonly CodeReference[]>
  >;
}

export interface CodeReference {
  readonly start: number;
  readonly length: number;
}

/** A node of the compiler's AST; the fields depend on `nodeType`. */
export interface AstNode {
  readonly nodeType: string;
  readonly id?: number;
  readonly src: string;
  readonly name?: string;
  readonly nodes?: readonly AstNode[];
  readonly contractKind?: string;
  readonly linearizedBaseContracts?: readonly number[];
  readonly kind?: string;
  readonly implemented?: boolean;
  readonly visibility?: string;
  readonly stateMutability?: string;
  readonly functionSelector?: string;
  readonly parameters?: { readonly parameters?: readonly AstNode[] };
  readonly typeName?: AstNode;
  readonly keyType?: AstNode;
  readonly valueType?: AstNode;
  readonly typeDescriptions?: { readonly typeString?: string };
}
