/** What the core does not look at in a transaction: its signature, and the chain it was signed for. */
import type { Transaction } from "../chain/types.js";
import type { ProtocolRules } from "./rules.js";

import { HOMESTEAD, SPURIOUS_DRAGON } from "../chain/hardforks.js";
import { HALF_ORDER } from "../chain/signatures.js";

/** Why the fork does not allow for the transaction, or undefined. */
export function transactionFault(
  { type, s, chainId }: Transaction,
  { fork, name }: ProtocolRules,
  expectedChainId: bigint,
): string | undefined {
  // EIP-2
  if (fork >= HOMESTEAD && s > HALF_ORDER) {
    return `s of the signature: expected at most half the curve's order, got ${s}`;
  }
  if (chainId === undefined) {
    return undefined;
  }
  // EIP-155
  if (type === 0 && fork < SPURIOUS_DRAGON) {
    return `v of the signature: expected 27 or 28 in ${name}, got one with a chain id`;
  }
  return chainId === expectedChainId
    ? undefined
    : `chain id: expected ${expectedChainId}, got ${chainId}`;
}
