import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { expect } from "chai";
import fc from "fast-check";

import {
  CoreInstance,
  coreModule,
  createMemory,
} from "../../src/internal/evm/wasm.js";

const CHUNK = 65536;
/** Of a core with a bounded memory. */
const PAGES = 400;

function boundedCore(pages = PAGES): CoreInstance {
  const memory = new WebAssembly.Memory({
    initial: 16,
    maximum: pages,
    shared: true,
  });
  return new CoreInstance(coreModule(), memory, 0);
}

describe("memory of the core", () => {
  it("hands out buffers that do not overlap, and takes them back", () => {
    const core = boundedCore(4096);
    const before = core.exports.memoryInUse();
    const sizes = fc.oneof(
      fc.nat(300),
      fc.nat(40_000),
      fc.integer({ min: 65_000, max: 400_000 }),
    );
    const steps = fc.array(fc.record({ size: sizes, free: fc.nat(5) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const live: { at: number; size: number; tag: number }[] = [];
        const expectIntact = ({ at, size, tag }: (typeof live)[number]) =>
          expect(
            core.view.view(at, size).every((byte) => byte === tag),
          ).to.equal(true);
        list.forEach(({ size, free }, index) => {
          const at = core.exports.bufferAlloc(size);
          expect(at % 16).to.equal(0);
          expect(at).to.be.greaterThan(0);
          core.view.view(at, size).fill(index);
          live.push({ at, size, tag: index });
          if (free < 2) {
            const [dead] = live.splice(index % live.length, 1);
            expectIntact(dead);
            core.exports.bufferFree(dead.at);
          }
        });
        for (const buffer of live) {
          expectIntact(buffer);
          core.exports.bufferFree(buffer.at);
        }
      }),
      { numRuns: 50 },
    );
    // Big buffers went back; of the small ones, the thread keeps what it needed at once.
    expect(core.exports.memoryInUse() - before).to.be.lessThan(64 * CHUNK);
  });

  it("returns 0 when it is full, and serves again after something was freed", () => {
    const core = boundedCore();
    const taken: number[] = [];
    while (true) {
      const at = core.exports.bufferAlloc(10 * CHUNK);
      if (at === 0) break;
      taken.push(at);
    }
    expect(taken.length).to.be.greaterThan(20);
    expect(core.exports.bufferAlloc(0xffff_fff0)).to.equal(0);
    core.exports.bufferFree(taken.pop()!);
    expect(core.exports.bufferAlloc(10 * CHUNK)).to.be.greaterThan(0);
  });

  it("reuses the chunks of a destroyed chain", () => {
    const core = boundedCore();
    const before = core.exports.memoryInUse();
    for (let i = 0; i < 1000; i++) {
      const chains = Array.from({ length: 20 }, () =>
        core.exports.chainCreate(),
      );
      expect(chains.every((chain) => chain !== 0)).to.equal(true);
      for (const chain of chains) core.exports.chainDestroy(chain);
    }
    expect(core.exports.memoryInUse()).to.equal(before);
  });

  it("is shared by threads without two of them getting the same chunk", async () => {
    const module = coreModule();
    const memory = createMemory();
    const core = new CoreInstance(module, memory, 0);
    const before = core.exports.memoryInUse();
    const workers = [1, 2, 3].map(
      (index) =>
        new Worker(THREAD, {
          eval: true,
          workerData: { module, memory, index },
        }),
    );
    const faults = await Promise.all(
      workers.map(async (worker) => {
        const [message] = await once(worker, "message");
        await worker.terminate();
        return Number(message);
      }),
    );
    expect(faults).to.deep.equal([0, 0, 0]);
    // What the threads themselves keep is all that is left.
    expect(core.exports.memoryInUse() - before).to.be.lessThan(3 * 64 * CHUNK);
  });

  it("releases the locks of a thread that died", () => {
    const core = boundedCore();
    const lock = 0x20000;
    const chain = core.exports.chainCreate();
    new Int32Array(core.memory.buffer)[lock / 4] = 8;
    core.exports.threadLost(7);
    const next = core.exports.chainCreate();
    expect(next).to.not.equal(0);
    expect(next).to.not.equal(chain);
  });
});

/** Allocates, tags and frees; posts how many tags were found overwritten. */
const THREAD = `
  const { parentPort, workerData: { module, memory, index } } = require("node:worker_threads");
  const nothing = () => 0;
  const core = new WebAssembly.Instance(module, { env: { memory, precompile: nothing, blockHash: nothing, compileRegion: nothing, abort: nothing } }).exports;
  core.threadInit(index);
  let faults = 0;
  const live = [];
  let bytes = new Uint32Array(memory.buffer);
  for (let round = 0; round < 4000; round++) {
    const size = 40000 + ((round * 7919) % 5) * 65536;
    const at = core.bufferAlloc(size);
    if (at + size > bytes.byteLength) bytes = new Uint32Array(memory.buffer);
    const tag = index * 1000000 + round;
    bytes[at >> 2] = tag;
    bytes[(at + size - 4) >> 2] = tag;
    live.push({ at, size, tag });
    if (live.length > 8) {
      const old = live.shift();
      if (bytes[old.at >>> 2] !== old.tag || bytes[(old.at + old.size - 4) >>> 2] !== old.tag) faults++;
      core.bufferFree(old.at);
    }
  }
  for (const { at } of live) core.bufferFree(at);
  parentPort.postMessage(faults);
`;
