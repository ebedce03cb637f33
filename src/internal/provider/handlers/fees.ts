/** Prices. */
import type { BlockReference } from "../../chain/types.js";

import { toQuantity } from "../format/quantity.js";
import { method, type MethodTable } from "../method.js";
import { blockSpec } from "../params/block-spec.js";
import { list } from "../params/param-type.js";
import { none, tuple } from "../params/params.js";
import { float, U256 } from "../params/primitives.js";

const GWEI = 1_000_000_000n;

export const feeMethods: MethodTable = {
  eth_gasPrice: method(none, ({ chain }) => toQuantity(chain.gasPrice())),
  eth_maxPriorityFeePerGas: method(none, () => toQuantity(GWEI)),
  eth_blobBaseFee: method(none, ({ chain }) => toQuantity(chain.blobBaseFee())),
  eth_feeHistory: method(
    tuple<[bigint, BlockReference, number[]]>("FeeHistory", [
      U256,
      blockSpec,
      list(float),
    ]),
    ({ chain }, count, newest, percentiles) => {
      const history = chain.feeHistory(
        count,
        newest,
        percentiles.length === 0 ? undefined : percentiles,
      );
      return {
        oldestBlock: toQuantity(history.oldestBlock),
        baseFeePerGas: history.baseFeePerGas.map(toQuantity),
        gasUsedRatio: [...history.gasUsedRatio],
        ...(history.reward === undefined
          ? {}
          : { reward: history.reward.map((tips) => tips.map(toQuantity)) }),
      };
    },
  ),
};
