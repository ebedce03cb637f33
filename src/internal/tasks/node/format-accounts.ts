import type { EdrNetworkAccountsConfig } from "hardhat/types/config";
import type { ChainAccount } from "../../chain/chain-interface.js";

import { styleText } from "node:util";

import { getOwnedAccounts } from "../../network/accounts.js";
import { DEFAULT_ADDRESSES } from "../../network/default-keys.js";

const PRIVATE_KEY_PREFIX = "Private Key:";
const WEI_PER_ETHER = 10n ** 18n;

/** The list of accounts that the `node` task prints; private keys only for the default accounts. */
export async function formatAccounts(
  config: EdrNetworkAccountsConfig,
): Promise<string> {
  const accounts = await getOwnedAccounts(config);
  if (accounts.length === 0) {
    return "";
  }
  const areDefault = !Array.isArray(config) && isDefaultList(accounts);
  const width = Math.max(
    accountPrefix(accounts.length - 1).length,
    areDefault ? PRIVATE_KEY_PREFIX.length : 0,
  );
  const warning = areDefault ? [publicKeysWarning(), ""] : [];

  const lines = ["Accounts", "========"];
  if (areDefault) {
    lines.push("", ...warning);
  }
  for (const [index, { address, balance, privateKey }] of accounts.entries()) {
    lines.push(
      `${accountPrefix(index).padEnd(width)} ${address} (${balance / WEI_PER_ETHER} ETH)`,
    );
    if (areDefault) {
      const hex = Buffer.from(privateKey).toString("hex");
      lines.push(`${PRIVATE_KEY_PREFIX.padEnd(width)} 0x${hex}`);
    }
    lines.push("");
  }
  return [...lines, ...warning].join("\n");
}

function accountPrefix(index: number): string {
  return `Account #${index}:`;
}

function isDefaultList(accounts: readonly ChainAccount[]): boolean {
  return (
    accounts.length === DEFAULT_ADDRESSES.length &&
    accounts.every(
      ({ address, balance }, index) =>
        address === DEFAULT_ADDRESSES[index] &&
        balance === 10_000n * WEI_PER_ETHER,
    )
  );
}

function publicKeysWarning(): string {
  return styleText(
    "bold",
    "WARNING: Funds sent on live network to accounts with publicly known private keys WILL BE LOST.",
  );
}
