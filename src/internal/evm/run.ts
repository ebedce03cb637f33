/** Runs, as TypeScript sees them: one call encodes, crosses the boundary once, and copies the result. */
import type { Address, Hash } from "../chain/types.js";
import type { ExecutionTracer } from "./tracing.js";
import type {
  AccountState,
  BlockEnvironment,
  ExecutableTransaction,
  ExecuteOptions,
  Run,
  RunResult,
} from "./types.js";
import type { CoreInstance } from "./wasm.js";

import {
  ENV_SIZE,
  transactionSize,
  TX_FLAG_NO_BALANCE_CHECK,
  TX_FLAG_NO_BASE_FEE,
  TX_FLAG_NO_BLOCK_GAS_LIMIT,
  TX_FLAG_NO_EIP3607,
  TX_FLAG_NO_NONCE_CHECK,
  TX_FLAG_RECORD,
  TX_FLAG_SYSTEM,
  writeEnvironment,
  writeTransaction,
} from "./encoding.js";
import { ResultStore } from "./result-store.js";
import { FIRST_INVALID, RunResultImplementation } from "./run-result.js";
import { withTracing } from "./tracing.js";
import { outOfMemory } from "./wasm.js";

const RUN_DIRECT = 0;
const RUN_OVERLAY = 1;

const ENGINE_OUT_OF_MEMORY = 0xf0;
const ENGINE_BAD_ARGUMENT = 0xf1;

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

const AS_CALL =
  TX_FLAG_NO_BALANCE_CHECK |
  TX_FLAG_NO_NONCE_CHECK |
  TX_FLAG_NO_BASE_FEE |
  TX_FLAG_NO_BLOCK_GAS_LIMIT;

/** Flags of the transaction record for `options` in a block. */
export function flagsOf(
  environment: BlockEnvironment,
  options?: ExecuteOptions,
): number {
  let flags =
    environment.refuseSendersWithCode === true ? 0 : TX_FLAG_NO_EIP3607;
  if (options?.asSystem === true) flags |= TX_FLAG_SYSTEM;
  if (options?.asCall === true) flags |= AS_CALL;
  if (options?.record === true) flags |= TX_FLAG_RECORD;
  return flags;
}

/** What answers BLOCKHASH: zeros when the block is out of range. */
export function blockHashOf(
  environment: BlockEnvironment,
): (number: bigint) => Uint8Array {
  return (number) => {
    const hash = environment.blockHash(number);
    return hash === undefined
      ? new Uint8Array(32)
      : Buffer.from(hash.slice(2), "hex");
  };
}

/** Gives back runs that were dropped without `free()`. */
const dropped = new FinalizationRegistry<{ core: CoreInstance; run: number }>(
  ({ core, run }) => core.exports.runFree(run),
);

export class RunImplementation implements Run {
  readonly #core: CoreInstance;
  readonly #environment: BlockEnvironment;
  readonly #blockHash: (number: bigint) => Uint8Array;
  readonly #isOverlay: boolean;
  /** Keeps the region of the chain while the run is in use. */
  public readonly owner: unknown;
  #run: number;
  /** Logs of the transactions kept so far: how many there were after each. */
  #logCounts: number[] = [];

  constructor(
    core: CoreInstance,
    chain: number,
    epoch: number,
    environment: BlockEnvironment,
    isOverlay: boolean,
    owner?: unknown,
  ) {
    this.#core = core;
    this.#environment = environment;
    this.#blockHash = blockHashOf(environment);
    this.#isOverlay = isOverlay;
    this.owner = owner;
    const { exports, view, scratch } = core;
    writeEnvironment(view, scratch, environment);
    this.#run =
      exports.runCreate(
        chain,
        epoch,
        scratch,
        isOverlay ? RUN_OVERLAY : RUN_DIRECT,
      ) >>> 0;
    if (this.#run === 0) throw outOfMemory();
    // A direct run lives as long as the block that it executes: its owner frees it, and the registry
    // would cost more than making it.
    if (isOverlay) dropped.register(this, { core, run: this.#run }, this);
  }

  /** The run's handle in the core. */
  public get handle(): number {
    if (this.#run === 0) {
      throw new Error("expected a run in use, got one that was freed");
    }
    return this.#run;
  }

  public execute(
    transaction: ExecutableTransaction,
    options?: ExecuteOptions,
  ): RunResult {
    const first = this.#logCounts.at(-1) ?? 0;
    const result = this.#execute(transaction, options, true, first);
    if (result.status < FIRST_INVALID) {
      this.#logCounts.push(first + result.logCount);
    }
    return result;
  }

  public call(
    transaction: ExecutableTransaction,
    options?: ExecuteOptions,
  ): RunResult {
    return this.#execute(transaction, options, false, 0);
  }

  public trace(
    transaction: ExecutableTransaction,
    tracer: ExecutionTracer,
    options?: ExecuteOptions,
  ): RunResult {
    return withTracing(this.#core, tracer, (core) =>
      this.#execute(transaction, options, false, 0, core),
    );
  }

  /** Goes on with a block, some transactions of which were executed elsewhere: on what they left of it. */
  public follow(of: {
    readonly gasUsed: bigint;
    readonly stateGasUsed: bigint;
    readonly blobGasUsed: bigint;
    readonly logCount: number;
  }): void {
    this.#core.exports.runFollow(
      this.handle,
      of.gasUsed,
      of.stateGasUsed,
      of.blobGasUsed,
    );
    this.#logCounts = [of.logCount];
  }

  public credit(address: Address, value: bigint): void {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    view.setWord(scratch + VALUE, value);
    check(exports.runCredit(this.handle, scratch + ADDRESS, scratch + VALUE));
  }

  public account(address: Address): AccountState {
    const { exports, view, scratch } = this.#core;
    const at = scratch + ACCOUNT;
    view.setHex(scratch + ADDRESS, address);
    const exists = exports.runAccount(this.handle, scratch + ADDRESS, at);
    return {
      exists: exists !== 0,
      balance: view.word(at + ACCOUNT_BALANCE),
      nonce: view.u64(at + ACCOUNT_NONCE),
      codeHash: view.hex(at + ACCOUNT_CODE_HASH, 32),
      code: view.bytes(
        view.u32(at + ACCOUNT_CODE),
        view.u32(at + ACCOUNT_CODE + 4),
      ),
    };
  }

  public slot(address: Address, key: Hash): Hash {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    view.setHex(scratch + KEY, key);
    exports.runSlot(
      this.handle,
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
      exports.runSetBalance(
        this.#writable(),
        scratch + ADDRESS,
        scratch + VALUE,
      ),
    );
  }

  public setNonce(address: Address, value: bigint): void {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    check(exports.runSetNonce(this.#writable(), scratch + ADDRESS, value));
  }

  public setCode(address: Address, code: Uint8Array): void {
    const { exports, view, scratch } = this.#core;
    this.#core.withRoom(ROOM, code.length, (at) => {
      view.setHex(scratch + ADDRESS, address);
      view.setBytes(at, code);
      check(
        exports.runSetCode(
          this.#writable(),
          scratch + ADDRESS,
          at,
          code.length,
        ),
      );
    });
  }

  public setSlot(address: Address, key: Hash, value: Hash): void {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    view.setHex(scratch + KEY, key);
    view.setHex(scratch + VALUE, value);
    check(
      exports.runSetSlot(
        this.#writable(),
        scratch + ADDRESS,
        scratch + KEY,
        scratch + VALUE,
      ),
    );
  }

  public clearStorage(address: Address): void {
    const { exports, view, scratch } = this.#core;
    view.setHex(scratch + ADDRESS, address);
    check(exports.runClearStorage(this.#writable(), scratch + ADDRESS));
  }

  public truncate(index: number): void {
    this.#core.exports.runTruncate(this.#writable(), index);
    if (index < this.#logCounts.length) this.#logCounts.length = index;
  }

  public commit(): void {
    check(this.#core.exports.runCommit(this.#writable()));
  }

  public free(): void {
    if (this.#run === 0) return;
    this.#core.exports.runFree(this.#run);
    this.#run = 0;
    if (this.#isOverlay) dropped.unregister(this);
  }

  #execute(
    transaction: ExecutableTransaction,
    options: ExecuteOptions | undefined,
    keep: boolean,
    firstLogIndex: number,
    core = this.#core,
  ): RunResultImplementation {
    const { exports, view } = core;
    core.blockHash = this.#blockHash;
    const status = core.withRoom(
      ENV_SIZE,
      transactionSize(transaction),
      (at) => {
        const flags = flagsOf(this.#environment, options);
        writeTransaction(view, at, transaction, flags);
        return keep
          ? exports.runTransaction(this.handle, at, 0)
          : exports.runCall(this.handle, at, 0);
      },
    );
    if (status === ENGINE_OUT_OF_MEMORY) throw outOfMemory();
    if (status === ENGINE_BAD_ARGUMENT) {
      throw new Error("expected a transaction in the EVM's memory");
    }
    const result = exports.runResult() >>> 0;
    const store = options?.store;
    // What is left out of a block must not lie between its results.
    return store === undefined || status >= FIRST_INVALID
      ? new RunResultImplementation(
          ResultStore.of(view, result),
          0,
          firstLogIndex,
        )
      : new RunResultImplementation(
          store,
          store.add(view, result, false),
          firstLogIndex,
        );
  }

  #writable(): number {
    if (!this.#isOverlay) {
      throw new Error("expected an overlay run, got a direct one");
    }
    return this.handle;
  }
}

function check(status: number): void {
  if (status !== 0) throw outOfMemory();
}
