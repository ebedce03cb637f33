/** Blocks. */
import type {
  Block,
  BlockReference,
  BlockTag,
  Hash,
} from "../../chain/types.js";
import type { ProviderContext } from "../context.js";

import { formatBlock } from "../format/block.js";
import { toQuantity } from "../format/quantity.js";
import { method, type MethodTable } from "../method.js";
import { preEip1898BlockSpec } from "../params/block-spec.js";
import { none, single, tuple } from "../params/params.js";
import { boolean, hash } from "../params/primitives.js";

/** The block of a tag or number; undefined when there is none. */
export function findBlock(
  { chain }: ProviderContext,
  reference: BlockReference,
): Block | undefined {
  // Tags are checked against the hard fork; a number may name no block.
  return typeof reference === "string"
    ? chain.requireBlock(reference)
    : chain.block(reference);
}

function blockResult(
  context: ProviderContext,
  block: Block | undefined,
  full: boolean,
): unknown {
  return block === undefined
    ? null
    : formatBlock(block, full, context.showsType);
}

function countTransactions(block: Block | undefined): string | null {
  return block === undefined ? null : toQuantity(block.transactions.length);
}

export const blockMethods: MethodTable = {
  eth_blockNumber: method(none, ({ chain }) => toQuantity(chain.latestNumber)),
  eth_getBlockByNumber: method(
    tuple<[BlockTag | bigint, boolean]>("GetBlockByNumber", [
      preEip1898BlockSpec,
      boolean,
    ]),
    (context, reference, full) =>
      blockResult(context, findBlock(context, reference), full),
  ),
  eth_getBlockByHash: method(
    tuple<[Hash, boolean]>("GetBlockByHash", [hash, boolean]),
    (context, blockHash, full) =>
      blockResult(context, context.chain.block({ hash: blockHash }), full),
  ),
  eth_getBlockTransactionCountByNumber: method(
    single(preEip1898BlockSpec),
    (context, reference) => countTransactions(findBlock(context, reference)),
  ),
  eth_getBlockTransactionCountByHash: method(single(hash), ({ chain }, value) =>
    countTransactions(chain.block({ hash: value })),
  ),
};
