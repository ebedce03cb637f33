import type {
  AbiEntry,
  BytecodeOutput,
  CompilerOutput,
} from "./compiler-output.js";
import type { ErrorDeclaration } from "./contract.js";

import { selectorOf } from "../../abi/selector.js";

const ADDRESS_LENGTH = 20;

/** A stretch of code whose content is known only after deployment: a library's address, an immutable. */
export interface CodeGap {
  readonly start: number;
  readonly length: number;
}

/** Code as compiled; gaps are zero. */
export interface CodeWithGaps {
  readonly code: Uint8Array;
  readonly gaps: readonly CodeGap[];
}

/** The creation code or the runtime code of a contract. */
export interface KnownCode extends CodeWithGaps {
  readonly isDeployment: boolean;
}

/** Knows errors by their selectors of 8 hex digits. */
export interface ErrorSource {
  errorFor(selector: string): ErrorDeclaration | undefined;
}

/** The errors of a contract's ABI. */
export class AbiErrors implements ErrorSource {
  readonly #declarations: readonly ErrorDeclaration[];
  #bySelector: Map<string, ErrorDeclaration> | undefined;

  constructor(abi: readonly AbiEntry[]) {
    this.#declarations = abi
      .filter(({ type }) => type === "error")
      .map(({ name = "", inputs = [] }) => ({ name, parameters: inputs }));
  }

  public errorFor(selector: string): ErrorDeclaration | undefined {
    this.#bySelector ??= this.#index();
    return this.#bySelector.get(selector);
  }

  /** Of several with one selector, the first counts. */
  #index(): Map<string, ErrorDeclaration> {
    const bySelector = new Map<string, ErrorDeclaration>();
    for (const declaration of this.#declarations) {
      const selector = selectorOf(declaration.name, declaration.parameters);
      if (!bySelector.has(selector)) {
        bySelector.set(selector, declaration);
      }
    }
    return bySelector;
  }
}

/** A code, and the errors that its contract declares. */
export interface CompiledCode extends KnownCode {
  readonly errors: ErrorSource;
}

/**
 * The codes of one compilation. Unlike the model, this needs no syntax trees, which are nine tenths
 * of a compiler's output.
 */
export function readCompiledCodes({
  contracts = {},
}: CompilerOutput): CompiledCode[] {
  return Object.values(contracts)
    .flatMap((file) => Object.values(file))
    .filter(({ evm }) => evm.bytecode.object !== "")
    .flatMap(({ abi, evm }) => {
      const errors = new AbiErrors(abi);
      return [
        { ...readCode(evm.bytecode), isDeployment: true, errors },
        { ...readCode(evm.deployedBytecode), isDeployment: false, errors },
      ];
    });
}

export function readCode(output: BytecodeOutput): CodeWithGaps {
  const libraries = Object.values(output.linkReferences ?? {})
    .flatMap((file) => Object.values(file))
    .flat();
  let hex = output.object;
  for (const { start } of libraries) {
    hex =
      hex.slice(0, start * 2) +
      "0".repeat(ADDRESS_LENGTH * 2) +
      hex.slice((start + ADDRESS_LENGTH) * 2);
  }
  return {
    code: Buffer.from(hex, "hex"),
    gaps: [
      ...libraries.map(({ start }) => ({ start, length: ADDRESS_LENGTH })),
      ...Object.values(output.immutableReferences ?? {}).flat(),
    ],
  };
}
