/** Accounts and signatures. */
import type { Address } from "../../chain/types.js";
import type { ProviderContext } from "../context.js";

import { keccak256 } from "../../evm/keccak.js";
import { toHex } from "../format/quantity.js";
import { method, type MethodTable } from "../method.js";
import { none, tuple } from "../params/params.js";
import { data } from "../params/primitives.js";
import { rpcAddress } from "../params/strict.js";
import { typedData } from "../typed-data/param.js";
import { typedDataHash } from "../typed-data/typed-data.js";

const PREFIX = "\x19Ethereum Signed Message:\n";

/** EIP-191. */
function signMessage(
  { chain }: ProviderContext,
  address: Address,
  message: Uint8Array,
): string {
  const bytes = Buffer.concat([
    Buffer.from(`${PREFIX}${message.length}`, "utf8"),
    message,
  ]);
  return toHex(chain.sign(address, keccak256(bytes)));
}

export const accountMethods: MethodTable = {
  eth_accounts: method(none, ({ chain }) => [...chain.accounts]),
  eth_sign: method(
    tuple<[Address, Uint8Array]>("EthSign", [rpcAddress, data]),
    signMessage,
  ),
  personal_sign: method(
    tuple<[Uint8Array, Address]>("PersonalSign", [data, rpcAddress]),
    (context, message, address) => signMessage(context, address, message),
  ),
  eth_signTypedData_v4: method(
    tuple("SignTypedDataV4", [rpcAddress, typedData]),
    ({ chain }, address, message) =>
      toHex(chain.sign(address, typedDataHash(message))),
  ),
};
