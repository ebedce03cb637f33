import type { RunResult } from "../evm/types.js";
import type { Address, Hash, Hex, Log, Receipt, Transaction } from "./types.js";

import { REVERT } from "./execution-status.js";
import { BERLIN } from "./hardforks.js";
import { addLogs, BLOOM_SIZE, logsBloom } from "./logs-bloom.js";
import { RlpWriter } from "./rlp-writer.js";

/** What is kept of an executed transaction: decoded when someone looks, as are blooms. */
export class ReceiptImplementation implements Receipt {
  public readonly cumulativeGasUsed: bigint;
  /** Until somebody looks: then it is decoded, and let go. */
  #result: RunResult | undefined;
  #decoded: DecodedReceipt | undefined;
  #logsBloom: Hex | undefined;

  constructor(result: RunResult, cumulativeGasUsed: bigint) {
    this.#result = result;
    this.cumulativeGasUsed = cumulativeGasUsed;
  }

  public get status(): 0 | 1 {
    return this.#decode().status;
  }

  public get gasUsed(): bigint {
    return this.#decode().gasUsed;
  }

  public get effectiveGasPrice(): bigint {
    return this.#decode().effectiveGasPrice;
  }

  public get contractAddress(): Address | undefined {
    return this.#decode().contractAddress;
  }

  public get logs(): readonly Log[] {
    return this.#decode().logs;
  }

  public get logsBloom(): Hex {
    this.#logsBloom ??= logsBloom(this.logs);
    return this.#logsBloom;
  }

  #decode(): DecodedReceipt {
    if (this.#decoded === undefined) {
      const result = this.#result;
      if (result === undefined) throw new Error("expected a result, got none");
      const status = result.status < REVERT ? 1 : 0;
      this.#decoded = {
        status,
        gasUsed: result.gasUsed,
        effectiveGasPrice: result.effectiveGasPrice,
        contractAddress: status === 1 ? result.createdAddress : undefined,
        logs: result.logs,
      };
      this.#result = undefined;
    }
    return this.#decoded;
  }
}

type DecodedReceipt = Pick<
  Receipt,
  "status" | "gasUsed" | "effectiveGasPrice" | "contractAddress" | "logs"
>;

const writer = new RlpWriter();

/** RLP of an empty bloom and an empty list: how most receipts end. */
const NO_LOGS = Uint8Array.of(0xb9, 1, 0, ...new Uint8Array(256), 0xc0);

/** The bloom of the receipt at hand. */
const bloom = new Uint8Array(BLOOM_SIZE);

/**
 * EIP-2718 encoding of a receipt, as it goes into the receipts trie.
 * @param stateRoot of the state after the transaction: before Byzantium (EIP-658) it stands in the status's place.
 */
export function encodeReceipt(
  receipt: Receipt,
  transaction: Pick<Transaction, "type">,
  fork: number,
  stateRoot?: Hash,
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
