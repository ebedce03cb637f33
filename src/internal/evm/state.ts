/** The state of one chain, as TypeScript sees it. */
import type { Address, Hash } from "../chain/types.js";
import type {
  AccountState,
  BlockEnvironment,
  ChainState,
  Run,
  StateProof,
} from "./types.js";
import type { CoreInstance } from "./wasm.js";

import { RunImplementation } from "./run.js";
import { canShare, shareJob } from "./shared-work.js";
import { outOfMemory } from "./wasm.js";

// Offsets in the thread's scratch.
const ADDRESS = 0;
const KEY = 32;
const VALUE = 64;
const ACCOUNT = 128;
const ROOM = 256;

// ACCOUNT_* of assembly/layout.ts.
const ACCOUNT_NONCE = 0;
const ACCOUNT_BALANCE = 8;
const ACCOUNT_CODE_HASH = 40;
const ACCOUNT_CODE = 72;

/** Later than every epoch: the current value. */
const LATEST = 0xffff_ffff;

/** Stale nodes that are worth another thread: half of them take as long as it takes to wake one. */
const LEAST_NODES = 256;

/** How long a thread may take for a unit of tens of microseconds, before the tries are made anew without it. */
const HASHING_MS = 5_000;

/** What proofs usually fit into. */
const PROOF_ROOM = 0xe000;

export class ChainStateImplementation implements ChainState {
  readonly #core: CoreInstance;
  readonly #onClose: (state: ChainStateImplementation) => void;
  #chain: number;
  #epoch: number;

  constructor(
    core: CoreInstance,
    chain: number,
    onClose: (state: ChainStateImplementation) => void,
  ) {
    this.#core = core;
    this.#chain = chain;
    this.#onClose = onClose;
    this.#epoch = core.exports.chainEpoch(chain) >>> 0;
  }

  /** The chain's handle in the core. */
  public get handle(): number {
    if (this.#chain === 0) {
      throw new Error("expected an open chain state, got one that was closed");
    }
    return this.#chain;
  }

  public get epoch(): number {
    return this.#epoch;
  }

  public nextEpoch(): number {
    const epoch = this.#core.exports.chainNextEpoch(this.handle) >>> 0;
    if (epoch === 0) throw outOfMemory();
    this.#epoch = epoch;
    return epoch;
  }

  public revert(epoch: number): void {
    this.#core.exports.chainRevert(this.handle, epoch);
    this.#epoch = this.#core.exports.chainEpoch(this.handle) >>> 0;
  }

  public account(address: Address, epoch: number = LATEST): AccountState {
    const { view, scratch } = this.#core;
    const exists = this.#readAccount(address, epoch) !== 0;
    const at = scratch + ACCOUNT;
    return {
      exists,
      balance: view.word(at + ACCOUNT_BALANCE),
      nonce: view.u64(at + ACCOUNT_NONCE),
      codeHash: view.hex(at + ACCOUNT_CODE_HASH, 32),
      code: this.#code(),
    };
  }

  public balance(address: Address, epoch: number = LATEST): bigint {
    this.#readAccount(address, epoch);
    return this.#core.view.word(this.#core.scratch + ACCOUNT + ACCOUNT_BALANCE);
  }

  public nonce(address: Address, epoch: number = LATEST): bigint {
    this.#readAccount(address, epoch);
    return this.#core.view.u64(this.#core.scratch + ACCOUNT + ACCOUNT_NONCE);
  }

  public sender(address: Address): { balance: bigint; nonce: bigint } {
    this.#readAccount(address, LATEST);
    const { view, scratch } = this.#core;
    return {
      balance: view.word(scratch + ACCOUNT + ACCOUNT_BALANCE),
      nonce: view.u64(scratch + ACCOUNT + ACCOUNT_NONCE),
    };
  }

  public code(address: Address, epoch: number = LATEST): Uint8Array {
    this.#readAccount(address, epoch);
    return this.#code();
  }

  public slot(address: Address, key: Hash, epoch: number = LATEST): Hash {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    view.setHex(scratch + KEY, key);
    exports.stateSlot(
      this.handle,
      epoch,
      scratch + ADDRESS,
      scratch + KEY,
      scratch + VALUE,
    );
    return view.hex(scratch + VALUE, 32);
  }

  public setBalance(address: Address, value: bigint): void {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    view.setWord(scratch + VALUE, value);
    check(
      exports.stateSetBalance(this.handle, scratch + ADDRESS, scratch + VALUE),
    );
  }

  public setNonce(address: Address, value: bigint): void {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    check(exports.stateSetNonce(this.handle, scratch + ADDRESS, value));
  }

  public setCode(address: Address, code: Uint8Array): void {
    const { exports, view, scratch } = this.#core;
    this.#core.withRoom(ROOM, code.length, (at) => {
      view.setHex(scratch + ADDRESS, address);
      view.setBytes(at, code);
      check(
        exports.stateSetCode(this.handle, scratch + ADDRESS, at, code.length),
      );
    });
  }

  public setSlot(address: Address, key: Hash, value: Hash): void {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    view.setHex(scratch + KEY, key);
    view.setHex(scratch + VALUE, value);
    check(
      exports.stateSetSlot(
        this.handle,
        scratch + ADDRESS,
        scratch + KEY,
        scratch + VALUE,
      ),
    );
  }

  public root(epoch: number = LATEST, threads = 1): Hash {
    const { exports, view, scratch } = this.#core;
    if (threads > 1) this.#hashTogether(epoch, threads);
    check(exports.stateRoot(this.handle, epoch, scratch + VALUE));
    return view.hex(scratch + VALUE, 32);
  }

  public proof(
    address: Address,
    keys: readonly Hash[],
    epoch: number = LATEST,
  ): StateProof {
    const keyBytes = keys.length * 32;
    return this.#core.withRoom(ROOM, keyBytes, (keysAt) => {
      const used =
        keysAt === this.#core.scratch + ROOM ? ROOM + keyBytes : ROOM;
      let room = Math.max(PROOF_ROOM - used, 0);
      while (true) {
        const capacity = room;
        const result = this.#core.withRoom(used, capacity, (at) =>
          this.#proofAt(address, keys, keysAt, epoch, at, capacity),
        );
        if (typeof result !== "number") return result;
        room = result;
      }
    });
  }

  public dump(
    epoch: number = LATEST,
  ): Map<Address, AccountState & { readonly storage: Map<Hash, Hash> }> {
    const { exports, view, scratch } = this.#core;
    const accounts = new Map<
      Address,
      AccountState & { readonly storage: Map<Hash, Hash> }
    >();
    let cursor = 0;
    while (true) {
      cursor =
        exports.stateNextAccount(this.handle, epoch, cursor, scratch) >>> 0;
      if (cursor === 0) return accounts;
      const address = view.hex(scratch, 20);
      const storage = new Map<Hash, Hash>();
      let slot = 0;
      while (true) {
        view.setHex(scratch + ADDRESS, address);
        slot =
          exports.stateNextSlot(
            this.handle,
            epoch,
            scratch + ADDRESS,
            slot,
            scratch + KEY,
          ) >>> 0;
        if (slot === 0) break;
        storage.set(
          view.hex(scratch + KEY, 32),
          view.hex(scratch + KEY + 32, 32),
        );
      }
      accounts.set(address, { ...this.account(address, epoch), storage });
    }
  }

  public createRun(
    environment: BlockEnvironment,
    options: { readonly mode: "direct" | "overlay"; readonly epoch?: number },
  ): Run {
    return new RunImplementation(
      this.#core,
      this.handle,
      options.epoch ?? this.#epoch,
      environment,
      options.mode === "overlay",
      this,
    );
  }

  public memory(): number {
    return this.#core.exports.chainMemory(this.handle);
  }

  public close(): void {
    if (this.#chain === 0) return;
    this.#core.exports.chainDestroy(this.#chain);
    this.#chain = 0;
    this.#onClose(this);
  }

  /** Leaves less to hash for `root`, if there is much and another thread is idle. */
  #hashTogether(epoch: number, threads: number): void {
    const core = this.#core;
    if (!canShare(core)) return;
    const job =
      core.exports.rootJobCreate(this.handle, epoch, LEAST_NODES) >>> 0;
    if (job === 0) return;
    shareJob(
      core,
      {
        job,
        threads,
        milliseconds: HASHING_MS,
        free: () => core.exports.jobFree(job),
      },
      (isLeft) => {
        // Whoever is still there may write to the nodes whenever it wakes up.
        if (!isLeft) core.exports.chainForgetTries(this.handle);
      },
    );
  }

  /** Fills ACCOUNT in the scratch. */
  #readAccount(address: Address, epoch: number): number {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    return exports.stateAccount(
      this.handle,
      epoch,
      scratch + ADDRESS,
      scratch + ACCOUNT,
    );
  }

  /** The code of the account in the scratch. */
  #code(): Uint8Array {
    const { view, scratch } = this.#core;
    const at = view.u32(scratch + ACCOUNT + ACCOUNT_CODE);
    const length = view.u32(scratch + ACCOUNT + ACCOUNT_CODE + 4);
    return view.bytes(at, length);
  }

  /** The proof, or the room that it needs. */
  #proofAt(
    address: Address,
    keys: readonly Hash[],
    keysAt: number,
    epoch: number,
    at: number,
    capacity: number,
  ): StateProof | number {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    keys.forEach((key, index) => view.setHex(keysAt + index * 32, key));
    const needed =
      exports.stateProof(
        this.handle,
        epoch,
        scratch + ADDRESS,
        keysAt,
        keys.length,
        at,
        capacity,
      ) >>> 0;
    if (needed === 0) throw outOfMemory();
    if (needed > capacity) return needed;
    const nodes: Uint8Array[][] = [];
    let from = at + 32;
    while (from < at + needed) {
      const path: Uint8Array[] = [];
      let count = view.u32(from);
      for (from += 4; count > 0; count--) {
        const length = view.u32(from);
        path.push(view.bytes(from + 4, length));
        from += 4 + length;
      }
      nodes.push(path);
    }
    return {
      accountProof: nodes[0],
      storageHash: view.hex(at, 32),
      storageProof: keys.map((key, index) => ({
        key,
        value: this.slot(address, key, epoch),
        proof: nodes[index + 1],
      })),
    };
  }
}

function check(status: number): void {
  if (status !== 0) throw outOfMemory();
}
