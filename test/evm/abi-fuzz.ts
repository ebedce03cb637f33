/**
 * Nothing crosses the boundary as a trap. Handles (chains, runs, schedulers) and the addresses of fixed-size
 * arguments are the host's own; all that comes from outside, and every count, size, index and epoch, may be anything.
 */
import type { CoreExports } from "../../src/internal/evm/abi.js";
import type { CoreInstance } from "../../src/internal/evm/wasm.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { Random } from "../helpers/random.js";
import {
  hostileEnvironment,
  hostileTransaction,
  hostileU32,
  hostileU64,
  MAXIMUM_PAGES,
  randomBytes,
  smallCore,
  withBytes,
} from "./helpers/hostile.js";
import { RandomCode } from "./helpers/random-code.js";

const ENGINE_BAD_ARGUMENT = 0xf1;
const ENGINE_OUT_OF_MEMORY = 0xf0;
const FIRST_INVALID = 0x80;
const RUN_OVERLAY = 1;
/** A RESULT_* record and what may follow it. */
const RECORD_ROOM = 1_024;
const ADDRESS = `0x${"ad".repeat(20)}` as const;

/** Codes that the engine itself answers with, and those of executions. */
function expectStatus(status: number): void {
  expect(status >>> 0).to.satisfy(
    (code: number) =>
      code <= 0x34 ||
      (code >= FIRST_INVALID && code < 0xa0) ||
      code === ENGINE_OUT_OF_MEMORY ||
      code === ENGINE_BAD_ARGUMENT,
    `expected a status, got 0x${(status >>> 0).toString(16)}`,
  );
}

describe("hostile arguments", function () {
  this.timeout(60_000);

  let core: CoreInstance;
  let exports: CoreExports;
  let chain: number;

  beforeEach(function () {
    core = smallCore();
    ({ exports } = core);
    chain = exports.chainCreate() >>> 0;
  });

  /** The core goes on as if nothing had happened. */
  afterEach(function () {
    const { view, scratch } = core;
    const fresh = exports.chainCreate() >>> 0;
    view.setHex(scratch, ADDRESS);
    view.setWord(scratch + 32, 5n);
    expectStatus(exports.stateSetBalance(fresh, scratch, scratch + 32));
    expectStatus(exports.stateRoot(fresh, 1, scratch + 64));
    const other = getEngine().createState();
    other.setBalance(ADDRESS, 5n);
    expect(view.hex(scratch + 64, 32)).to.equal(other.root());
    other.close();
    exports.chainDestroy(fresh);
  });

  it("of the engine's functions", function () {
    const random = new Random("engine");
    for (let i = 0; i < 400; i++) {
      withBytes(core, random, [256, 64], (bytes, out) => {
        const [a, b] = [hostileU32(random), hostileU32(random)];
        exports.keccak256(a, b, out);
        exports.hexDecode(a, out, b);
        expectStatus(exports.orderedTrieRoot(bytes, b, out));
        expectStatus(exports.trieRoot(bytes, b, out));
        const count = random.chance(0.5) ? 1 + random.below(3) : b;
        const job = exports.listJobCreate(a, bytes, count, i & 1) >>> 0;
        if (job === 0) expectStatus(exports.listJobFailure());
        else exports.jobFree(job);
        exports.threadLost(a < 2 ? 7 : a);
        exports.u256Operation(a, bytes, bytes + 32, bytes + 64, out);
        exports.bufferFree(exports.bufferAlloc(b));
      });
    }
  });

  it("of the lists of a block", function () {
    const random = new Random("lists");
    let made = 0;
    for (let i = 0; i < 3_000; i++) {
      const sizes = [RECORD_ROOM, 64, 512] as const;
      withBytes(core, random, sizes, (record, envelope, out) => {
        const { view } = core;
        // Lengths that are likely to be believed, and logs that say anything.
        for (const length of [36, 44, 76, 84, 92]) {
          const value = random.chance(0.9)
            ? random.below(120)
            : hostileU32(random);
          view.setU32(record + length, value);
        }
        view.setU32(envelope, random.chance(0.9) ? 20 : hostileU32(random));
        for (let at = record + 208; at < record + RECORD_ROOM; at += 4) {
          if (random.chance(0.7)) view.setU32(at, random.below(6));
        }
        const job = exports.listJobCreate(record, envelope, 1, i & 1) >>> 0;
        if (job === 0) {
          expectStatus(exports.listJobFailure());
          return;
        }
        made++;
        exports.jobWork(job);
        expectStatus(exports.listJobFinish(job, out));
        exports.jobFree(job);
      });
    }
    expect(made).to.be.greaterThan(20);
  });

  it("of the state", function () {
    const random = new Random("state");
    for (let i = 0; i < 1500; i++) {
      if (i % 50 === 0) {
        exports.chainDestroy(chain);
        chain = exports.chainCreate() >>> 0;
      }
      withBytes(core, random, [20, 32, 4096], (address, key, out) => {
        const epoch = random.chance(0.5)
          ? random.below(64)
          : hostileU32(random);
        const count = hostileU32(random);
        expectStatus(exports.stateSetBalance(chain, address, key));
        expectStatus(exports.stateSetNonce(chain, address, hostileU64(random)));
        expectStatus(exports.stateSetSlot(chain, address, key, out));
        expectStatus(
          exports.stateSetCode(chain, address, hostileU32(random), count),
        );
        expectStatus(exports.stateSetCode(chain, address, out, i % 600));
        exports.stateAccount(chain, epoch, address, out);
        exports.stateSlot(chain, epoch, address, key, out);
        exports.stateNextAccount(chain, epoch, count, out);
        exports.stateNextSlot(chain, epoch, address, 0, out);
        if (i % 10 === 0) expectStatus(exports.stateRoot(chain, epoch, out));
        exports.stateProof(chain, epoch, address, key, 1, out, i % 4096);
        // Many keys of any kind, and their proofs, take their time.
        if (i % 40 === 0) {
          exports.stateProof(chain, epoch, address, key, count, out, 4096);
        }
        exports.stateProof(chain, epoch, address, key, 1, out, count);
        if (random.chance(0.1)) exports.chainNextEpoch(chain);
        if (random.chance(0.02)) exports.chainRevert(chain, epoch);
      });
    }
  });

  for (const badLists of [false, true]) {
    it(`of transactions, with ${badLists ? "lists that lie anywhere" : "lists that are"}`, function () {
      const random = new Random(`transactions ${badLists}`);
      prepareContracts(random);
      const seen = new Set<number>();
      for (let i = 0; i < 1500; i++) {
        const environment = hostileEnvironment(core, random);
        const run =
          exports.runCreate(
            chain,
            exports.chainEpoch(chain),
            environment,
            random.chance(0.9) ? random.below(2) : hostileU32(random),
          ) >>> 0;
        exports.bufferFree(environment);
        if (run === 0) continue;
        for (let n = random.below(3); n >= 0; n--) {
          const record = hostileTransaction(core, random, badLists);
          pointAtContract(record, random);
          const keep = random.chance(0.7);
          const status = keep
            ? exports.runTransaction(run, record, 0)
            : exports.runCall(run, record, hostileU32(random));
          expectStatus(status);
          seen.add(status);
          exports.bufferFree(record);
        }
        exports.runTruncate(run, hostileU32(random));
        exports.runFree(run);
      }
      // It got beyond the checks at the door, and was stopped there too.
      expect([...seen].some((status) => status < 0x10)).to.equal(!badLists);
      expect([...seen].some((status) => status >= FIRST_INVALID)).to.equal(
        true,
      );
    });
  }

  it("of runs", function () {
    const random = new Random("runs");
    const environment = hostileEnvironment(core, new Random("plain"));
    for (let i = 0; i < 500; i++) {
      const epoch = random.chance(0.5)
        ? exports.chainEpoch(chain)
        : hostileU32(random);
      const run = exports.runCreate(chain, epoch, environment, i % 2) >>> 0;
      if (run === 0) continue;
      withBytes(core, random, [20, 32, 256], (address, key, out) => {
        for (let n = 0; n < 4; n++) {
          expectStatus(exports.runCredit(run, address, key));
          exports.runAccount(run, address, out);
          exports.runSlot(run, address, key, out);
          exports.runFollow(
            run,
            hostileU64(random),
            hostileU64(random),
            hostileU64(random),
          );
          if (i % 2 === RUN_OVERLAY) {
            expectStatus(exports.runSetBalance(run, address, key));
            expectStatus(exports.runSetNonce(run, address, hostileU64(random)));
            expectStatus(
              exports.runSetCode(
                run,
                address,
                hostileU32(random),
                hostileU32(random),
              ),
            );
            expectStatus(exports.runSetSlot(run, address, key, out));
            expectStatus(exports.runClearStorage(run, address));
            exports.runTruncate(run, hostileU32(random));
          }
        }
        if (i % 2 === RUN_OVERLAY && epoch === exports.chainEpoch(chain)) {
          expectStatus(exports.runCommit(run));
        }
      });
      exports.runFree(run);
    }
  });

  it("of parallel executions", function () {
    const random = new Random("parallel");
    prepareContracts(random);
    const environment = hostileEnvironment(core, new Random("plain"));
    for (let i = 0; i < 200; i++) {
      const run =
        exports.runCreate(
          chain,
          exports.chainEpoch(chain),
          environment,
          RUN_OVERLAY,
        ) >>> 0;
      const count = random.chance(0.8) ? random.below(6) : hostileU32(random);
      const threads = random.chance(0.8) ? 1 : hostileU32(random);
      const scheduler =
        exports.parallelCreate(
          run,
          count,
          threads,
          hostileU32(random),
          hostileU32(random),
        ) >>> 0;
      if (scheduler === 0 || count > 6) {
        if (scheduler !== 0) exports.parallelFree(scheduler);
        exports.runFree(run);
        continue;
      }
      const records = Array.from({ length: count }, (_, index) => {
        const record = hostileTransaction(core, random, random.chance(0.3));
        pointAtContract(record, random);
        exports.parallelAdd(scheduler, index, record, random.below(index + 1));
        return record;
      });
      exports.parallelAdd(
        scheduler,
        count + random.below(0xffff),
        core.scratch,
        hostileU32(random),
      );
      exports.parallelRelease(scheduler, count + random.below(0xffff));
      // Half of them in steps of any kind, until they have had enough.
      for (let n = 0; i % 2 === 0 && n < 40; n++) {
        exports.parallelStep(
          run,
          random.chance(0.8) ? 0 : hostileU32(random),
          random.chance(0.8) ? random.below(6) : hostileU32(random),
        );
      }
      exports.parallelWork(run, 0);
      exports.parallelWork(run, hostileU32(random) | 0x100);
      exports.parallelEnd(scheduler, 2);
      expectStatus(exports.parallelApply(run, hostileU32(random)));
      exports.parallelFree(scheduler);
      exports.runFree(run);
      for (const record of records) exports.bufferFree(record);
    }
  });

  it("of opcodes with all the gas there can be", function () {
    const random = new Random("operands");
    const environment = hostileEnvironment(core, new Random("plain"));
    for (const opcode of MEMORY_OPCODES) {
      for (let i = 0; i < 60; i++) {
        const code = Array.from({ length: 7 }, () => [
          0x7f,
          ...hostileOperand(random),
        ]).flat();
        withBytes(core, random, [20, 300], (address, at) => {
          core.view.setBytes(at, Uint8Array.from([...code, opcode]));
          exports.stateSetCode(chain, address, at, code.length + 1);
          const run =
            exports.runCreate(
              chain,
              exports.chainEpoch(chain),
              environment,
              RUN_OVERLAY,
            ) >>> 0;
          const record = hostileTransaction(core, random, false);
          core.view.fill(record, 256);
          core.view.setU32(record + 4, 0x3e);
          core.view.setU64(record + 8, 2n ** 64n - 1n - BigInt(i % 2));
          core.view.setBytes(record + 44, core.view.bytes(address, 20));
          expectStatus(exports.runCall(run, record, 0));
          exports.bufferFree(record);
          exports.runFree(run);
        });
      }
    }
    exports.bufferFree(environment);
    expect(exports.memoryInUse()).to.be.at.most(MAXIMUM_PAGES * 65_536);
  });

  /** Random code at the addresses 1000, 1001 …, beyond the precompiles. */
  function prepareContracts(random: Random): void {
    const addresses = CONTRACTS.map(
      (contract) => `0x${contract.toString(16).padStart(40, "0")}`,
    );
    for (const address of addresses) {
      const code = random.chance(0.7)
        ? Buffer.from(
            new RandomCode(random, { addresses, fork: 17 }).make(20).slice(2),
            "hex",
          )
        : randomBytes(random, 200);
      withBytes(core, random, [20, code.length], (at, bytes) => {
        core.view.setHex(at, address);
        core.view.setBytes(bytes, code);
        exports.stateSetCode(chain, at, bytes, code.length);
      });
    }
    exports.chainNextEpoch(chain);
  }

  /** Lets most transactions call a contract. */
  function pointAtContract(record: number, random: Random): void {
    if (random.chance(0.3)) return;
    core.view.fill(record + 44, 20);
    core.view.setU8(record + 62, 3);
    core.view.setU8(record + 63, 0xe8 + random.below(CONTRACTS.length));
  }
});

const CONTRACTS = [1000, 1001, 1002, 1003];

/** KECCAK256, CALLDATALOAD, the copies, MLOAD to MSIZE, LOGs, CREATEs and calls, RETURN, REVERT. */
const MEMORY_OPCODES = [
  0x20, 0x35, 0x37, 0x39, 0x3c, 0x3e, 0x40, 0x49, 0x51, 0x52, 0x53, 0x55, 0x56,
  0x57, 0x5e, 0xa0, 0xa1, 0xa4, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xfa, 0xfd,
  0xff,
];

/** A word for an offset, a length or an address that is no precompile's. */
function hostileOperand(random: Random): Uint8Array {
  const word = new Uint8Array(32);
  const kind = random.below(4);
  if (kind === 0) return word.fill(0xff);
  if (kind === 1) {
    word[27 + random.below(5)] = 1 << random.below(8);
    word[26] = 1;
    return word;
  }
  if (kind === 2) word.set([0xff, 0xff, 0xff, random.below(256)], 28);
  else word.set([1, random.below(256), random.below(256)], 29);
  return word;
}
