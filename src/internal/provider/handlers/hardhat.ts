/** The `hardhat_` methods. */
import type { Chain } from "../../chain/chain-interface.js";
import type { Address, Hash } from "../../chain/types.js";

import { type Method, method, type MethodTable } from "../method.js";
import { optional } from "../params/param-type.js";
import { none, type Params, single, tuple } from "../params/params.js";
import { address, boolean, hash, U64, U128 } from "../params/primitives.js";
import {
  rpcAddress,
  rpcData,
  rpcNonce,
  rpcQuantity,
  rpcStorageKey,
  rpcStorageValue,
} from "../params/strict.js";

/** A method that changes something and says true. */
function setter<P extends readonly unknown[]>(
  params: Params<P>,
  set: (chain: Chain, ...params: P) => unknown,
): Method {
  return method(params, ({ chain }, ...values) => {
    set(chain, ...values);
    return true;
  });
}

export const hardhatMethods: MethodTable = {
  hardhat_setBalance: setter(
    tuple<[Address, bigint]>("SetBalance", [rpcAddress, rpcQuantity]),
    (chain, account, value) => chain.setBalance(account, value),
  ),
  hardhat_setNonce: setter(
    tuple<[Address, bigint]>("SetNonce", [rpcAddress, rpcNonce]),
    (chain, account, value) => chain.setNonce(account, value),
  ),
  hardhat_setCode: setter(
    tuple<[Address, Uint8Array]>("SetCode", [rpcAddress, rpcData]),
    (chain, account, code) => chain.setCode(account, code),
  ),
  hardhat_setStorageAt: setter(
    tuple<[Address, Hash, Hash]>("SetStorageAt", [
      rpcAddress,
      rpcStorageKey,
      rpcStorageValue,
    ]),
    (chain, account, key, value) => chain.setStorageAt(account, key, value),
  ),
  hardhat_setCoinbase: setter(single(address), (chain, value) => {
    chain.coinbase = value;
  }),
  hardhat_setPrevRandao: setter(single(hash), (chain, value) =>
    chain.setPrevRandao(value),
  ),
  hardhat_setNextBlockBaseFeePerGas: setter(single(U128), (chain, value) =>
    chain.setNextBlockBaseFeePerGas(value),
  ),
  hardhat_setMinGasPrice: setter(single(U128), (chain, value) =>
    chain.setMinGasPrice(value),
  ),
  hardhat_impersonateAccount: setter(single(rpcAddress), (chain, account) =>
    chain.impersonate(account),
  ),
  hardhat_stopImpersonatingAccount: method(
    single(rpcAddress),
    ({ chain }, account) => chain.stopImpersonating(account),
  ),
  hardhat_dropTransaction: method(single(hash), ({ chain }, value) =>
    chain.dropTransaction(value),
  ),
  hardhat_getAutomine: method(none, ({ chain }) => chain.automine),
  hardhat_mine: method(
    tuple<[bigint | undefined, bigint | undefined]>(
      "Mine",
      [optional(U64), optional(U64)],
      0,
    ),
    ({ chain, logger }, count = 1n, interval = 1n) => {
      const range = chain.mineMany(count, interval);
      logger.mined(range.blocks, range.reserved);
      return true;
    },
  ),
  hardhat_metadata: method(none, ({ chain, clientVersion }) => ({
    clientVersion,
    chainId: Number(chain.chainId),
    instanceId: chain.instanceId,
    latestBlockNumber: Number(chain.latestNumber),
    latestBlockHash: chain.latest.hash,
  })),
  hardhat_setLoggingEnabled: method(single(boolean), ({ logger }, value) => {
    logger.isEnabled = value;
    return true;
  }),
};
