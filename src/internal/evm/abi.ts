/**
 * The ABI of the core (assembly/abi): one instance per thread, all on one shared memory.
 *
 * Pointers are byte addresses in the shared memory (unsigned; apply `>>> 0`). Unless said
 * otherwise, words are 32 big-endian bytes and addresses 20 bytes. Functions that may run out of
 * memory return 0 (pointers) or `ENGINE_OUT_OF_MEMORY` (status); nothing throws. Counts, lengths and what
 * they count may be anything: what lies outside the memory is `ENGINE_BAD_ARGUMENT`, 0, or does nothing.
 */
export interface CoreExports extends CompiledExports {
  abiVersion(): number;

  // --- engine: assembly/abi/engine.ts
  /** Once per memory, by the main thread, before anything else. */
  engineInit(): void;
  /** Once per instance. Returns the thread's context, 0 when out of memory. */
  threadInit(threadIndex: number): number;
  /** A thread died, perhaps inside the core: releases its locks. Called by another thread. */
  threadLost(threadIndex: number): void;
  /** This thread's scratch area (SCRATCH_SIZE bytes), for small arguments and results. */
  scratch(): number;
  /** A buffer of any size; 16-byte aligned. 0 when out of memory. */
  bufferAlloc(size: number): number;
  bufferFree(pointer: number): void;
  /** Bytes of 64 KiB chunks handed out, of all chains and threads. */
  memoryInUse(): number;
  /** 2 * `length` hex digits at `from` to bytes at `to`; reads up to 16 bytes past the digits. */
  hexDecode(from: number, to: number, length: number): void;
  keccak256(data: number, length: number, out: number): void;
  /** Root of a trie whose keys are rlp(0), rlp(1)…; items packed as u32 length, bytes. Returns a status. */
  orderedTrieRoot(items: number, count: number, out: number): number;
  /** Root of any trie; items packed as u32 key length, key, u32 value length, value, in ascending order of
   *  their keys (at most 256 bytes each). Returns a status. */
  trieRoot(items: number, count: number, out: number): number;

  /** Arithmetic of the words at `a`, `b`, `c` by opcode (the first operand is the top of the stack); 0 when the opcode
   *  is none of it. For tests. */
  u256Operation(
    opcode: number,
    a: number,
    b: number,
    c: number,
    out: number,
  ): number;

  // --- state: assembly/abi/state.ts. A chain is a region; its history is a line of epochs.
  /** A new empty chain at epoch 1; 0 when out of memory. */
  chainCreate(): number;
  /** Gives every byte of the chain back. */
  chainDestroy(chain: number): void;
  /** Bytes held by the chain. */
  chainMemory(chain: number): number;
  /** The epoch that writes go to. */
  chainEpoch(chain: number): number;
  /** Seals the epoch: later writes belong to the next one, whose number is returned. Numbers never repeat.
   *  0 when out of memory: then nothing has changed. */
  chainNextEpoch(chain: number): number;
  /** Undoes every write made after `epoch`; the current epoch is a new one. O(what changed since). */
  chainRevert(chain: number, epoch: number): void;
  /** Account as of the end of `epoch` (layout ACCOUNT_*). Returns 1 when it exists; `out` is filled either way. */
  stateAccount(
    chain: number,
    epoch: number,
    address: number,
    out: number,
  ): number;
  stateSlot(
    chain: number,
    epoch: number,
    address: number,
    key: number,
    out: number,
  ): void;
  /** Direct writes, in the current epoch. Return a status. */
  stateSetBalance(chain: number, address: number, value: number): number;
  stateSetNonce(chain: number, address: number, nonce: bigint): number;
  stateSetCode(
    chain: number,
    address: number,
    code: number,
    length: number,
  ): number;
  stateSetSlot(
    chain: number,
    address: number,
    key: number,
    value: number,
  ): number;
  /** State root as of the end of `epoch`. Incremental: costs what changed between the last call's epoch and this one. */
  stateRoot(chain: number, epoch: number, out: number): number;
  /** EIP-1186: storage root (32 bytes), then u32 node count and nodes (u32 length, bytes) of the account's
   *  proof, then for each key the same. Returns the length needed; the result is whole only if `capacity` suffices. 0 when out of memory. */
  stateProof(
    chain: number,
    epoch: number,
    address: number,
    keys: number,
    keyCount: number,
    out: number,
    capacity: number,
  ): number;
  /** Walks the accounts that exist at `epoch`: writes the address and returns the next cursor; 0 = no more. Start with 0. */
  stateNextAccount(
    chain: number,
    epoch: number,
    cursor: number,
    out: number,
  ): number;
  /** Walks an account's non-zero slots: writes key and value (64 bytes). */
  stateNextSlot(
    chain: number,
    epoch: number,
    address: number,
    cursor: number,
    out: number,
  ): number;

  // --- runs: assembly/abi/run.ts. A run executes transactions on top of a chain's epoch.
  /** mode RUN_DIRECT: writes go to the chain's current epoch (`epoch` must be it).
   *  RUN_OVERLAY: writes stay in the run, over the chain as of `epoch`. `environment`: ENV_* block; copied.
   *  0 when out of memory, or for a mode or fork that there is not. */
  runCreate(
    chain: number,
    epoch: number,
    environment: number,
    mode: number,
  ): number;
  runFree(run: number): void;
  /** Executes the next transaction (TX_* record) and keeps its writes, unless it is invalid. Returns the status;
   *  the result (RESULT_*) is at `runResult()` until the next execution on this thread. */
  runTransaction(run: number, transaction: number, flags: number): number;
  /** The same, but keeps nothing. */
  runCall(run: number, transaction: number, flags: number): number;
  /** Some transactions of the block were executed elsewhere, and used this much of it. */
  runFollow(
    run: number,
    gasUsed: bigint,
    stateGasUsed: bigint,
    blobGasUsed: bigint,
  ): void;
  runResult(): number;
  /** Credits `address` (block reward, withdrawal). */
  runCredit(run: number, address: number, value: number): number;
  /** Reads on top of the run. */
  runAccount(run: number, address: number, out: number): number;
  runSlot(run: number, address: number, key: number, out: number): void;
  /** Writes on top of the run (state overrides); RUN_OVERLAY only. */
  runSetBalance(run: number, address: number, value: number): number;
  runSetNonce(run: number, address: number, nonce: bigint): number;
  runSetCode(
    run: number,
    address: number,
    code: number,
    length: number,
  ): number;
  runSetSlot(run: number, address: number, key: number, value: number): number;
  /** From here on the account's storage is empty (`state` of a state override). */
  runClearStorage(run: number, address: number): number;
  /** Drops the writes of the transactions from `index` on (the pending block is rebuilt from there). */
  runTruncate(run: number, index: number): void;
  /** Applies a RUN_OVERLAY's writes to the chain's current epoch. */
  runCommit(run: number): number;

  // --- parallel: assembly/abi/parallel.ts. Many threads work on one RUN_OVERLAY run's block.
  /** Makes the run one that threads share. `onInvalid`: 0 skip, 1 skip the sender, 2 stop; `flags`: 1 = record access
   *  sets. Returns the scheduler (executor/scheduler-view.ts reads it), 0 when out of memory. */
  parallelCreate(
    run: number,
    count: number,
    threads: number,
    onInvalid: number,
    flags: number,
  ): number;
  /** Puts transaction `index` in (TX_* record; it must last). `previous`: the one before of the same sender
   *  (index + 1), or 0. */
  parallelAdd(
    scheduler: number,
    index: number,
    transaction: number,
    previous: number,
  ): void;
  /** Lets the threads see the first `count` transactions. */
  parallelRelease(scheduler: number, count: number): void;
  /** Works until the block has ended (0) or nothing could be done for some milliseconds (1). When the block has
   *  come to its end, one of the threads applies it to the chain. */
  parallelWork(run: number, thread: number): number;
  /** One step of a logical thread (an instance that takes turns with others on one real thread): 0 execute,
   *  1 publish, 2 validate, 3 commit, 4 commit what another is executing. Returns whether there was something to do. */
  parallelStep(run: number, thread: number, kind: number): number;
  /** Ends the execution for a reason of the scheduler's `ended`. */
  parallelEnd(scheduler: number, reason: number): void;
  /** Sees to it that what the first `count` transactions (all that are committed) left is applied to the
   *  chain's current epoch. Returns a status. */
  parallelApply(run: number, count: number): number;
  /** Gives the threads' memory back, before the run is freed; none may be at work. */
  parallelFree(scheduler: number): void;

  // --- tail: assembly/abi/tail.ts. What comes after execution, in units that many threads take.
  /** The tries of a block's `count` (not 0) receipts and transactions. `records`: RESULT_* records, each with its parts
   *  behind it; `envelopes`: u32 length and bytes, packed. Both must last. `flags`: 1 = receipts have EIP-2718
   *  envelopes. 0: `listJobFailure` is the status. */
  listJobCreate(
    records: number,
    envelopes: number,
    count: number,
    flags: number,
  ): number;
  listJobFailure(): number;
  /** Does what is left of it, and writes the receipts' root, the logs' bloom and the transactions' root (32, 256
   *  and 32 bytes). Returns a status. */
  listJobFinish(job: number, out: number): number;
  /** Moves a chain's tries to `epoch`; the job is hashing their stale nodes. 0 when there are fewer than
   *  `leastNodes` of them, or no memory. What it leaves is `stateRoot`'s; the chain must not change before. */
  rootJobCreate(chain: number, epoch: number, leastNodes: number): number;
  /** Takes units until none are left. */
  jobWork(job: number): void;
  /** Nobody takes another unit. */
  jobEnd(job: number): void;
  /** No thread may be at work on it. */
  jobFree(job: number): void;
  /** The tries are built anew when a root is asked for: a thread that did not come back may still write to them. */
  chainForgetTries(chain: number): void;
}

/** The part of the ABI that compiled code (src/internal/compiler/) and its compiler use: assembly/abi/compiled.ts. */
export interface CompiledExports {
  /** This thread's functions; those from the end on are the compiler's. */
  readonly table: WebAssembly.Table;
  /** Runs an opcode that can neither fail nor take gas; its first operand is at `top`. */
  compiledWord(frame: number, opcode: number, top: number): void;
  /** Runs any opcode but those that end or open frames. Returns the gas left, 2^64-1 when the frame has failed. */
  compiledStep(frame: number, opcode: number, top: number, gas: bigint): bigint;
  /** Makes memory active. Returns the gas left, 2^64-1 when it cannot be. */
  compiledTouch(
    frame: number,
    offset: bigint,
    high: bigint,
    length: number,
    gas: bigint,
  ): bigint;
  /** Writes where the fields of a frame lie (FrameLayout). */
  compiledLayout(out: number): void;
  /** There is a function for the jump destination `pc` of the code with this hash, on this fork. */
  compiledSet(hash: number, pc: number, fork: number, index: number): void;
  /** The function at `index` of the table is about to go. */
  compiledDrop(index: number): void;
  /** Whether code is compiled when it is first met, or when it is hot. */
  compiledEager(eager: boolean): void;
}

/** What the core asks of its host; one set per thread, synchronous. */
export interface CoreImports extends WebAssembly.ModuleImports {
  /** Runs a precompile whose gas is already paid. Returns the output's length, or -1 when the input is invalid.
   *  `id`: the precompile's address as a number; `out` has room for `capacity` bytes. */
  precompile(
    id: number,
    input: number,
    length: number,
    out: number,
    capacity: number,
  ): number;
  /** Hash of a block; returns 0 when only the main thread knows and this is not it. */
  blockHash(number: bigint, out: number): number;
  /** Compiles the loop around a jump destination of the frame's code, for this thread. `traits`: the fork's opcodes;
   *  `isMarked`: 1 = another thread has compiled it.
   *  Returns where it is entered + 1, 0 = not yet, 0xffffffff = there is none. */
  compileRegion(
    frame: number,
    pc: number,
    fork: number,
    traits: number,
    isMarked: number,
  ): number;
  abort(message: number, file: number, line: number, column: number): void;
}

/**
 * What the tracing build (core.trace.wasm) calls beside `CoreImports`. Pointers are good during the call
 * only. Addresses and words are in the core's order: least significant byte first.
 */
export interface TraceImports extends WebAssembly.ModuleImports {
  /**
   * Before each opcode. `gas` is what is left before the opcode is paid for: what an opcode cost is the difference to
   * the next event of its frame (`traceStep`, `callerGas` of `traceEnter`, `gasLeft` of `traceExit`).
   * `top`: address of the stack's top word; the ones below it are at lower addresses.
   */
  traceStep(
    pc: number,
    opcode: number,
    gas: bigint,
    top: number,
    stackSize: number,
    memory: number,
    memorySize: number,
    depth: number,
    refund: bigint,
  ): void;
  /**
   * A message begins: a call (also of a precompile, an account without code, or one that fails at once) or a
   * create. `kind`: TRACE_KIND_*; `codeAddress`: the address called, before delegation;
   * `callerGas`: what the caller has left, without `gas`.
   */
  traceEnter(
    kind: number,
    caller: number,
    address: number,
    codeAddress: number,
    value: number,
    input: number,
    inputLength: number,
    gas: bigint,
    depth: number,
    callerGas: bigint,
  ): void;
  /** The message ended. `output`: return or revert data; of a create, the code, even when it was refused. */
  traceExit(
    status: number,
    output: number,
    outputLength: number,
    gasLeft: bigint,
  ): void;
}

/** `kind` of `traceEnter`: assembly/interpreter/frame.ts. */
export const TRACE_KIND_CALL = 0;
export const TRACE_KIND_CALLCODE = 1;
export const TRACE_KIND_DELEGATECALL = 2;
export const TRACE_KIND_STATICCALL = 3;
export const TRACE_KIND_CREATE = 4;
export const TRACE_KIND_CREATE2 = 5;
