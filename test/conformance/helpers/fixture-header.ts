/** Headers as fixtures have them. */
import type {
  BlockHeader,
  Hash,
  Hex,
} from "../../../src/internal/chain/types.js";

import { addressOf } from "./fixture-state.js";

/** By the fixtures' names of the fields. */
export type FixtureHeader = Readonly<Record<string, string | undefined>>;

export function headerOf(fields: FixtureHeader): BlockHeader {
  const text = (name: string): Hex => {
    const value = fields[name];
    if (value === undefined) {
      throw new Error(`header: expected ${name}, got none`);
    }
    return addressOf(value);
  };
  const number = (name: string): bigint => BigInt(text(name));
  const maybe = <T>(name: string, read: (name: string) => T): T | undefined =>
    fields[name] === undefined ? undefined : read(name);
  return {
    parentHash: text("parentHash"),
    sha3Uncles: text("uncleHash"),
    miner: text("coinbase"),
    stateRoot: text("stateRoot"),
    transactionsRoot: text("transactionsTrie"),
    receiptsRoot: text("receiptTrie"),
    logsBloom: text("bloom"),
    difficulty: number("difficulty"),
    number: number("number"),
    gasLimit: number("gasLimit"),
    gasUsed: number("gasUsed"),
    timestamp: number("timestamp"),
    extraData: text("extraData"),
    mixHash: text("mixHash"),
    nonce: text("nonce"),
    baseFeePerGas: maybe("baseFeePerGas", number),
    withdrawalsRoot: maybe<Hash>("withdrawalsRoot", text),
    blobGasUsed: maybe("blobGasUsed", number),
    excessBlobGas: maybe("excessBlobGas", number),
    parentBeaconBlockRoot: maybe<Hash>("parentBeaconBlockRoot", text),
    requestsHash: maybe<Hash>("requestsHash", text),
    blockAccessListHash: maybe<Hash>("blockAccessListHash", text),
    slotNumber: maybe("slotNumber", number),
  };
}
