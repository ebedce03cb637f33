import type { AbiParameter } from "../../abi/abi-types.js";
import type { ErrorSource } from "./compiled-code.js";
import type { SourceLocation } from "./source.js";

export type FunctionType =
  | "constructor"
  | "function"
  | "fallback"
  | "receive"
  | "getter"
  | "modifier"
  | "free-function";

export type Visibility = "private" | "internal" | "public" | "external";

export interface ContractFunction {
  /** As declared; empty for constructors, fallback and receive functions. */
  readonly name: string;
  readonly type: FunctionType;
  readonly location: SourceLocation;
  readonly visibility: Visibility | undefined;
  readonly isPayable: boolean;
  /** 8 hex digits, of functions that can be called from outside. */
  readonly selector: string | undefined;
  /** From the contract's ABI; undefined when the function has no entry there. Costs hashes. */
  readonly parameters: () => readonly AbiParameter[] | undefined;
}

export interface ErrorDeclaration {
  readonly name: string;
  readonly parameters: readonly AbiParameter[];
}

/** A contract or a library, with what it inherits. */
export class Contract implements ErrorSource {
  public readonly name: string;
  public readonly isLibrary: boolean;
  public readonly location: SourceLocation;
  readonly #errors: ErrorSource;
  public fallback: ContractFunction | undefined;
  public receive: ContractFunction | undefined;
  /** Its own: constructors are not inherited. */
  public readonly declaredConstructor: ContractFunction | undefined;

  readonly #declared: readonly ContractFunction[];
  readonly #bySelector = new Map<string, ContractFunction>();

  constructor(
    name: string,
    isLibrary: boolean,
    location: SourceLocation,
    declared: readonly ContractFunction[],
    errors: ErrorSource,
  ) {
    this.name = name;
    this.isLibrary = isLibrary;
    this.location = location;
    this.#errors = errors;
    this.#declared = declared;
    // Functions of these types that are not visible from outside do not answer calls.
    const visible = declared.filter(isVisible);
    for (const one of visible) {
      if (one.selector !== undefined) {
        this.#bySelector.set(one.selector, one);
      }
    }
    this.declaredConstructor = visible.findLast(
      ({ type }) => type === "constructor",
    );
    this.fallback = visible.findLast(({ type }) => type === "fallback");
    this.receive = visible.findLast(({ type }) => type === "receive");
  }

  /** Adds what a base contract declares, unless it is overridden. Bases come nearest first. */
  public inherit(base: Contract): void {
    this.fallback ??= base.fallback;
    this.receive ??= base.receive;
    for (const one of base.#declared) {
      if (
        isVisible(one) &&
        one.selector !== undefined &&
        !this.#bySelector.has(one.selector)
      ) {
        this.#bySelector.set(one.selector, one);
      }
    }
  }

  /**
   * Selectors that were computed from the source can be wrong; those of the compiler are not. If
   * one function of that name is known, it gets the compiler's selector.
   */
  public correctSelector(name: string, selector: string): void {
    if (this.#bySelector.has(selector)) {
      return;
    }
    const sameName = [...this.#bySelector].filter(
      ([, candidate]) => candidate.name === name,
    );
    if (sameName.length === 1) {
      const [wrong, candidate] = sameName[0];
      this.#bySelector.delete(wrong);
      this.#bySelector.set(selector, { ...candidate, selector });
    }
  }

  /** The error that the contract's ABI has under a selector of 8 hex digits. */
  public errorFor(selector: string): ErrorDeclaration | undefined {
    return this.#errors.errorFor(selector);
  }

  /** The function that calldata asks for. */
  public functionFor(calldata: Uint8Array): ContractFunction | undefined {
    return calldata.length < 4
      ? undefined
      : this.#bySelector.get(
          Buffer.from(calldata.subarray(0, 4)).toString("hex"),
        );
  }
}

function isVisible({ visibility }: ContractFunction): boolean {
  return visibility === "public" || visibility === "external";
}
