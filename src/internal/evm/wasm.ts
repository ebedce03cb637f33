/**
 * The WebAssembly module of the core: found, compiled once per process, and given an instance per
 * thread on one shared memory.
 */
import type { Hash } from "../chain/types.js";
import type { Compilation } from "../compiler/compilation.js";
import type * as CompilerModule from "../compiler/compiler.js";
import type { CoreExports } from "./abi.js";
import type { Helpers } from "./shared-work.js";

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { compilationOfProcess } from "../compiler/compilation.js";
import { createImports } from "./host.js";
import { MemoryView } from "./memory-view.js";

/** Version of assembly/abi that this code was written for. */
const ABI_VERSION = 1;

/** Pages of 64 KiB that the memory starts with. Only touched pages cost anything. */
const INITIAL_PAGES = 256;
const MAXIMUM_PAGES = 65536;

/** SCRATCH_SIZE of assembly/layout.ts. */
const SCRATCH_SIZE = 0x10000;
const HASH_ROOM = 4096;
const TEXT_ROOM = 4096;

/** Beside the sources, beside the compiled code, and beside the sources of an installed package. */
const FOLDERS = ["../../../build/", "../../../dist/build/"];

const require = createRequire(import.meta.url);

/** Loaded when the first code is hot, inside of a call from WebAssembly, hence by `require` (lazy-libraries.ts): it would
 *  cost every process some milliseconds at start. */
function loadCompiler(): typeof CompilerModule {
  return require("../compiler/compiler.js") as typeof CompilerModule;
}

let compiled: WebAssembly.Module | undefined;

/** The compiled module; it can be posted to worker threads, which then need not compile it again. */
export function coreModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(findCore()));
  return compiled;
}

/** Path of core.wasm, or of another build of the core. */
export function findCore(build = "core"): string {
  const paths = FOLDERS.map((folder) =>
    fileURLToPath(new URL(`${folder}${build}.wasm`, import.meta.url)),
  );
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      `expected the compiled EVM core at ${paths[0]}, got no such file: run "npm run build:core", or install hardhat-parallel again`,
    );
  }
  return found;
}

/** The memory of an engine. */
export function createMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: MAXIMUM_PAGES,
    shared: true,
  });
}

/** The core on one thread. */
export class CoreInstance {
  public readonly exports: CoreExports;
  public readonly module: WebAssembly.Module;
  public readonly memory: WebAssembly.Memory;
  public readonly view: MemoryView;
  /** This thread's scratch area in the memory: SCRATCH_SIZE bytes. Any call into the core or out of it may
   *  change it. */
  public readonly scratch: number;
  /** Answers BLOCKHASH for the run that executes, where the core was not given the hashes. Replaced by
   *  whoever executes. */
  public blockHash: (number: bigint) => Uint8Array | undefined = () =>
    undefined;
  /** Threads that help this one, once somebody has them. */
  public helpers: Helpers | undefined = undefined;
  /** Room of its own for hashing, since precompiles hash while a run may still use the scratch. */
  readonly #hashRoom: number;
  #compiler: CompilerModule.Compiler | undefined;
  #compilation: Compilation = "hot";

  /**
   * @param threadIndex 0 for the thread that owns the memory, which is initialised then; a number of its
   *   own for every other thread.
   * @param moreImports What the module asks for beside the imports of every build.
   * @throws Error when the module is of another version or the memory is full.
   */
  constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    threadIndex: number,
    moreImports?: (view: MemoryView) => WebAssembly.ModuleImports,
  ) {
    this.module = module;
    this.memory = memory;
    this.view = new MemoryView(memory);
    const imports = createImports(this.view, {
      keccak256: (data) => this.keccak256(data),
      blockHash: (number, out) => {
        const hash = this.blockHash(number);
        if (hash === undefined) return 0;
        this.view.setBytes(out, hash);
        return 1;
      },
      compileRegion: (...request) => {
        this.#compiler ??= new (loadCompiler().Compiler)(
          this,
          this.#compilation,
        );
        return this.#compiler.compile(...request);
      },
    });
    const env = { ...imports, ...moreImports?.(this.view), memory };
    const instance = new WebAssembly.Instance(module, { env });
    this.exports = instance.exports as unknown as CoreExports;
    const version = this.exports.abiVersion();
    if (version !== ABI_VERSION) {
      throw new Error(
        `expected an EVM core of ABI version ${ABI_VERSION}, got ${version}: run "npm run build:core"`,
      );
    }
    if (threadIndex === 0) this.exports.engineInit();
    if (this.exports.threadInit(threadIndex) === 0) throw outOfMemory();
    this.scratch = this.exports.scratch() >>> 0;
    this.#hashRoom = this.exports.bufferAlloc(HASH_ROOM) >>> 0;
    const text = this.exports.bufferAlloc(TEXT_ROOM) >>> 0;
    if (this.#hashRoom === 0 || text === 0) throw outOfMemory();
    this.compilation = compilationOfProcess();
    this.view.useDecoder({
      text,
      room: TEXT_ROOM,
      decode: this.exports.hexDecode,
    });
  }

  /** When code is compiled on this thread, from here on. */
  public set compilation(when: Compilation) {
    this.#compilation = when;
    this.#compiler?.clear();
    this.#compiler = undefined;
    this.exports.compiledEager(when === "eager");
  }

  /** How many loops were compiled on this thread. */
  public get compiledLoops(): number {
    return this.#compiler?.count ?? 0;
  }

  public keccak256(data: Uint8Array): Uint8Array {
    return this.view.bytes(this.#hashAnySize(data), 32);
  }

  /** The same as hex. */
  public keccakHash(data: Uint8Array): Hash {
    return this.view.hex(this.#hashAnySize(data), 32);
  }

  /** The hash of a hash. */
  public keccakOfHash(hash: Hash): Hash {
    const room = this.#hashRoom;
    this.exports.keccak256(room, this.view.setHex(room, hash), room);
    return this.view.hex(room, 32);
  }

  #hashAnySize(data: Uint8Array): number {
    const out = this.#hashRoom;
    if (data.length > HASH_ROOM) {
      this.withRoom(SCRATCH_SIZE, data.length, (at) =>
        this.#hash(data, at, out),
      );
    } else {
      this.#hash(data, out, out);
    }
    return out;
  }

  #hash(data: Uint8Array, at: number, out: number): void {
    this.view.setBytes(at, data);
    this.exports.keccak256(at, data.length, out);
  }

  /** Calls `use` with the address of room for `size` bytes: in the scratch from `offset` on, or a buffer. */
  public withRoom<T>(offset: number, size: number, use: (at: number) => T): T {
    if (offset + size <= SCRATCH_SIZE) return use(this.scratch + offset);
    const at = this.exports.bufferAlloc(size) >>> 0;
    if (at === 0) throw outOfMemory();
    try {
      return use(at);
    } finally {
      this.exports.bufferFree(at);
    }
  }
}

/** The shared memory of the process is full. */
export function outOfMemory(): Error {
  return new Error(
    "expected room in the EVM's memory, got none: the 4 GiB that one process can use are full. " +
      "Close connections that are no longer needed, or split the tests over several processes",
  );
}
