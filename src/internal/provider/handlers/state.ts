/** Balances, nonces, code, storage and proofs, at any block. */
import type { Address, BlockReference, Hash, Hex } from "../../chain/types.js";

import { toHex, toQuantity } from "../format/quantity.js";
import { method, type MethodTable } from "../method.js";
import { blockSpec } from "../params/block-spec.js";
import { list, optional, type ParamType } from "../params/param-type.js";
import { tuple } from "../params/params.js";
import { hash } from "../params/primitives.js";
import { rpcAddress, storageSlot } from "../params/strict.js";

const at: ParamType<BlockReference | undefined> = optional(blockSpec);

/** An empty trie is proved by its root node: the encoding of nothing. */
function proofNodes(nodes: readonly Uint8Array[]): Hex[] {
  return nodes.length === 0 ? ["0x80"] : nodes.map(toHex);
}

export const stateMethods: MethodTable = {
  eth_getBalance: method(
    tuple<[Address, BlockReference | undefined]>(
      "GetBalance",
      [rpcAddress, at],
      1,
    ),
    ({ chain }, address, reference) =>
      toQuantity(chain.balance(address, reference)),
  ),
  eth_getTransactionCount: method(
    tuple<[Address, BlockReference | undefined]>(
      "GetTransactionCount",
      [rpcAddress, at],
      1,
    ),
    ({ chain }, address, reference) =>
      toQuantity(chain.nonce(address, reference)),
  ),
  eth_getCode: method(
    tuple<[Address, BlockReference | undefined]>(
      "GetCode",
      [rpcAddress, at],
      1,
    ),
    ({ chain }, address, reference) => toHex(chain.code(address, reference)),
  ),
  eth_getStorageAt: method(
    tuple<[Address, Hash, BlockReference | undefined]>(
      "GetStorageAt",
      [rpcAddress, storageSlot, at],
      2,
    ),
    ({ chain }, address, slot, reference) =>
      chain.slot(address, slot, reference),
  ),
  eth_getProof: method(
    tuple<[Address, Hash[], BlockReference]>("GetProof", [
      rpcAddress,
      list(hash),
      blockSpec,
    ]),
    ({ chain }, address, keys, reference) => {
      const proof = chain.proof(address, keys, reference);
      return {
        address,
        balance: toQuantity(proof.balance),
        codeHash: proof.codeHash,
        nonce: toQuantity(proof.nonce),
        storageHash: proof.storageHash,
        accountProof: proofNodes(proof.accountProof),
        storageProof: proof.storageProof.map((slot) => ({
          key: slot.key,
          value: toQuantity(BigInt(slot.value)),
          proof: proofNodes(slot.proof),
        })),
      };
    },
  ),
};
