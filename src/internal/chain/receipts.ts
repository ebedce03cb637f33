import type { RunResult } from "../evm/types.js";
import type { Address, Hash, Hex, Log, Receipt, Transaction } from "./types.js";

import { REVERT } from "./execution-status.js";
import { BERLIN } from "./hardforks.js";
import { addBloom, addLogs, BLOOM_SIZE, logsBloom } from "./logs-bloom.js";
import { RlpWriter } from "./rlp-writer.js";

/** What is kept of an executed transaction; blooms and encodings are made when asked for. */
export class ReceiptImplementation implements Receipt {
  public readonly status: 0 | 1;
  public readonly gasUsed: bigint;
  public readonly cumulativeGasUsed: bigint;
  public readonly effectiveGasPrice: bigint;
  public readonly contractAddress: Address | undefined;
  /** Until the logs are read: they are decoded then. */
  #result: RunResult | undefined;
  #logs: readonly Log[] = [];
  #logsBloom: Hex | undefined;

  constructor(result: RunResult, cumulativeGasUsed: bigint) {
    this.status = result.status < REVERT ? 1 : 0;
    this.gasUsed = result.gasUsed;
    this.cumulativeGasUsed = cumulativeGasUsed;
    this.effectiveGasPrice = result.effectiveGasPrice;
    this.contractAddress =
      this.status === 1 ? result.createdAddress : undefined;
    this.#result = result;
  }

  public get logs(): readonly Log[] {
    if (this.#result !== undefined) {
      this.#logs = this.#result.logs;
      this.#result = undefined;
    }
    return this.#logs;
  }

  public get logsBloom(): Hex {
    this.#logsBloom ??= logsBloom(this.logs);
    return this.#logsBloom;
  }
}

const writer = new RlpWriter();

/** RLP of an empty bloom and an empty list: how most receipts end. */
const NO_LOGS = Uint8Array.of(0xb9, 1, 0, ...new Uint8Array(256), 0xc0);

/** The bloom of the receipt at hand. */
const bloom = new Uint8Array(BLOOM_SIZE);

/**
 * EIP-2718 encoding of a receipt, as it goes into the receipts trie.
 * @param stateRoot of the state after the transaction: before Byzantium (EIP-658) it stands in the status's place.
 * @param blockBloom the receipt's bloom is added to it.
 */
export function encodeReceipt(
  receipt: Receipt,
  transaction: Pick<Transaction, "type">,
  fork: number,
  stateRoot?: Hash,
  blockBloom?: Uint8Array,
): Uint8Array {
  writer.reset();
  const end = writer.mark();
  if (receipt.logs.length === 0) {
    writer.raw(NO_LOGS);
  } else {
    for (let i = receipt.logs.length - 1; i >= 0; i--) {
      writeLog(receipt.logs[i]);
    }
    writer.list(end);
    bloom.fill(0);
    addLogs(bloom, receipt.logs);
    writer.bytes(bloom);
    if (blockBloom !== undefined) addBloom(blockBloom, bloom);
  }
  writer.uint(receipt.cumulativeGasUsed);
  if (stateRoot === undefined) {
    writer.uint(receipt.status);
  } else {
    writer.hex(stateRoot);
  }
  writer.list(end);
  if (transaction.type !== 0 && fork >= BERLIN) {
    writer.rawByte(transaction.type);
  }
  return writer.finish();
}

function writeLog(log: Log): void {
  const end = writer.mark();
  writer.hex(log.data);
  const topics = writer.mark();
  for (let i = log.topics.length - 1; i >= 0; i--) {
    writer.hex(log.topics[i]);
  }
  writer.list(topics);
  writer.hex(log.address);
  writer.list(end);
}
