import type {
  EdrNetworkAccountsConfig,
  EdrNetworkHDAccountsConfig,
} from "hardhat/types/config";
import type { ChainAccount } from "../chain/chain-interface.js";
import type { Hex } from "../chain/types.js";

import { DEFAULT_ACCOUNT_BALANCE } from "../constants.js";
import {
  DEFAULT_ADDRESSES,
  DEFAULT_DERIVATION_PATH,
  DEFAULT_KEYS,
  DEFAULT_MNEMONIC,
} from "./default-keys.js";

const HD_PATH = /^m(?:\/\d+'?)+\/?$/;

/** False when the derivation path of HD accounts is no path. */
export function areAccountsDerivable(
  accounts: EdrNetworkAccountsConfig,
): boolean {
  return Array.isArray(accounts) || HD_PATH.test(accounts.path);
}

// Suites open hundreds of connections with one config; deriving 20 keys takes tens of milliseconds.
const ownedAccounts = new WeakMap<
  EdrNetworkAccountsConfig,
  Promise<readonly ChainAccount[]>
>();

/** The accounts of a network's config, in order. */
export async function getOwnedAccounts(
  accounts: EdrNetworkAccountsConfig,
): Promise<readonly ChainAccount[]> {
  let owned = ownedAccounts.get(accounts);
  if (owned === undefined) {
    owned = resolveAccounts(accounts);
    ownedAccounts.set(accounts, owned);
    owned.catch(() => ownedAccounts.delete(accounts));
  }
  return await owned;
}

async function resolveAccounts(
  accounts: EdrNetworkAccountsConfig,
): Promise<readonly ChainAccount[]> {
  if (!Array.isArray(accounts)) {
    const balance = accounts.accountsBalance ?? DEFAULT_ACCOUNT_BALANCE;
    const keys = await deriveKeys(accounts);
    return await Promise.all(keys.map((key) => toChainAccount(key, balance)));
  }
  return await Promise.all(
    accounts.map(
      async ({ privateKey, balance }) =>
        await toChainAccount((await privateKey.getHexString()) as Hex, balance),
    ),
  );
}

async function toChainAccount(
  key: Hex,
  balance: bigint,
): Promise<ChainAccount> {
  const privateKey = Buffer.from(key.slice(2).padStart(64, "0"), "hex");
  const index = DEFAULT_KEYS.indexOf(key);
  return {
    address:
      index === -1 ? await addressOf(privateKey) : DEFAULT_ADDRESSES[index],
    privateKey,
    balance,
  };
}

async function addressOf(privateKey: Uint8Array): Promise<Hex> {
  const [{ secp256k1 }, { keccak_256 }] = await Promise.all([
    import("@noble/curves/secp256k1.js"),
    import("@noble/hashes/sha3.js"),
  ]);
  const publicKey = secp256k1.getPublicKey(privateKey, false);
  const hash = keccak_256(publicKey.subarray(1));
  return `0x${Buffer.from(hash.subarray(12)).toString("hex")}`;
}

async function deriveKeys(
  accounts: EdrNetworkHDAccountsConfig,
): Promise<readonly Hex[]> {
  const mnemonic = (await accounts.mnemonic.get()).trim();
  const passphrase = await accounts.passphrase.get();
  const path = accounts.path.replace(/\/$/, "");
  const { initialIndex, count } = accounts;
  const end = initialIndex + count;
  if (
    mnemonic === DEFAULT_MNEMONIC &&
    passphrase === "" &&
    path === DEFAULT_DERIVATION_PATH &&
    initialIndex >= 0 &&
    end <= DEFAULT_KEYS.length
  ) {
    return DEFAULT_KEYS.slice(initialIndex, end);
  }

  // Both take long to load, and the default config needs neither.
  const [{ HDKey }, { mnemonicToSeedSync }] = await Promise.all([
    import("@scure/bip32"),
    import("@scure/bip39"),
  ]);
  const root = HDKey.fromMasterSeed(mnemonicToSeedSync(mnemonic, passphrase));
  const parent = root.derive(path);
  return Array.from({ length: count }, (_, index) => {
    const { privateKey } = parent.deriveChild(initialIndex + index);
    // Not null: a key derived from a private one has a private part.
    return `0x${Buffer.from(privateKey!).toString("hex")}` as const;
  });
}
