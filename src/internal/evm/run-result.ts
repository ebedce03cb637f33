/** What an execution came to: copied out of the memory at once, decoded when someone looks. */
import type {
  AccessSet,
  AccountAccess,
  Address,
  Hash,
  Hex,
  KeccakPreimage,
  Log,
  SlotAccess,
} from "../chain/types.js";
import type { MemoryView } from "./memory-view.js";
import type { RunResult } from "./types.js";

// RESULT_* of assembly/layout.ts.
const RESULT_STATUS = 0;
const RESULT_FLAGS = 4;
const RESULT_GAS_USED = 8;
const RESULT_GAS_REFUNDED = 16;
const RESULT_GAS_SPENT = 24;
const RESULT_OUTPUT = 32;
const RESULT_LOGS = 40;
const RESULT_LOG_COUNT = 48;
const RESULT_CREATED = 52;
const RESULT_CONSOLE = 72;
const RESULT_ACCESS = 80;
const RESULT_PREIMAGES = 88;
const RESULT_GAS_NEEDED = 192;
const RESULT_EFFECTIVE_GAS_PRICE = 96;
const RESULT_ERROR_A = 128;
const RESULT_ERROR_B = 160;

const FLAG_GAS_OBSERVED = 1;
const FLAG_GAS_OPAQUE = 8;
const FLAG_INTERNAL_OUT_OF_GAS = 2;
const FLAG_CREATED = 4;

/** From here on a transaction is invalid (assembly/status.ts). */
export const FIRST_INVALID = 0x80;
const FIRST_ENGINE_FAILURE = 0xf0;

// ACCESS_* of assembly/state/access-set.ts.
const ACCOUNT_BYTES = 104;
const SLOT_BYTES = 120;
const READS_BALANCE = 1;
const READS_NONCE = 2;
const READS_CODE = 4;
const CODE_CHANGED = 8;
const DESTRUCTED = 16;
const LAZILY_CREDITED = 32;
const SLOT_READ = 1;
const SLOT_WRITTEN = 2;

const NOTHING = new Uint8Array(0);
const NO_LOGS: readonly Log[] = [];
const NO_CONSOLE: readonly Uint8Array[] = [];

export class RunResultImplementation implements RunResult {
  public readonly status: number;
  public readonly gasUsed: bigint;
  public readonly gasRefunded: bigint;
  public readonly gasSpent: bigint;
  public readonly effectiveGasPrice: bigint;
  public readonly output: Uint8Array;
  public readonly createdAddress: Address | undefined;
  public readonly gasObserved: boolean;
  public readonly gasNeeded: bigint;
  public readonly gasOpaque: boolean;
  public readonly internalOutOfGas: boolean;
  public readonly errorA: bigint;
  public readonly errorB: bigint;
  /** Number of logs, without decoding them. */
  public readonly logCount: number;
  readonly #firstLogIndex: number;
  #rawLogs: Uint8Array;
  #logs: readonly Log[] | undefined;
  #rawConsole: Uint8Array;
  #console: readonly Uint8Array[] | undefined;
  #rawAccess: Uint8Array | undefined;
  #rawPreimages: Uint8Array;
  #accessSet: AccessSet | undefined;

  /** @param at address of a RESULT_* record; everything it points to is copied. */
  constructor(view: MemoryView, at: number, firstLogIndex: number) {
    this.status = view.u32(at + RESULT_STATUS);
    this.#firstLogIndex = firstLogIndex;
    this.gasUsed = view.u64(at + RESULT_GAS_USED);
    this.gasRefunded = view.u64(at + RESULT_GAS_REFUNDED);
    this.gasSpent = view.u64(at + RESULT_GAS_SPENT);
    this.effectiveGasPrice = view.word(at + RESULT_EFFECTIVE_GAS_PRICE);
    const flags = view.u32(at + RESULT_FLAGS);
    this.gasObserved = (flags & FLAG_GAS_OBSERVED) !== 0;
    this.gasNeeded = view.u64(at + RESULT_GAS_NEEDED);
    this.gasOpaque = (flags & FLAG_GAS_OPAQUE) !== 0;
    this.internalOutOfGas = (flags & FLAG_INTERNAL_OUT_OF_GAS) !== 0;
    this.createdAddress =
      (flags & FLAG_CREATED) !== 0
        ? view.hex(at + RESULT_CREATED, 20)
        : undefined;
    const invalid =
      this.status >= FIRST_INVALID && this.status < FIRST_ENGINE_FAILURE;
    this.errorA = invalid ? view.word(at + RESULT_ERROR_A) : 0n;
    this.errorB = invalid ? view.word(at + RESULT_ERROR_B) : 0n;
    this.output = copy(view, at + RESULT_OUTPUT);
    this.logCount = view.u32(at + RESULT_LOG_COUNT);
    this.#rawLogs = copy(view, at + RESULT_LOGS);
    this.#rawConsole = copy(view, at + RESULT_CONSOLE);
    const access = copy(view, at + RESULT_ACCESS);
    this.#rawAccess = access.length > 0 ? access : undefined;
    this.#rawPreimages = copy(view, at + RESULT_PREIMAGES);
  }

  public get logs(): readonly Log[] {
    if (this.#logs === undefined) {
      this.#logs =
        this.#rawLogs.length === 0
          ? NO_LOGS
          : decodeLogs(this.#rawLogs, this.#firstLogIndex);
      this.#rawLogs = NOTHING;
    }
    return this.#logs;
  }

  public get console(): readonly Uint8Array[] {
    if (this.#console === undefined) {
      this.#console =
        this.#rawConsole.length === 0
          ? NO_CONSOLE
          : decodeConsole(this.#rawConsole);
      this.#rawConsole = NOTHING;
    }
    return this.#console;
  }

  public get accessSet(): AccessSet | undefined {
    if (this.#rawAccess !== undefined) {
      this.#accessSet = decodeAccess(this.#rawAccess, this.#rawPreimages);
      this.#rawAccess = undefined;
      this.#rawPreimages = NOTHING;
    }
    return this.#accessSet;
  }
}

/** Copies what the pointer and length at `at` name. */
function copy(view: MemoryView, at: number): Uint8Array {
  const length = view.u32(at + 4);
  return length === 0 ? NOTHING : view.bytes(view.u32(at), length);
}

/** Reads packed bytes: little-endian integers, big-endian words. */
class Reader {
  readonly #bytes: Buffer;
  public at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  public get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  public u32(): number {
    this.at += 4;
    return this.#bytes.readUInt32LE(this.at - 4);
  }

  public u64(): bigint {
    this.at += 8;
    return this.#bytes.readBigUInt64LE(this.at - 8);
  }

  public word(): bigint {
    return BigInt(this.hex(32));
  }

  public hex(length: number): Hex {
    this.at += length;
    return `0x${this.#bytes.toString("hex", this.at - length, this.at)}`;
  }

  public bytes(length: number): Uint8Array {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}

function decodeLogs(bytes: Uint8Array, firstIndex: number): Log[] {
  const reader = new Reader(bytes);
  const logs: Log[] = [];
  while (!reader.isAtEnd) {
    const address = reader.hex(20);
    const topicCount = reader.u32();
    const length = reader.u32();
    const topics: Hash[] = [];
    for (let i = 0; i < topicCount; i++) topics.push(reader.hex(32));
    const data = reader.hex(length);
    logs.push({ address, topics, data, logIndex: firstIndex + logs.length });
  }
  return logs;
}

function decodeConsole(bytes: Uint8Array): Uint8Array[] {
  const reader = new Reader(bytes);
  const calls: Uint8Array[] = [];
  while (!reader.isAtEnd) calls.push(reader.bytes(reader.u32()));
  return calls;
}

function decodeAccess(bytes: Uint8Array, preimages: Uint8Array): AccessSet {
  const reader = new Reader(bytes);
  const accountCount = reader.u32();
  const slotCount = reader.u32();
  const accounts: AccountAccess[] = [];
  for (let i = 0; i < accountCount; i++) {
    reader.at = 8 + i * ACCOUNT_BYTES;
    accounts.push(decodeAccount(reader));
  }
  const slots: SlotAccess[] = [];
  for (let i = 0; i < slotCount; i++) {
    reader.at = 8 + accountCount * ACCOUNT_BYTES + i * SLOT_BYTES;
    slots.push(decodeSlot(reader));
  }
  return { accounts, slots, preimages: decodePreimages(preimages) };
}

function decodePreimages(bytes: Uint8Array): KeccakPreimage[] {
  const reader = new Reader(bytes);
  const preimages: KeccakPreimage[] = [];
  while (!reader.isAtEnd) {
    const hash = reader.hex(32);
    preimages.push({ hash, preimage: reader.bytes(reader.u32()) });
  }
  return preimages;
}

function decodeAccount(reader: Reader): AccountAccess {
  const address = reader.hex(20);
  const flags = reader.u32();
  const balance = { before: reader.word(), after: reader.word() };
  const nonce = { before: reader.u64(), after: reader.u64() };
  return {
    address,
    readsBalance: (flags & READS_BALANCE) !== 0,
    readsNonce: (flags & READS_NONCE) !== 0,
    readsCode: (flags & READS_CODE) !== 0,
    balance: balance.before === balance.after ? undefined : balance,
    nonce: nonce.before === nonce.after ? undefined : nonce,
    codeChanged: (flags & CODE_CHANGED) !== 0,
    destructed: (flags & DESTRUCTED) !== 0,
    lazilyCredited: (flags & LAZILY_CREDITED) !== 0,
  };
}

function decodeSlot(reader: Reader): SlotAccess {
  const address = reader.hex(20);
  const flags = reader.u32();
  return {
    address,
    key: reader.hex(32),
    before: reader.hex(32),
    after: reader.hex(32),
    read: (flags & SLOT_READ) !== 0,
    written: (flags & SLOT_WRITTEN) !== 0,
  };
}
