/** What network this is: `web3_`, `net_` and constant `eth_` methods. */
import { keccak256 } from "../../evm/keccak.js";
import { toHex, toQuantity } from "../format/quantity.js";
import { method, type MethodTable } from "../method.js";
import { none, single } from "../params/params.js";
import { data } from "../params/primitives.js";

export const networkMethods: MethodTable = {
  eth_chainId: method(none, ({ chain }) => toQuantity(chain.chainId)),
  eth_coinbase: method(none, ({ chain }) => chain.coinbase),
  eth_syncing: method(none, () => false),
  net_version: method(none, ({ chain }) => chain.networkId.toString()),
  web3_clientVersion: method(none, ({ clientVersion }) => clientVersion),
  web3_sha3: method(single(data), (_context, bytes) => toHex(keccak256(bytes))),
};
