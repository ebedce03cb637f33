/** Random programs that loop: variables on the stack, nested loops, internal functions, memory and storage. */
import type { AssemblyItem } from "../../helpers/assembler.js";
import type { Random } from "../../helpers/random.js";

import { SINCE, WORD_OPERATIONS } from "../../evm/helpers/vocabulary.js";
import { assemble } from "../../helpers/assembler.js";
import { opcode } from "../../helpers/opcodes.js";

const ENVIRONMENT = [
  "ADDRESS",
  "CALLER",
  "CALLVALUE",
  "CALLDATASIZE",
  "CODESIZE",
  "GASPRICE",
  "RETURNDATASIZE",
  "TIMESTAMP",
  "NUMBER",
  "MSIZE",
  "PC",
  "SELFBALANCE",
  "CHAINID",
  "BASEFEE",
];
const MAX_DUP = 16;

interface Callable {
  readonly label: string;
  readonly parameters: number;
}

export class RandomLoops {
  readonly #random: Random;
  readonly #fork: number;
  #items: AssemblyItem[] = [];
  /** Variables that code may use, the topmost last, as heights of the stack. */
  #variables: number[] = [];
  #height = 0;
  #labels = 0;
  #functions: Callable[] = [];
  /** Where the loops that are open go on and end, and how high the stack is there. */
  #loops: {
    readonly next: string;
    readonly end: string;
    readonly height: number;
  }[] = [];
  #budget = 0;

  constructor(random: Random, fork: number) {
    this.#random = random;
    this.#fork = fork;
  }

  /** 0x hex. */
  public make(): string {
    const random = this.#random;
    this.#functions = Array.from({ length: random.below(4) }, (_, i) => ({
      label: `function${i}`,
      parameters: random.between(0, 2),
    }));
    const functions = this.#functions;
    // Near the stack's limit, sometimes.
    const below = random.chance(0.1)
      ? random.between(960, 1015)
      : random.below(4);
    for (let i = 0; i < below; i++) this.#emit("CALLDATASIZE", 1);
    for (let i = random.between(1, 4); i > 0; i--) this.#declare();
    this.#budget = 40;
    this.#loop();
    this.#statements(2);
    if (random.chance(0.5)) this.#loop();
    this.#finish();
    functions.forEach((callable, i) => {
      this.#functions = functions.slice(i + 1);
      this.#function(callable);
    });
    return assemble(this.#items);
  }

  #emit(item: AssemblyItem, change: number): void {
    this.#items.push(item);
    this.#height += change;
  }

  #op(name: string): void {
    const { inputs, outputs } = opcode(name);
    this.#emit(name, outputs - inputs);
  }

  #label(): string {
    return `label${this.#labels++}`;
  }

  #declare(): void {
    this.#word();
    this.#variables.push(this.#height - 1);
  }

  #word(): void {
    const random = this.#random;
    this.#emit(
      random.chance(0.5) ? BigInt(random.word()) : BigInt(random.below(300)),
      1,
    );
  }

  #has(name: string): boolean {
    return (SINCE[name] ?? 0) <= this.#fork;
  }

  /** Pushes something. */
  #expression(depth: number): void {
    const random = this.#random;
    if (depth <= 0) {
      if (random.chance(0.7) && this.#copyVariable()) return;
      this.#word();
      return;
    }
    random.weighted<() => void>([
      [12, () => this.#operation(depth)],
      [4, () => this.#expression(0)],
      [3, () => this.#memoryRead(depth)],
      [1, () => this.#environment()],
      [1, () => this.#storageRead()],
      [3, () => this.#call(depth)],
      [1, () => this.#hash()],
    ])();
  }

  #copyVariable(): boolean {
    const within = this.#variables.filter(
      (height) => this.#height - height <= MAX_DUP,
    );
    if (within.length === 0) return false;
    const height = this.#random.pick(within);
    this.#emit(`DUP${this.#height - height}`, 1);
    return true;
  }

  #operation(depth: number): void {
    const random = this.#random;
    const name = random.pick(WORD_OPERATIONS);
    if (!this.#has(name)) {
      this.#expression(depth - 1);
      return;
    }
    const { inputs } = opcode(name);
    if (name === "EXP") {
      this.#emit(BigInt(random.below(700)), 1);
      this.#expression(0);
    } else if (/^(SHL|SHR|SAR|BYTE|SIGNEXTEND)$/.test(name)) {
      this.#expression(depth - 1);
      if (random.chance(0.8))
        this.#emit(BigInt(random.below(name.startsWith("S") ? 260 : 34)), 1);
      else this.#expression(0);
    } else {
      for (let i = 0; i < inputs; i++) this.#expression(depth - 1 - i);
    }
    this.#op(name);
    // Small numbers are what programs have mostly.
    if (random.chance(0.2)) {
      this.#emit(BigInt(random.pick([0xff, 0xffff_ffff, 2 ** 40 - 1])), 1);
      this.#op("AND");
    }
  }

  /** Pushes an offset in memory: most are near. */
  #offset(depth: number): void {
    const random = this.#random;
    if (random.chance(0.5)) {
      this.#emit(BigInt(random.below(200)), 1);
      return;
    }
    this.#expression(depth - 1);
    if (random.chance(0.01)) return;
    this.#emit(BigInt(random.chance(0.9) ? 0xff : 0x3fff), 1);
    this.#op("AND");
  }

  #memoryRead(depth: number): void {
    this.#offset(depth);
    this.#op("MLOAD");
  }

  #environment(): void {
    const name = this.#random.pick(ENVIRONMENT);
    if (this.#has(name)) this.#op(name);
    else this.#word();
    if (this.#random.chance(0.3)) {
      this.#op("POP");
      this.#offset(1);
      this.#op("CALLDATALOAD");
    }
  }

  #storageRead(): void {
    const isTransient = this.#has("TLOAD") && this.#random.chance(0.3);
    this.#emit(BigInt(this.#random.below(4)), 1);
    this.#op(isTransient ? "TLOAD" : "SLOAD");
  }

  #hash(): void {
    this.#emit(BigInt(this.#random.below(100)), 1);
    this.#offset(1);
    this.#op("KECCAK256");
  }

  #call(depth: number): void {
    const random = this.#random;
    const callable = this.#functions.at(random.below(4));
    if (callable === undefined) {
      this.#expression(depth - 1);
      return;
    }
    const back = this.#label();
    this.#emit({ ref: back }, 1);
    for (let i = 0; i < callable.parameters; i++) this.#expression(depth - 1);
    this.#emit({ ref: callable.label }, 1);
    this.#op("JUMP");
    this.#emit({ label: back }, -callable.parameters);
  }

  /** With the parameters and, below them, the place to return to on the stack: leaves a result in their place. */
  #function({ label, parameters }: Callable): void {
    this.#items.push({ label });
    this.#height = 1 + parameters;
    this.#variables = Array.from({ length: parameters }, (_, i) => i + 1);
    this.#loops = [];
    this.#budget = 5;
    this.#statements(this.#random.below(3));
    this.#expression(2);
    while (this.#height > 2) {
      this.#op("SWAP1");
      this.#op("POP");
    }
    this.#op("SWAP1");
    if (this.#random.chance(0.02)) this.#op("POP");
    this.#op("JUMP");
  }

  #statements(count: number): void {
    for (let i = 0; i < count; i++) this.#statement();
  }

  #statement(): void {
    const random = this.#random;
    if (this.#budget-- <= 0) return;
    random.weighted<() => void>([
      [14, () => this.#assign()],
      [6, () => this.#memoryWrite()],
      [1, () => this.#storageWrite()],
      [4, () => this.#branch()],
      [2, () => this.#leaveLoop()],
      [3, () => this.#loop()],
      [0.6, () => this.#copy()],
      [0.3, () => this.#log()],
      [0.3, () => this.#callOut()],
      [0.1, () => this.#items.push({ raw: "0x0c" })],
    ])();
  }

  #assign(): void {
    const within = this.#variables.filter(
      (height) => this.#height - height <= MAX_DUP,
    );
    this.#expression(3);
    if (within.length > 0) {
      const depth = this.#height - 1 - this.#random.pick(within);
      if (depth >= 1 && depth <= 16) this.#emit(`SWAP${depth}`, 0);
    }
    this.#op("POP");
  }

  #memoryWrite(): void {
    this.#expression(2);
    this.#offset(2);
    this.#op(this.#random.chance(0.8) ? "MSTORE" : "MSTORE8");
  }

  #storageWrite(): void {
    const isTransient = this.#has("TLOAD") && this.#random.chance(0.3);
    this.#expression(1);
    this.#emit(BigInt(this.#random.below(4)), 1);
    this.#op(isTransient ? "TSTORE" : "SSTORE");
  }

  #copy(): void {
    const names = ["CALLDATACOPY", "CODECOPY", "MCOPY"].filter((name) =>
      this.#has(name),
    );
    this.#emit(BigInt(this.#random.below(60)), 1);
    this.#offset(1);
    this.#offset(1);
    this.#op(this.#random.pick(names));
  }

  #log(): void {
    this.#expression(0);
    this.#emit(BigInt(this.#random.below(60)), 1);
    this.#offset(1);
    this.#op("LOG1");
  }

  /** To the precompile that copies; or only a look at the gas. */
  #callOut(): void {
    if (this.#random.chance(0.5)) {
      this.#op("GAS");
      this.#op("POP");
      return;
    }
    for (const item of [32, 0, 40, 8, 0, 4]) this.#emit(BigInt(item), 1);
    this.#op("GAS");
    this.#op("CALL");
    this.#op("POP");
  }

  #branch(): void {
    const end = this.#label();
    this.#expression(2);
    if (this.#random.chance(0.6)) this.#op("ISZERO");
    this.#emit({ ref: end }, 1);
    this.#op("JUMPI");
    const height = this.#height;
    this.#statements(this.#random.between(1, 2));
    if (this.#random.chance(0.4)) {
      const after = this.#label();
      this.#emit({ ref: after }, 1);
      this.#op("JUMP");
      this.#items.push({ label: end });
      this.#statements(1);
      this.#items.push({ label: after });
    } else {
      this.#items.push({ label: end });
    }
    this.#height = height;
  }

  /** break or continue, on a condition. */
  #leaveLoop(): void {
    const loop = this.#loops.at(-1);
    if (loop === undefined || loop.height !== this.#height) return;
    this.#expression(2);
    this.#emit(3n, 1);
    this.#op("AND");
    this.#op("ISZERO");
    this.#emit({ ref: this.#random.chance(0.5) ? loop.next : loop.end }, 1);
    this.#op("JUMPI");
  }

  /** A few rounds, counted on the stack. */
  #loop(): void {
    const random = this.#random;
    if (this.#loops.length > 2) return;
    const [start, next, end] = [this.#label(), this.#label(), this.#label()];
    this.#emit(BigInt(random.between(2, this.#loops.length === 0 ? 12 : 4)), 1);
    this.#variables.push(this.#height - 1);
    this.#loops.push({ next, end, height: this.#height });
    const height = this.#height;
    this.#items.push({ label: start });
    this.#emit("DUP1", 1);
    this.#op("ISZERO");
    this.#emit({ ref: end }, 1);
    this.#op("JUMPI");
    // The body may not change the counter.
    this.#variables.pop();
    this.#statements(random.between(1, 4));
    this.#height = height;
    this.#items.push({ label: next });
    this.#emit(1n, 1);
    this.#op("SWAP1");
    this.#op("SUB");
    this.#emit({ ref: start }, 1);
    this.#op("JUMP");
    this.#items.push({ label: end });
    this.#loops.pop();
    this.#op("POP");
  }

  /** Returns all of the stack that can be reached. */
  #finish(): void {
    let at = 0n;
    for (const height of [...this.#variables].reverse()) {
      if (this.#height - height > MAX_DUP) continue;
      this.#emit(`DUP${this.#height - height}`, 1);
      this.#emit(at, 1);
      this.#op("MSTORE");
      at += 32n;
    }
    this.#emit(this.#random.chance(0.5) ? 512n : at, 1);
    this.#emit(0n, 1);
    this.#op(
      this.#random.chance(0.9) || !this.#has("REVERT") ? "RETURN" : "REVERT",
    );
  }
}
