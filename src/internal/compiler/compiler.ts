/**
 * Compiles hot code for one thread, and keeps what it has made within bounds. A function is found again by the
 * hash of its code, by the core (assembly/interpreter/compiled.ts).
 */
import type { CompiledExports, CoreImports } from "../evm/abi.js";
import type { MemoryView } from "../evm/memory-view.js";
import type { Known } from "./blocks.js";
import type { Compilation } from "./compilation.js";
import type { Source } from "./source.js";

import { debuglog } from "node:util";

import { compileRegion } from "./compile.js";
import { findRegion } from "./region.js";
import { isDestination } from "./source.js";

/** What the compiler needs of an instance of the core. */
export interface CompilingCore {
  readonly exports: CompiledExports;
  readonly memory: WebAssembly.Memory;
  readonly view: MemoryView;
  readonly scratch: number;
}

/** Seen with NODE_DEBUG=hardhat-parallel. */
const debug = debuglog("hardhat-parallel");

/** What `compile` says when there is no loop that can be compiled. */
const NOWHERE = 0xffff_ffff;
const NOT_YET = 0;

/** Code is compiled when a sample (one in 16,000 jumps) has hit it so often: then it has run for some milliseconds,
 *  which is what compiling takes. */
const SAMPLES = 2;
/** Codes whose samples are counted. */
const MOST_COUNTED = 256;
/** Functions of a thread, and the bytes of their modules together. */
const MOST_FUNCTIONS = 64;
const MOST_BYTES = 4 << 20;
/** Items on the stack among which the compiler looks for where functions return to. */
const LOOKED_AT = 64;
/** CODE_HEADER of assembly/code/store.ts: the hash is at its beginning. */
const CODE_HEADER = 64;

/** Where the fields of a frame lie, in the order of `compiledLayout`. */
const FIELDS = [
  "pc",
  "sp",
  "stack",
  "code",
  "codeLength",
  "text",
  "jumpdests",
  "memory",
  "memorySize",
] as const;
export type FrameLayout = Readonly<Record<(typeof FIELDS)[number], number>>;

interface CompiledFunction {
  /** In the core's table. */
  readonly index: number;
  readonly size: number;
}

export class Compiler {
  readonly #core: CompilingCore;
  readonly #layout: FrameLayout;
  /** By the hash of code: how often it was met, and how often it must be for a loop to be looked for. */
  readonly #samples = new Map<string, { count: number; wanted: number }>();
  /** The oldest first. */
  readonly #functions: CompiledFunction[] = [];
  readonly #free: number[] = [];
  #bytes = 0;
  readonly #when: Compilation;
  /** Regions compiled so far. */
  public count = 0;

  constructor(core: CompilingCore, when: Compilation) {
    this.#core = core;
    this.#when = when;
    const { view, scratch, exports } = core;
    const before = view.bytes(scratch, 4 * FIELDS.length);
    exports.compiledLayout(scratch);
    this.#layout = Object.fromEntries(
      FIELDS.map((name, i) => [name, view.u32(scratch + 4 * i)]),
    ) as FrameLayout;
    // A run may be using the scratch.
    view.setBytes(scratch, before);
  }

  /** `CoreImports.compileRegion`. Called from inside of WebAssembly, so it never throws. */
  public compile(...request: Parameters<CoreImports["compileRegion"]>): number {
    try {
      return this.#compile(...request);
    } catch (error) {
      // The interpreter does the same, only slower.
      debug("code is not compiled: %s", error);
      return NOWHERE;
    }
  }

  #compile(
    frame: number,
    pc: number,
    fork: number,
    traits: number,
    isMarked: number,
  ): number {
    const at = (name: keyof FrameLayout): number =>
      this.#core.view.u32((frame >>> 0) + this.#layout[name]);
    const hash = at("code") - CODE_HEADER;
    if (this.#when === "off") return NOWHERE;
    // What another thread has compiled is hot.
    const samples = this.#samplesOf(hash);
    const isHot = ++samples.count >= samples.wanted || isMarked !== 0;
    if (this.#when === "hot" && !isHot) return NOT_YET;
    const { view } = this.#core;
    const length = at("codeLength");
    const source: Source = {
      code: view.bytes(at("code"), length),
      destinations: view.bytes(at("jumpdests"), (length + 7) >> 3),
      traits: new Uint32Array(view.bytes(traits >>> 0, 256 * 4).buffer),
    };
    const known = this.#knownOn(source, at("sp"), at("stack"));
    const region = findRegion(source, pc, known);
    if (region === undefined) {
      // What is no loop here will hardly be one elsewhere, and looking takes time.
      samples.wanted = samples.count * 2;
      return NOWHERE;
    }
    const bytes = compileRegion(region, this.#layout, source.code);
    const index = this.#install(bytes);
    const entry = region.entry.pc;
    this.#core.exports.compiledSet(hash, entry, fork, index);
    this.count++;
    return entry + 1;
  }

  #samplesOf(hash: number): { count: number; wanted: number } {
    const key = this.#core.view.hex(hash, 32);
    const known = this.#samples.get(key);
    if (known !== undefined) return known;
    if (this.#samples.size >= MOST_COUNTED) this.#samples.clear();
    const first = { count: 0, wanted: SAMPLES };
    this.#samples.set(key, first);
    return first;
  }

  /** The jump destinations on the stack, by position below the top. */
  #knownOn(source: Source, top: number, base: number): Known {
    const { view } = this.#core;
    const known = new Map<number, number>();
    for (let i = 0; i < LOOKED_AT && top - 32 * i >= base; i++) {
      const at = top - 32 * i;
      const isShort = [8, 16, 24].every((limb) => view.u64(at + limb) === 0n);
      const value = view.u32(at);
      if (isShort && view.u32(at + 4) === 0 && isDestination(source, value)) {
        known.set(-1 - i, value);
      }
    }
    return known;
  }

  #install(bytes: Uint8Array<ArrayBuffer>): number {
    const { exports, memory } = this.#core;
    while (
      this.#functions.length >= MOST_FUNCTIONS ||
      (this.#bytes + bytes.length > MOST_BYTES && this.#functions.length > 0)
    ) {
      this.#dropOldest();
    }
    const core = {
      memory,
      word: exports.compiledWord,
      step: exports.compiledStep,
      touch: exports.compiledTouch,
    };
    const module = new WebAssembly.Module(bytes);
    const instance = new WebAssembly.Instance(module, { core });
    const index = this.#free.pop() ?? exports.table.grow(1);
    exports.table.set(index, instance.exports.run);
    this.#functions.push({ index, size: bytes.length });
    this.#bytes += bytes.length;
    return index;
  }

  /** Gives all functions up. */
  public clear(): void {
    while (this.#functions.length > 0) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#functions.shift();
    if (oldest === undefined) return;
    this.#core.exports.compiledDrop(oldest.index);
    this.#core.exports.table.set(oldest.index, null);
    this.#free.push(oldest.index);
    this.#bytes -= oldest.size;
  }
}
