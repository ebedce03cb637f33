/** Compares what a block came to here with what EDR makes of it. */
import type { Address, Hash } from "../chain/types.js";
import type { ChainState, RunResult } from "../evm/types.js";
import type { Difference } from "../executor/compare-outcomes.js";
import type { BlockOutcome } from "../executor/types.js";
import type { CapturedBlock, TouchedState } from "./block-json.js";
import type { Edr, EdrBlock, EdrQuestion } from "./edr.js";
import type { ExecutedAccount } from "./types.js";

import { isSuccess } from "../chain/execution-status.js";
import { compareFields } from "../executor/compare-outcomes.js";
import { partOfState } from "./block-json.js";

/** What is compared, read at once: later the state goes on. */
export interface EdrCheck {
  readonly question: EdrQuestion;
  readonly expected: EdrBlock;
  /** Index in the block's transactions of each receipt. */
  readonly included: readonly number[];
}

/**
 * @param outcome what the block came to, with access sets.
 * @param epochBefore at its end, `state` is as the block found it; now it is as the block left it.
 */
export function prepareCheck(
  block: Omit<CapturedBlock, "onInvalid">,
  outcome: BlockOutcome,
  state: ChainState,
  epochBefore: number,
): EdrCheck {
  const touched = touchedBy(outcome.results);
  const transactions = outcome.included.map(
    (index) => block.transactions[index],
  );
  return {
    question: {
      block: { ...block, transactions },
      preState: partOfState(state, touched, epochBefore),
      touched,
    },
    expected: {
      receipts: outcome.results.map((result) => {
        const success = isSuccess(result.status);
        return {
          status: success ? 1 : 0,
          gasUsed: result.gasUsed,
          effectiveGasPrice: result.effectiveGasPrice,
          contractAddress: success ? result.createdAddress : undefined,
          logs: result.logs.map(({ address, topics, data, logIndex }) => ({
            address,
            topics: [...topics],
            data,
            logIndex,
          })),
        };
      }),
      // The receipts' sum; a block's gas may be more (EIP-7778).
      gasUsed: outcome.results.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
      state: partOfState(state, touched),
    },
    included: outcome.included,
  };
}

/**
 * Empty when EDR comes to the same.
 * @throws NotComparableError when EDR cannot be asked.
 */
export async function compareWithEdr(
  edr: Pick<Edr, "execute">,
  { question, expected, included }: EdrCheck,
): Promise<Difference[]> {
  const actual = await edr.execute(question);
  const differences: Difference[] = [];
  compareFields(
    "the block",
    { gasUsed: expected.gasUsed, receipts: expected.receipts.length },
    { gasUsed: actual.gasUsed, receipts: actual.receipts.length },
    differences,
  );
  for (const [position, receipt] of actual.receipts.entries()) {
    const where = `transaction ${included[position]}`;
    // A contract that could not be made has an address in some receipts of EDR.
    const other =
      receipt.status === 1
        ? receipt
        : { ...receipt, contractAddress: undefined };
    compareFields(where, expected.receipts[position], other, differences);
  }
  for (const [at, account] of Object.entries(expected.state)) {
    compareFields(
      `account ${at}`,
      comparable(account),
      comparable(actual.state[at as Address]),
      differences,
    );
  }
  return differences;
}

function comparable({ storage, ...account }: ExecutedAccount): object {
  return {
    ...account,
    storage: Object.fromEntries(
      Object.entries(storage).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

/** Accounts and slots that the transactions read or wrote. */
export function touchedBy(results: readonly RunResult[]): TouchedState {
  const touched = new Map<Address, Set<Hash>>();
  const keysOf = (at: Address): Set<Hash> => {
    let keys = touched.get(at);
    if (keys === undefined) {
      keys = new Set();
      touched.set(at, keys);
    }
    return keys;
  };
  for (const { accessSet } of results) {
    for (const { address } of accessSet?.accounts ?? []) keysOf(address);
    for (const { address, key } of accessSet?.slots ?? []) {
      keysOf(address).add(key);
    }
  }
  return touched;
}
