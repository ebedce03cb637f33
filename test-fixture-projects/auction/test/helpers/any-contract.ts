import type { ContractReturnType } from "@nomicfoundation/hardhat-viem/types";

/** A contract whose methods come from its ABI, which is not there before the project is built. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type AnyContract = ContractReturnType<string> & any;

/** What an event's log has besides its place. */
export interface EventLog {
  readonly args: Readonly<Record<string, unknown>>;
}
