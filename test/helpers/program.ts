import { assemble, type AssemblyItem, initcodeFor } from "./assembler.js";
import { opcode } from "./opcodes.js";

/**
 * Contracts as JSON, for generators: an expression leaves one word on the stack, a statement none.
 * - Expression: a number, a 0x string, or `[MNEMONIC, ...arguments]` (arguments in the opcode's
 *   order, top of the stack first).
 * - Statement: `[MNEMONIC, ...arguments]`; results of an opcode that has one are dropped. Besides:
 *   `["bytes", offset, "0x…"]` writes bytes to memory, `["repeat", n, [...]]`, `["if", expression, [...]]`,
 *   `["raw", "0x…"]`.
 */
export type Expression = number | string | readonly [string, ...Expression[]];
export type Statement = readonly [string, ...unknown[]];

export interface ContractProgram {
  /** Selector (4-byte 0x hex) → body. A body that falls off its end stops. */
  readonly functions: Readonly<Record<string, readonly Statement[]>>;
  readonly fallback?: readonly Statement[];
  /** Runs in the initcode. */
  readonly setup?: readonly Statement[];
}

class Compiler {
  #items: AssemblyItem[] = [];
  #labels = 0;

  public items(): AssemblyItem[] {
    return this.#items;
  }

  public expression(expression: Expression): void {
    if (typeof expression === "number" || typeof expression === "string") {
      this.#items.push(expression);
      return;
    }
    const [name, ...args] = expression;
    const { outputs } = opcode(name);
    if (outputs !== 1) {
      throw new Error(
        `program: expected an opcode with one result, got ${name}`,
      );
    }
    this.#operation(name, args);
  }

  #operation(name: string, args: readonly Expression[]): void {
    const { inputs } = opcode(name);
    if (args.length !== inputs) {
      throw new Error(
        `program: expected ${inputs} arguments for ${name}, got ${args.length}`,
      );
    }
    for (const argument of [...args].reverse()) {
      this.expression(argument);
    }
    this.#items.push(name);
  }

  public statements(body: readonly Statement[]): void {
    for (const statement of body) {
      this.statement(statement);
    }
  }

  public statement([name, ...args]: Statement): void {
    switch (name) {
      case "raw":
        this.#items.push({ raw: args[0] as string });
        return;
      case "bytes":
        this.#bytes(args[0] as number, args[1] as string);
        return;
      case "repeat":
        this.#repeat(args[0] as number, args[1] as Statement[]);
        return;
      case "if":
        this.#if(args[0] as Expression, args[1] as Statement[]);
        return;
    }
    this.#operation(name, args as Expression[]);
    if (opcode(name).outputs === 1) {
      this.#items.push("POP");
    }
  }

  #bytes(offset: number, hex: string): void {
    const digits = hex.slice(2);
    for (let at = 0; at < digits.length; at += 64) {
      const word = digits.slice(at, at + 64).padEnd(64, "0");
      this.#items.push(`0x${word}`, offset + at / 2, "MSTORE");
    }
  }

  /** The counter stays on the stack: bodies must be balanced, as all statements are. */
  #repeat(count: number, body: readonly Statement[]): void {
    const start = this.#label();
    this.#items.push(count, { label: start });
    this.statements(body);
    this.#items.push(1, "SWAP1", "SUB", "DUP1", { ref: start }, "JUMPI", "POP");
  }

  #if(condition: Expression, body: readonly Statement[]): void {
    const end = this.#label();
    this.expression(condition);
    this.#items.push("ISZERO", { ref: end }, "JUMPI");
    this.statements(body);
    this.#items.push({ label: end });
  }

  public dispatch(selector: string, label: string): void {
    this.#items.push("DUP1", selector, "EQ", { ref: label }, "JUMPI");
  }

  public emit(...items: AssemblyItem[]): void {
    this.#items.push(...items);
  }

  #label(): string {
    return `l${this.#labels++}`;
  }
}

/** Runtime code: a dispatcher over the functions, then the fallback (without one: stop). */
export function compileRuntime(program: ContractProgram): string {
  const compiler = new Compiler();
  const selectors = Object.keys(program.functions);
  if (selectors.length > 0) {
    // DIV, not SHR: the code is to run on forks before Constantinople too.
    compiler.emit(1n << 224n, 0, "CALLDATALOAD", "DIV");
    selectors.forEach((selector, i) => compiler.dispatch(selector, `f${i}`));
    compiler.emit("POP");
  }
  compiler.statements(program.fallback ?? []);
  compiler.emit("STOP");
  selectors.forEach((selector, i) => {
    compiler.emit({ label: `f${i}` }, "POP");
    compiler.statements(program.functions[selector]);
    compiler.emit("STOP");
  });
  return assemble(compiler.items());
}

export function compileInitcode(program: ContractProgram): string {
  const compiler = new Compiler();
  compiler.statements(program.setup ?? []);
  return initcodeFor(compileRuntime(program), compiler.items());
}

/** Statements alone, without a dispatcher. */
export function compileStatements(body: readonly Statement[]): string {
  const compiler = new Compiler();
  compiler.statements(body);
  return assemble(compiler.items());
}
