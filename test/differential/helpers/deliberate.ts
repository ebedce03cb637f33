import type { ConcreteRequest, NetworkOptions, Outcome } from "./types.js";

import { type Difference, firstDifference } from "./compare.js";

export interface Divergence {
  readonly request: ConcreteRequest;
  readonly reference: Outcome;
  readonly subject: Outcome;
  readonly difference: Difference;
  readonly config: NetworkOptions;
  /** Message of the reference's error when asked for its pending block now. */
  readonly pendingError: string | undefined;
}

/** A place where EDR is not followed, by decision: docs/deliberate-differences.md has a row of this name. */
export interface DeliberateDifference {
  readonly name: string;
  readonly reason: string;
  /** True when the two chains are not comparable from here on. */
  readonly ends: boolean;
  matches(divergence: Divergence): boolean;
}

/** Told to listeners by EDR alone; the runner takes them out. */
export const REVERT_EVENT: DeliberateDifference = {
  name: "revert-event",
  reason:
    "evm_revert to a snapshot that does not exist: EDR tells listeners that it was reverted.",
  ends: false,
  matches: () => false,
};

/** The runner tells answers in EDR's hashes (block-hashes.ts). */
export const ACCESS_LIST_HASH: DeliberateDifference = {
  name: "access-list-hash",
  reason:
    "Amsterdam: EDR makes the hash of a block's access list up; ours is that of EIP-7928. So the blocks' hashes differ too.",
  ends: false,
  matches: () => false,
};

export const DELIBERATE_DIFFERENCES: readonly DeliberateDifference[] = [
  REVERT_EVENT,
  ACCESS_LIST_HASH,
  {
    name: "unmineable-pool",
    reason:
      "a queued transaction became invalid (funds, or a nonce that another transaction used up): EDR can make no block until it is dropped; here it is left out.",
    ends: true,
    matches: ({ pendingError }) =>
      pendingError !== undefined &&
      /^nonce \d+ too low, expected \d+$|^Sender doesn't have enough funds to send tx/.test(
        pendingError,
      ),
  },
  {
    name: "console-log-twice",
    reason:
      "a transaction that is mined together with queued ones: EDR prints its console.log lines twice.",
    ends: false,
    matches: ({ request, reference, subject, difference }) =>
      request.method.startsWith("eth_send") &&
      difference.path.startsWith("output") &&
      reference.output.length > subject.output.length &&
      isSubsequence(subject.output, reference.output),
  },
  {
    name: "selfdestruct-to-itself",
    reason:
      "a contract that stays (EIP-6780) and destroys itself for itself: EDR's call traces show the zero address, or another transfer.",
    ends: false,
    matches: ({ request, reference, subject }) =>
      request.method.startsWith("debug_trace") &&
      firstDifference(
        withoutSelfdestructs(reference.result, subject.result),
        withoutSelfdestructs(subject.result, subject.result),
      ) === undefined,
  },
  {
    name: "reserved-blocks",
    reason:
      "hardhat_mine of many blocks: EDR's reserved blocks have no parent, miner or gas limit of their own; ours are true blocks.",
    ends: true,
    matches: ({ request, difference }) =>
      request.method === "hardhat_mine" && difference.path.startsWith("result"),
  },
];

/** `result` without what stands where `subject` has the SELFDESTRUCT of a contract for itself. */
function withoutSelfdestructs(result: unknown, subject: unknown): unknown {
  if (typeof result !== "object" || result === null) {
    return result;
  }
  if (isSelfdestructForItself(subject)) {
    return undefined;
  }
  const there = (subject ?? {}) as Record<string, unknown>;
  const rest = Object.entries(result).map(([key, value]): [string, unknown] => [
    key,
    withoutSelfdestructs(value, there[key]),
  ]);
  return Array.isArray(result)
    ? rest.map(([, value]) => value)
    : Object.fromEntries(rest);
}

function isSelfdestructForItself(node: unknown): boolean {
  const { type, from, to, action } = (node ?? {}) as {
    readonly type?: string;
    readonly from?: string;
    readonly to?: string;
    readonly action?: {
      readonly address: string;
      readonly refundAddress: string;
    };
  };
  return (
    (type === "SELFDESTRUCT" && from === to) ||
    (type === "suicide" && action?.address === action?.refundAddress)
  );
}

function isSubsequence(
  part: readonly string[],
  whole: readonly string[],
): boolean {
  let at = 0;
  for (const line of whole) {
    if (at < part.length && line === part[at]) {
      at++;
    }
  }
  return at === part.length;
}

export function findDeliberate(
  divergence: Divergence,
): DeliberateDifference | undefined {
  return DELIBERATE_DIFFERENCES.find((candidate) =>
    candidate.matches(divergence),
  );
}
