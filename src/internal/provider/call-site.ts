/** A Solidity frame in the shape of a V8 call site, so that it can stand in a JavaScript stack. */
const LOCAL_SOURCE_PREFIX = "project/";

export class SolidityCallSite implements NodeJS.CallSite {
  readonly #sourceName: string | undefined;
  readonly #contract: string | undefined;
  readonly #functionName: string | undefined;
  readonly #line: number | undefined;

  /** @param sourceName as the compiler knows it, or whatever stands in for it (an address). */
  constructor(
    sourceName: string | undefined,
    contract: string | undefined,
    functionName: string | undefined,
    line: number | undefined,
  ) {
    this.#sourceName =
      sourceName?.startsWith(LOCAL_SOURCE_PREFIX) === true
        ? sourceName.slice(LOCAL_SOURCE_PREFIX.length)
        : sourceName;
    this.#contract = contract;
    this.#functionName = functionName;
    this.#line = line;
  }

  public getFileName(): string {
    return this.#sourceName ?? "unknown";
  }

  public getLineNumber(): number | null {
    return this.#line ?? null;
  }

  public getTypeName(): string | null {
    return this.#contract ?? null;
  }

  /** Only functions outside contracts have a function name; the others are methods. */
  public getFunctionName(): string | null {
    return this.#contract === undefined ? (this.#functionName ?? null) : null;
  }

  public getMethodName(): string | null {
    return this.#contract === undefined ? null : (this.#functionName ?? null);
  }

  public getColumnNumber(): null {
    return null;
  }

  public getEvalOrigin(): undefined {
    return undefined;
  }

  public getFunction(): undefined {
    return undefined;
  }

  public getPosition(): number {
    return 0;
  }

  public getPromiseIndex(): number {
    return 0;
  }

  public getScriptNameOrSourceURL(): string {
    return "";
  }

  public getScriptHash(): string {
    return "";
  }

  public getEnclosingColumnNumber(): number {
    return 0;
  }

  public getEnclosingLineNumber(): number {
    return 0;
  }

  public getThis(): undefined {
    return undefined;
  }

  public isAsync(): boolean {
    return false;
  }

  public isConstructor(): boolean {
    return false;
  }

  public isEval(): boolean {
    return false;
  }

  public isNative(): boolean {
    return false;
  }

  public isPromiseAll(): boolean {
    return false;
  }

  public isToplevel(): boolean {
    return false;
  }

  /** `Contract.function (file:line)`. */
  public toString(): string {
    const file =
      this.#line === undefined
        ? this.getFileName()
        : `${this.getFileName()}:${this.#line}`;
    const functionName = this.getFunctionName();
    const name =
      functionName === null
        ? `${this.#contract ?? null}.${this.getMethodName() ?? "<anonymous>"}`
        : functionName;
    return `${name} (${file})`;
  }
}
