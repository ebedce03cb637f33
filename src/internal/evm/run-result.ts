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
import type { ResultStore } from "./result-store.js";
import type { RunResult } from "./types.js";

import { RESULT_PARTS, RESULT_SIZE } from "./result-store.js";

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
const RESULT_BLOCK_GAS = 200;
const RESULT_STATE_GAS = 208;
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
const ACCESS_HEADER = 12;
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

export class RunResultImplementation implements RunResult {
  public readonly status: number;
  /** Number of logs, without decoding them. */
  public readonly logCount: number;
  /** Where it is: the record, then the parts that it points to. */
  public readonly store: ResultStore;
  public readonly at: number;
  readonly #firstLogIndex: number;
  #logs: readonly Log[] | undefined;
  #console: readonly Uint8Array[] | undefined;
  #accessSet: AccessSet | undefined;

  constructor(store: ResultStore, at: number, firstLogIndex: number) {
    this.store = store;
    this.at = at;
    this.#firstLogIndex = firstLogIndex;
    this.status = store.raw.readUInt32LE(at + RESULT_STATUS);
    this.logCount = store.raw.readUInt32LE(at + RESULT_LOG_COUNT);
  }

  public get gasUsed(): bigint {
    return this.#u64(RESULT_GAS_USED);
  }

  public get gasRefunded(): bigint {
    return this.#u64(RESULT_GAS_REFUNDED);
  }

  public get gasSpent(): bigint {
    return this.#u64(RESULT_GAS_SPENT);
  }

  public get blockGas(): bigint {
    return this.#u64(RESULT_BLOCK_GAS);
  }

  public get stateGas(): bigint {
    return this.#u64(RESULT_STATE_GAS);
  }

  public get gasNeeded(): bigint {
    return this.#u64(RESULT_GAS_NEEDED);
  }

  public get effectiveGasPrice(): bigint {
    return this.#word(RESULT_EFFECTIVE_GAS_PRICE);
  }

  public get errorA(): bigint {
    return this.#isInvalid ? this.#word(RESULT_ERROR_A) : 0n;
  }

  public get errorB(): bigint {
    return this.#isInvalid ? this.#word(RESULT_ERROR_B) : 0n;
  }

  public get gasObserved(): boolean {
    return this.#hasFlag(FLAG_GAS_OBSERVED);
  }

  public get gasOpaque(): boolean {
    return this.#hasFlag(FLAG_GAS_OPAQUE);
  }

  public get internalOutOfGas(): boolean {
    return this.#hasFlag(FLAG_INTERNAL_OUT_OF_GAS);
  }

  public get createdAddress(): Address | undefined {
    if (!this.#hasFlag(FLAG_CREATED)) return undefined;
    const at = this.at + RESULT_CREATED;
    return `0x${this.store.raw.toString("hex", at, at + 20)}`;
  }

  public get output(): Uint8Array {
    return this.#part(RESULT_OUTPUT);
  }

  public get logs(): readonly Log[] {
    this.#logs ??=
      this.logCount === 0
        ? NO_LOGS
        : decodeLogs(this.#part(RESULT_LOGS), this.#firstLogIndex);
    return this.#logs;
  }

  public get console(): readonly Uint8Array[] {
    this.#console ??= decodeConsole(this.#part(RESULT_CONSOLE));
    return this.#console;
  }

  public get accessSet(): AccessSet | undefined {
    const access = this.#part(RESULT_ACCESS);
    if (access.length === 0) return undefined;
    this.#accessSet ??= decodeAccess(access, this.#part(RESULT_PREIMAGES));
    return this.#accessSet;
  }

  get #isInvalid(): boolean {
    return this.status >= FIRST_INVALID && this.status < FIRST_ENGINE_FAILURE;
  }

  #hasFlag(flag: number): boolean {
    return (this.store.raw.readUInt32LE(this.at + RESULT_FLAGS) & flag) !== 0;
  }

  #u64(field: number): bigint {
    return this.store.raw.readBigUInt64LE(this.at + field);
  }

  #word(field: number): bigint {
    const { raw } = this.store;
    const at = this.at + field;
    const low =
      raw.readBigUInt64BE(at + 24) | (raw.readBigUInt64BE(at + 16) << 64n);
    const high = raw.readBigUInt64BE(at + 8) | (raw.readBigUInt64BE(at) << 64n);
    return high === 0n ? low : low | (high << 128n);
  }

  /** One of RESULT_PARTS. */
  #part(part: number): Uint8Array {
    const { raw } = this.store;
    const length = raw.readUInt32LE(this.at + part + 4);
    if (length === 0) return NOTHING;
    let from = this.at + RESULT_SIZE;
    for (const before of RESULT_PARTS) {
      if (before === part) break;
      from += raw.readUInt32LE(this.at + before + 4);
    }
    return new Uint8Array(raw.buffer, raw.byteOffset + from, length);
  }
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
  const slotsAt = ACCESS_HEADER + accountCount * ACCOUNT_BYTES;
  const codes = new Reader(bytes);
  codes.at = slotsAt + slotCount * SLOT_BYTES;
  const accounts: AccountAccess[] = [];
  for (let i = 0; i < accountCount; i++) {
    reader.at = ACCESS_HEADER + i * ACCOUNT_BYTES;
    accounts.push(decodeAccount(reader, codes));
  }
  const slots: SlotAccess[] = [];
  for (let i = 0; i < slotCount; i++) {
    reader.at = slotsAt + i * SLOT_BYTES;
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

/** @param codes where the codes that changed are, in the order of their accounts. */
function decodeAccount(reader: Reader, codes: Reader): AccountAccess {
  const address = reader.hex(20);
  const flags = reader.u32();
  const balance = { before: reader.word(), after: reader.word() };
  const nonce = { before: reader.u64(), after: reader.u64() };
  const codeChanged = (flags & CODE_CHANGED) !== 0;
  return {
    address,
    readsBalance: (flags & READS_BALANCE) !== 0,
    readsNonce: (flags & READS_NONCE) !== 0,
    readsCode: (flags & READS_CODE) !== 0,
    balance: balance.before === balance.after ? undefined : balance,
    nonce: nonce.before === nonce.after ? undefined : nonce,
    codeChanged,
    code: codeChanged ? codes.bytes(codes.u32()) : undefined,
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
