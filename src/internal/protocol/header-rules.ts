/** What a header has to be, given its parent's. */
import type { BlockHeader, Hex } from "../chain/types.js";
import type { ProtocolRules } from "./rules.js";

import { difficultyAfter } from "../chain/difficulty.js";
import {
  INITIAL_BASE_FEE,
  nextBaseFee,
  nextExcessBlobGas,
} from "../chain/fees.js";
import {
  AMSTERDAM,
  CANCUN,
  LONDON,
  PARIS,
  PRAGUE,
  SHANGHAI,
} from "../chain/hardforks.js";
import { EMPTY_LIST_HASH } from "../chain/header.js";
import { DAO_EXTRA_DATA } from "./block-codec.js";
import { expectEqual, refuse } from "./errors.js";

const MINIMUM_GAS_LIMIT = 5_000n;
const MAXIMUM_GAS_LIMIT = 2n ** 63n - 1n;
const GAS_LIMIT_BOUND = 1_024n;
const MAXIMUM_EXTRA_DATA = 32;
const ZERO_NONCE: Hex = "0x0000000000000000";
/** EIP-779: so many blocks from the fork on carry the mark. */
const DAO_EXTRA_RANGE = 10n;

/** @throws InvalidBlockError */
export function validateHeader(
  header: BlockHeader,
  parent: BlockHeader,
  rules: ProtocolRules,
): void {
  const { fork } = rules;
  expectEqual("number", parent.number + 1n, header.number);
  if (header.timestamp <= parent.timestamp) {
    refuse(
      "timestamp",
      `expected more than the parent's ${parent.timestamp}, got ${header.timestamp}`,
    );
  }
  const isFirst = fork >= LONDON && parent.baseFeePerGas === undefined;
  validateGas(header, isFirst ? parent.gasLimit * 2n : parent.gasLimit);
  validateFields(header, fork);
  if (fork >= LONDON) {
    const fee = isFirst ? INITIAL_BASE_FEE : nextBaseFee(parent);
    expectEqual("base fee", fee, header.baseFeePerGas);
  }
  validateExtraData(header, rules);
  if (fork >= PARIS) {
    // EIP-3675
    expectEqual("difficulty", 0n, header.difficulty);
    expectEqual("nonce", ZERO_NONCE, header.nonce);
    expectEqual("ommers after the merge", EMPTY_LIST_HASH, header.sha3Uncles);
  } else {
    expectEqual(
      "difficulty",
      difficultyAfter(
        rules,
        {
          difficulty: parent.difficulty,
          timestamp: parent.timestamp,
          hasOmmers: parent.sha3Uncles !== EMPTY_LIST_HASH,
        },
        header.number,
        header.timestamp,
      ),
      header.difficulty,
    );
  }
  validateBlobGas(header, parent, rules);
}

/** Fields that the fork has are there, and no others. */
function validateFields(header: BlockHeader, fork: number): void {
  const fields: readonly [keyof BlockHeader, boolean][] = [
    ["baseFeePerGas", fork >= LONDON],
    ["withdrawalsRoot", fork >= SHANGHAI],
    ["blobGasUsed", fork >= CANCUN],
    ["excessBlobGas", fork >= CANCUN],
    ["parentBeaconBlockRoot", fork >= CANCUN],
    ["requestsHash", fork >= PRAGUE],
    ["blockAccessListHash", fork >= AMSTERDAM],
    ["slotNumber", fork >= AMSTERDAM],
  ];
  for (const [field, isExpected] of fields) {
    if ((header[field] !== undefined) !== isExpected) {
      refuse(
        "header fields",
        `${field}: expected ${isExpected ? "a value" : "no such field"}, got ${header[field] ?? "none"}`,
      );
    }
  }
}

/** @param before the parent's limit; EIP-1559 doubles it for the first block of London. */
function validateGas({ gasLimit, gasUsed }: BlockHeader, before: bigint): void {
  const change = gasLimit > before ? gasLimit - before : before - gasLimit;
  if (
    change >= before / GAS_LIMIT_BOUND ||
    gasLimit < MINIMUM_GAS_LIMIT ||
    gasLimit > MAXIMUM_GAS_LIMIT
  ) {
    refuse(
      "gas limit",
      `expected about the parent's ${before}, got ${gasLimit}`,
    );
  }
  if (gasUsed > gasLimit) {
    refuse(
      "gas used above the limit",
      `expected at most ${gasLimit}, got ${gasUsed}`,
    );
  }
}

function validateExtraData(
  { extraData, number }: BlockHeader,
  { daoBlock }: ProtocolRules,
): void {
  const size = (extraData.length - 2) / 2;
  if (size > MAXIMUM_EXTRA_DATA) {
    refuse(
      "extra data",
      `expected at most ${MAXIMUM_EXTRA_DATA} bytes, got ${size}`,
    );
  }
  if (daoBlock !== undefined && number < daoBlock + DAO_EXTRA_RANGE) {
    expectEqual("DAO extra data", DAO_EXTRA_DATA, extraData);
  }
}

function validateBlobGas(
  header: BlockHeader,
  parent: BlockHeader,
  { blobs }: ProtocolRules,
): void {
  if (blobs === undefined) {
    return;
  }
  expectEqual(
    "excess blob gas",
    nextExcessBlobGas(
      {
        excessBlobGas: parent.excessBlobGas ?? 0n,
        blobGasUsed: parent.blobGasUsed ?? 0n,
        baseFeePerGas: parent.baseFeePerGas ?? 0n,
      },
      blobs,
    ),
    header.excessBlobGas,
  );
}
