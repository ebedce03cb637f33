/** Random bytecode by a grammar: mostly sensible, so that it gets somewhere, with some nonsense everywhere. */
import type { Random } from "../../helpers/random.js";

import { opcode, OPCODE_NAMES } from "../../helpers/opcodes.js";
import { PRECOMPILE_INPUTS } from "../../helpers/workloads/precompile-inputs.js";
import { randomIdiom } from "./idioms.js";
import {
  BYZANTIUM,
  ENVIRONMENT,
  MAX_JUMP_LOOPS,
  PRECOMPILES,
  SHANGHAI,
  SINCE,
  WORD_OPERATIONS,
} from "./vocabulary.js";

/** Without those that take the oracle long, or that it does not have. */
const FEASIBLE = PRECOMPILE_INPUTS.filter(
  ({ id, make }) => ![8, 10, 15].includes(id) && make(1).length <= 2 * 512,
);

/** Addresses worth calling, as 0x hex. */
export interface Surroundings {
  readonly addresses: readonly string[];
  /** Number of assembly/forks.ts. */
  readonly fork: number;
}

export class RandomCode {
  readonly #random: Random;
  readonly #around: Surroundings;
  #bytes: number[] = [];
  /** Items on the stack, as far as the generator knows. */
  #depth = 0;
  #loops = 0;

  constructor(random: Random, around: Surroundings) {
    this.#random = random;
    this.#around = around;
  }

  /** `steps` pieces of code, then an end that shows what happened. 0x hex. */
  public make(steps: number): string {
    this.#bytes = [];
    this.#depth = 0;
    this.#loops = 0;
    for (let i = 0; i < steps; i++) this.#piece();
    this.#finish();
    return `0x${Buffer.from(this.#bytes).toString("hex")}`;
  }

  #piece(): void {
    const random = this.#random;
    random.weighted<() => void>([
      [14, () => this.#pushWord()],
      [22, () => this.#wordOperation()],
      [20, () => this.#idiom()],
      [6, () => this.#simple(this.#pick(ENVIRONMENT), 0, 1)],
      [8, () => this.#shuffle()],
      [10, () => this.#memory()],
      [9, () => this.#storage()],
      [4, () => this.#account()],
      [4, () => this.#copy()],
      [3, () => this.#log()],
      [9, () => this.#call()],
      [3, () => this.#create()],
      [2, () => this.#precompile()],
      [0.3, () => this.#recurse()],
      [4, () => this.#branch()],
      [2, () => this.#loop()],
      [1, () => this.#end()],
      [1, () => this.#nonsense()],
    ])();
  }

  #op(name: string): void {
    this.#bytes.push(opcode(name).byte);
  }

  /** One of the opcodes, seldom one that the fork does not have. */
  #pick(names: readonly string[]): string {
    const known = names.filter(
      (name) => (SINCE[name] ?? 0) <= this.#around.fork,
    );
    return this.#random.pick(this.#random.chance(0.003) ? names : known);
  }

  /** An opcode that takes what is on the stack, which is filled up first (mostly). */
  #simple(name: string, inputs: number, outputs: number): void {
    if (!this.#random.chance(0.01)) {
      while (this.#depth < inputs) this.#pushWord();
    }
    this.#op(name);
    this.#depth = Math.max(0, this.#depth - inputs) + outputs;
  }

  #push(value: bigint): void {
    let hex = value.toString(16);
    if (hex.length % 2 === 1) hex = `0${hex}`;
    if (value === 0n && this.#around.fork >= SHANGHAI) {
      this.#op("PUSH0");
    } else {
      // Sometimes more bytes than needed.
      if (this.#random.chance(0.05) && hex.length < 60) hex = `0000${hex}`;
      this.#bytes.push(0x5f + hex.length / 2, ...Buffer.from(hex, "hex"));
    }
    this.#depth++;
  }

  #pushWord(): void {
    this.#push(
      this.#random.chance(0.1)
        ? BigInt(this.#random.pick(this.#around.addresses))
        : BigInt(this.#random.word()),
    );
  }

  /** Offsets and lengths: small, with a few that nobody can pay for. */
  #pushSize(bound: number): void {
    const random = this.#random;
    this.#push(
      random.weighted<() => bigint>([
        [60, () => BigInt(random.below(bound))],
        [20, () => BigInt(32 * random.below(Math.max(1, bound >> 5)))],
        [10, () => 0n],
        [
          1,
          () => BigInt(random.between(1, 60)) << BigInt(random.between(8, 70)),
        ],
        [1, () => BigInt(random.word())],
      ])(),
    );
  }

  #pushAddress(): void {
    const random = this.#random;
    this.#push(
      BigInt(
        random.weighted<() => string>([
          [12, () => random.pick(this.#around.addresses)],
          [3, () => random.pick(PRECOMPILES)],
          [1, () => random.hex(20)],
          // Bits above the address must not matter.
          [
            1,
            () => random.hex(12) + random.pick(this.#around.addresses).slice(2),
          ],
        ])(),
      ),
    );
  }

  #wordOperation(): void {
    const name = this.#pick(WORD_OPERATIONS);
    const { inputs } = opcode(name);
    if (name === "EXP" && this.#random.chance(0.7)) {
      this.#push(BigInt(this.#random.below(300)));
      this.#pushWord();
    }
    // Shift amounts that do something.
    if (
      /^(SHL|SHR|SAR|BYTE|SIGNEXTEND)$/.test(name) &&
      this.#random.chance(0.8)
    ) {
      this.#pushWord();
      this.#push(BigInt(this.#random.below(name.startsWith("S") ? 260 : 34)));
    }
    this.#simple(name, inputs, 1);
  }

  /** Without regard for what is on the stack, sometimes. */
  #idiom(): void {
    const random = this.#random;
    const { items, needs, change } = randomIdiom(random);
    const here = (item: string): boolean =>
      (SINCE[item] ?? 0) <= this.#around.fork;
    if (!items.every((item) => typeof item === "number" || here(item))) return;
    if (!random.chance(0.03)) {
      while (this.#depth < needs) this.#pushWord();
    }
    const references: number[] = [];
    for (const item of items) {
      if (typeof item === "number") {
        this.#bytes.push(0x60, item);
      } else if (item === "target") {
        references.push(this.#bytes.length + 1);
        this.#bytes.push(0x61, 0, 0);
      } else if (item === "PUSH4") {
        this.#bytes.push(0x63, 0, 0, 0, random.below(4));
      } else {
        this.#op(item);
      }
    }
    this.#depth = Math.max(0, this.#depth + change);
    if (references.length === 0) return;
    // What is jumped over, or not.
    if (random.chance(0.5)) this.#bytes.push(0x60, random.below(256), 0x50);
    const target = this.#bytes.length + (random.chance(0.02) ? 1 : 0);
    this.#op("JUMPDEST");
    for (const at of references) {
      this.#bytes[at] = target >> 8;
      this.#bytes[at + 1] = target & 0xff;
    }
  }

  #shuffle(): void {
    const random = this.#random;
    const kind = random.below(5);
    if (kind === 0) {
      this.#simple("POP", 1, 0);
      return;
    }
    const reach = Math.min(
      16,
      random.chance(0.02) ? 16 : Math.max(1, this.#depth - 1),
    );
    const n = random.between(1, reach);
    if (kind < 3)
      this.#simple(
        `DUP${n}`,
        Math.min(n, this.#depth),
        Math.min(n, this.#depth) + 1,
      );
    else
      this.#simple(
        `SWAP${n}`,
        Math.min(n + 1, this.#depth),
        Math.min(n + 1, this.#depth),
      );
  }

  #memory(): void {
    const random = this.#random;
    switch (random.below(5)) {
      case 0:
        this.#pushSize(400);
        this.#simple("MLOAD", 1, 1);
        return;
      case 1:
      case 2:
        if (this.#depth === 0) this.#pushWord();
        this.#pushSize(400);
        this.#simple(random.chance(0.8) ? "MSTORE" : "MSTORE8", 2, 0);
        return;
      case 3:
        this.#pushSize(100);
        this.#pushSize(400);
        this.#simple("KECCAK256", 2, 1);
        return;
      default:
        this.#pushSize(100);
        this.#pushSize(300);
        this.#pushSize(300);
        this.#simple(this.#pick(["MCOPY", "CODECOPY"]), 3, 0);
    }
  }

  #storage(): void {
    const random = this.#random;
    const transient = this.#around.fork >= SINCE.TLOAD && random.chance(0.25);
    this.#pushWord();
    this.#push(
      random.chance(0.9) ? BigInt(random.below(4)) : BigInt(random.word()),
    );
    if (random.chance(0.5)) this.#simple(transient ? "TSTORE" : "SSTORE", 2, 0);
    else this.#simple(transient ? "TLOAD" : "SLOAD", 1, 1);
  }

  #account(): void {
    const random = this.#random;
    if (random.chance(0.1)) {
      this.#push(BigInt(random.below(20)));
      this.#simple(this.#pick(["BLOCKHASH", "BLOBHASH"]), 1, 1);
      return;
    }
    this.#pushAddress();
    this.#simple(this.#pick(["BALANCE", "EXTCODESIZE", "EXTCODEHASH"]), 1, 1);
  }

  #copy(): void {
    const random = this.#random;
    const name = this.#pick([
      "CALLDATACOPY",
      "CODECOPY",
      "EXTCODECOPY",
      "RETURNDATACOPY",
      "CALLDATALOAD",
    ]);
    if (name === "CALLDATALOAD") {
      this.#pushSize(120);
      this.#simple(name, 1, 1);
      return;
    }
    if (name === "RETURNDATACOPY" && random.chance(0.9)) {
      this.#simple("RETURNDATASIZE", 0, 1);
      this.#push(0n);
    } else {
      this.#pushSize(100);
      this.#pushSize(100);
    }
    this.#pushSize(300);
    if (name === "EXTCODECOPY") this.#pushAddress();
    this.#simple(name, name === "EXTCODECOPY" ? 4 : 3, 0);
  }

  #log(): void {
    const topics = this.#random.below(5);
    for (let i = 0; i < topics; i++) this.#pushWord();
    this.#pushSize(80);
    this.#pushSize(200);
    this.#simple(`LOG${topics}`, topics + 2, 0);
  }

  #call(): void {
    const random = this.#random;
    const name = this.#pick([
      "CALL",
      "CALL",
      "STATICCALL",
      "DELEGATECALL",
      "CALLCODE",
    ]);
    const hasValue = name === "CALL" || name === "CALLCODE";
    this.#pushSize(100);
    this.#pushSize(200);
    this.#pushSize(100);
    this.#pushSize(200);
    if (hasValue) {
      this.#push(
        random.chance(0.7)
          ? 0n
          : BigInt(random.below(random.chance(0.9) ? 1000 : 2 ** 31)),
      );
    }
    this.#pushAddress();
    random.weighted<() => void>([
      [5, () => this.#simple("GAS", 0, 1)],
      [2, () => this.#push(BigInt(random.below(60_000)))],
      [1, () => this.#push(0n)],
      [1, () => this.#push(BigInt(random.word()))],
    ])();
    this.#simple(name, hasValue ? 7 : 6, 1);
    if (random.chance(0.3)) this.#visible();
  }

  /** A precompile with an input it was made for, or nearly. */
  #precompile(): void {
    const random = this.#random;
    const { id, make } = random.pick(FEASIBLE);
    let input = make(random.between(1, 40));
    if (random.chance(0.2)) {
      const at = 2 * random.below(input.length / 2);
      const byte = random.below(256).toString(16).padStart(2, "0");
      input = input.slice(0, at) + byte + input.slice(at + 2);
    }
    const length = input.length / 2;
    for (let at = 0; at < length; at += 32) {
      const word = input.slice(at * 2, at * 2 + 64).padEnd(64, "0");
      this.#bytes.push(0x7f, ...Buffer.from(word, "hex"));
      this.#depth++;
      this.#push(BigInt(at));
      this.#simple("MSTORE", 2, 0);
    }
    this.#push(128n);
    this.#push(BigInt(random.below(64)));
    this.#push(BigInt(length + (random.chance(0.1) ? 1 : 0)));
    this.#push(0n);
    this.#push(0n);
    this.#push(BigInt(id));
    this.#push(BigInt(random.below(200_000)));
    this.#simple("CALL", 7, 1);
    this.#visible();
    this.#push(0n);
    this.#simple("MLOAD", 1, 1);
    this.#visible();
  }

  /** The same code again, as deep as gas and rules allow. */
  #recurse(): void {
    for (let i = 0; i < 5; i++) this.#push(0n);
    this.#simple("ADDRESS", 0, 1);
    // Before EIP-150 a call cannot have all that is left.
    this.#push(BigInt(this.#random.between(100, 3000)));
    this.#simple("GAS", 0, 1);
    this.#simple("SUB", 2, 1);
    this.#simple("CALL", 7, 1);
  }

  #create(): void {
    const random = this.#random;
    // Initcode: a few bytes of its own, or a piece of this code.
    if (random.chance(0.7)) {
      const inner = new RandomCode(random, this.#around)
        .make(random.below(4))
        .slice(2, 66);
      this.#push(BigInt(`0x${inner.padEnd(64, "0")}`));
      this.#push(0n);
      this.#simple("MSTORE", 2, 0);
    }
    const two = this.#pick(["CREATE", "CREATE2"]) === "CREATE2";
    if (two) this.#push(BigInt(random.below(3)));
    this.#push(BigInt(random.below(40)));
    this.#push(BigInt(random.below(8)));
    this.#push(random.chance(0.8) ? 0n : BigInt(random.below(1000)));
    this.#simple(two ? "CREATE2" : "CREATE", two ? 4 : 3, 1);
    if (random.chance(0.5)) this.#visible();
  }

  /** Keeps the top of the stack in storage. */
  #visible(): void {
    this.#push(BigInt(this.#random.below(8)));
    this.#simple("SSTORE", 2, 0);
  }

  /** Jumps over, or into, some code. */
  #branch(): void {
    const random = this.#random;
    const conditional = random.chance(0.7);
    if (conditional) this.#pushWord();
    const at = this.#bytes.length;
    this.#bytes.push(0x61, 0, 0);
    this.#op(conditional ? "JUMPI" : "JUMP");
    this.#depth -= conditional ? 1 : 0;
    const depth = this.#depth;
    const pieces = random.below(3);
    for (let i = 0; i < pieces; i++) this.#piece();
    const target = this.#bytes.length + (random.chance(0.02) ? 1 : 0);
    this.#op("JUMPDEST");
    this.#bytes[at + 1] = target >> 8;
    this.#bytes[at + 2] = target & 0xff;
    this.#depth = Math.min(depth, this.#depth);
  }

  /** A few rounds of some code. */
  #loop(): void {
    const random = this.#random;
    if (this.#loops++ > MAX_JUMP_LOOPS) return;
    this.#push(BigInt(random.between(1, 5)));
    const start = this.#bytes.length;
    this.#op("JUMPDEST");
    this.#simple(random.pick(["CALLDATASIZE", "PC", "GAS", "ADDRESS"]), 0, 1);
    if (random.chance(0.5)) this.#simple("POP", 1, 0);
    else this.#visible();
    this.#push(1n);
    this.#op("SWAP1");
    this.#op("SUB");
    this.#op("DUP1");
    this.#bytes.push(0x61, start >> 8, start & 0xff);
    this.#op("JUMPI");
    this.#op("POP");
    this.#depth = Math.max(0, this.#depth - 2);
  }

  #end(): void {
    const random = this.#random;
    switch (random.below(6)) {
      case 0:
        this.#op("STOP");
        return;
      case 1:
        this.#pushAddress();
        this.#simple("SELFDESTRUCT", 1, 0);
        return;
      case 2:
        this.#op("INVALID");
        return;
      default:
        this.#pushSize(100);
        this.#pushSize(100);
        this.#simple(this.#pick(["RETURN", "REVERT"]), 2, 0);
    }
  }

  #nonsense(): void {
    const random = this.#random;
    if (random.chance(0.3)) this.#bytes.push(random.below(256));
    else {
      const name = random.pick(OPCODE_NAMES);
      const { inputs, outputs } = opcode(name);
      this.#simple(name, inputs, outputs);
    }
  }

  #finish(): void {
    const shown = Math.min(this.#depth, this.#random.below(4));
    for (let i = 0; i < shown; i++) this.#visible();
    this.#push(BigInt(this.#random.below(70)));
    this.#push(0n);
    this.#op(
      this.#around.fork >= BYZANTIUM && this.#random.chance(0.15)
        ? "REVERT"
        : "RETURN",
    );
  }
}
