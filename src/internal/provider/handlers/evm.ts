/** Mining, time and snapshots: the `evm_` methods. */
import { toQuantity } from "../format/quantity.js";
import { method, type MethodTable } from "../method.js";
import { interval } from "../params/filter-options.js";
import { first, none, single } from "../params/params.js";
import { boolean, U64 } from "../params/primitives.js";
import { timestamp } from "../params/strict.js";

export const evmMethods: MethodTable = {
  // These two answer in decimal.
  evm_increaseTime: method(single(timestamp), ({ chain }, seconds) =>
    chain.increaseTime(seconds).toString(),
  ),
  evm_setNextBlockTimestamp: method(single(timestamp), ({ chain }, value) =>
    chain.setNextBlockTimestamp(value).toString(),
  ),
  evm_mine: method(first(timestamp), ({ chain, logger }, value) => {
    const mined = chain.mine(value);
    logger.mined([mined], undefined);
    return "0";
  }),
  evm_snapshot: method(none, ({ chain }) => toQuantity(chain.snapshot())),
  evm_revert: method(single(U64), ({ chain }, id) => chain.revert(id)),
  evm_setAutomine: method(single(boolean), ({ chain }, value) => {
    chain.automine = value;
    return true;
  }),
  evm_setIntervalMining: method(single(interval), ({ chain }, value) => {
    chain.setIntervalMining(
      typeof value === "number"
        ? BigInt(value)
        : [BigInt(value[0]), BigInt(value[1])],
    );
    return true;
  }),
  evm_setBlockGasLimit: method(single(U64), ({ chain }, value) => {
    chain.setBlockGasLimit(value);
    return true;
  }),
};
