/** Parts that state and blockchain fixtures share. All strings are 0x hex. */
import type { Address, Hash } from "../../../src/internal/chain/types.js";
import type { ChainState } from "../../../src/internal/evm/types.js";
import type {
  BlobSchedule,
  ScheduleOptions,
} from "../../../src/internal/protocol/rules.js";

import { fromHex, toHash } from "../../../src/internal/chain/hex.js";

export interface FixtureAccount {
  readonly balance: string;
  readonly nonce: string;
  readonly code: string;
  readonly storage: Readonly<Record<string, string>>;
}
export type FixtureAccounts = Readonly<Record<string, FixtureAccount>>;

/** What EEST fixtures say of their chain. */
export interface FixtureConfig {
  readonly chainid?: string;
  readonly blobSchedule?: Readonly<
    Record<
      string,
      {
        readonly target: string;
        readonly max: string;
        readonly baseFeeUpdateFraction: string;
      }
    >
  >;
}

export function scheduleOptions(
  config: FixtureConfig | undefined,
): ScheduleOptions {
  const blobSchedule: BlobSchedule = new Map(
    Object.entries(config?.blobSchedule ?? {}).map(([name, parameters]) => [
      name,
      {
        target: BigInt(parameters.target),
        max: BigInt(parameters.max),
        updateFraction: BigInt(parameters.baseFeeUpdateFraction),
      },
    ]),
  );
  return { chainId: BigInt(config?.chainid ?? 1), blobSchedule };
}

export function writeAccounts(
  state: ChainState,
  accounts: FixtureAccounts,
): void {
  for (const [key, account] of Object.entries(accounts)) {
    const address = addressOf(key);
    state.setBalance(address, BigInt(account.balance));
    state.setNonce(address, BigInt(account.nonce));
    if (account.code !== "0x" && account.code !== "") {
      state.setCode(address, fromHex(account.code));
    }
    for (const [slot, value] of Object.entries(account.storage)) {
      state.setSlot(address, word(slot), word(value));
    }
  }
  state.nextEpoch();
}

export function addressOf(text: string): Address {
  const digits = text.toLowerCase();
  return (digits.startsWith("0x") ? digits : `0x${digits}`) as Address;
}

export function word(value: string): Hash {
  return toHash(BigInt(value === "0x" ? 0 : value));
}
