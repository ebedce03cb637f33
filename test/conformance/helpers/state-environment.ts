import type { Address } from "../../../src/internal/chain/types.js";
import type { BlockEnvironment } from "../../../src/internal/evm/types.js";
import type { ProtocolRules } from "../../../src/internal/protocol/rules.js";

import { blobFee, GAS_PER_BLOB } from "../../../src/internal/chain/fees.js";
import { PARIS } from "../../../src/internal/chain/hardforks.js";
import { keccakHash } from "../../../src/internal/evm/keccak.js";
import { word } from "./fixture-state.js";

/** The block that a state fixture's `env` describes. */
export function environmentOf(
  { fork, blobs, transactionGasCap, maxBlobsPerTransaction }: ProtocolRules,
  chainId: bigint,
  env: Readonly<Record<string, string>>,
): BlockEnvironment {
  const number = BigInt(env.currentNumber ?? 1);
  const random =
    fork >= PARIS ? env.currentRandom : (env.currentDifficulty ?? "0x00");
  return {
    number,
    timestamp: BigInt(env.currentTimestamp ?? 1),
    gasLimit: BigInt(env.currentGasLimit ?? 0),
    chainId,
    baseFee: BigInt(env.currentBaseFee ?? 0),
    prevRandao: word(random ?? "0x00"),
    blobBaseFee:
      blobs === undefined
        ? 0n
        : blobFee(BigInt(env.currentExcessBlobGas ?? 0), blobs),
    coinbase: (
      env.currentCoinbase ?? "0x0000000000000000000000000000000000000000"
    ).toLowerCase() as Address,
    fork,
    unlimitedCodeSize: false,
    transactionGasCap,
    enforceBlockGasLimit: true,
    maxBlobGas: (blobs?.max ?? 0n) * GAS_PER_BLOB,
    maxBlobsPerTransaction,
    refuseSendersWithCode: true,
    slotNumber: BigInt(env.slotNumber ?? 0),
    stateGasApart: true,
    // The fixtures' convention: the hash of the number in decimal.
    blockHash: (of) =>
      of < number && of + 256n >= number && of >= 0n
        ? keccakHash(new TextEncoder().encode(String(of)))
        : undefined,
  };
}
