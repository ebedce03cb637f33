/** Compares what a block came to here with what EDR makes of it. */
import type { AccessSet, Address, Hash } from "../chain/types.js";
import type { Difference } from "../executor/compare-outcomes.js";
import type { TouchedState } from "./block-json.js";
import type { Edr, EdrBlock, EdrQuestion } from "./edr.js";
import type { ExecutedAccount, TransactionReceipt } from "./types.js";

import { compareFields } from "../executor/compare-outcomes.js";

/** What is compared, read at once: later the state goes on. */
export interface EdrCheck {
  readonly question: EdrQuestion;
  readonly expected: EdrBlock;
  /** Index in the block's transactions of each receipt. */
  readonly included: readonly number[];
}

/**
 * @param read what the touched part of the state was and is.
 */
export function prepareCheck(
  block: EdrQuestion["block"],
  executed: {
    readonly receipts: readonly TransactionReceipt[];
    readonly accessSets: readonly AccessSet[];
  },
  read: {
    readonly before: (touched: TouchedState) => EdrQuestion["preState"];
    readonly after: (touched: TouchedState) => EdrBlock["state"];
  },
): EdrCheck {
  const { receipts, accessSets } = executed;
  const touched = touchedBy(accessSets);
  const included = receipts.map(({ index }) => index);
  const transactions = included.map((index) => block.transactions[index]);
  return {
    question: {
      block: { ...block, transactions },
      preState: read.before(touched),
      touched,
    },
    expected: {
      receipts: receipts.map(
        ({ status, gasUsed, effectiveGasPrice, contractAddress, logs }) => ({
          status,
          gasUsed,
          effectiveGasPrice,
          contractAddress,
          logs: logs.map(({ address, topics, data, logIndex }) => ({
            address,
            topics: [...topics],
            data,
            logIndex,
          })),
        }),
      ),
      // A block's gas may be more (EIP-7778).
      gasUsed: receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
      state: read.after(touched),
    },
    included,
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
function touchedBy(accessSets: readonly AccessSet[]): TouchedState {
  const touched = new Map<Address, Set<Hash>>();
  const keysOf = (at: Address): Set<Hash> => {
    let keys = touched.get(at);
    if (keys === undefined) {
      keys = new Set();
      touched.set(at, keys);
    }
    return keys;
  };
  for (const { accounts, slots } of accessSets) {
    for (const { address } of accounts) keysOf(address);
    for (const { address, key } of slots) keysOf(address).add(key);
  }
  return touched;
}
