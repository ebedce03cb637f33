/**
 * How long a block would take with more workers than the machine has: from what each of its transactions costs on one
 * thread and what it reads and writes. Checked against what was measured with one and two workers (executor.ts).
 */
import type { RecordedTransaction } from "../../src/internal/analysis/types.js";
import type { BlockOutcome } from "../../src/internal/executor/types.js";

import { MinHeap } from "../../src/internal/analysis/min-heap.js";

export const SIMULATED_WORKERS = [1, 2, 4, 8, 16, 32, 64] as const;

// What the executor does beside executing, in microseconds (2 cores, AMD EPYC, Node 24): estimates, set by hand and
// corrected once after a run of this benchmark; they are the same for all works.

/** Until another thread has begun. */
const WAKE = 60;
/** The main thread puts a transaction in before anybody executes it, and takes its result out when all are done. */
const ENCODE = 0.4;
const COLLECT = 0.3;
/** A transaction that is executed in its turn: its result is kept, its writes go through multi-version memory. */
const DECIDED = 0.1;
/** One that is executed before its turn: what it read is noted, compared, and committed. */
const SPECULATED = 0.7;
/** What another thread has written comes out of its cache. */
const HANDED_OVER = 0.5;
/** One thread applies a transaction's writes to the chain, while the main one takes results out. */
const APPLY = 0.2;

/** Where a transaction reads a balance or a code that another one has to write before: soon, as a rule. */
const EARLY = 0.1;

/** What a transaction waits for. */
export interface Wait {
  /** Index of the transaction before it that writes. */
  readonly writer: number;
  /** Where in the execution the read is: 0 its beginning, 1 its end. */
  readonly at: number;
}

/** By transaction. */
export type Waits = readonly (readonly Wait[])[];

/**
 * Share of the sequential time, by number of workers. Workers take the transactions in block order; one that depends on
 * another waits where it reads. The first that comes too early to a location which many wait for is executed twice.
 *
 * @param costs microseconds that each transaction takes on one thread.
 * @param chains locations that many wait for.
 */
export function simulate(
  costs: readonly number[],
  waits: Waits,
  chains: number,
): number[] {
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const mean = costs.length === 0 ? 0 : total / costs.length;
  return SIMULATED_WORKERS.map((workers) => {
    if (total === 0) return 1;
    const wasted = workers === 1 ? 0 : chains * mean;
    return (makespan(costs, waits, workers) + wasted) / total;
  });
}

function makespan(
  costs: readonly number[],
  waits: Waits,
  workers: number,
): number {
  const count = costs.length;
  if (workers === 1) {
    return costs.reduce((sum, cost) => sum + cost + DECIDED + APPLY, 0);
  }
  const free = new MinHeap<number>((a, b) => a - b);
  // The main thread is one of them as soon as everything is in.
  free.push(count * ENCODE);
  for (let worker = 1; worker < workers; worker++) free.push(WAKE);
  const ends = new Float64Array(count);
  let last = 0;
  for (let index = 0; index < count; index++) {
    const own = Math.max(costs[index] - ENCODE - COLLECT, 0) + SPECULATED;
    const start = Math.max(free.pop() as number, (index + 1) * ENCODE);
    let end = start + own;
    for (const { writer, at } of waits[index]) {
      const read = Math.max(start + own * at, ends[writer] + HANDED_OVER);
      end = Math.max(end, read + own * (1 - at));
    }
    ends[index] = end;
    free.push(end);
    last = Math.max(last, end);
  }
  return last + count * Math.max(COLLECT, APPLY);
}

/** Who has to wait for whom in an execution, which is less than what a contract's author should know of: payments are
 *  added up, the sender's nonce is known, and a slot that ends as it began was not written. */
export function dependenciesOf(outcome: BlockOutcome): {
  readonly waits: Waits;
  /** How many locations more than one transaction waits for. */
  readonly chains: number;
} {
  const lastWriter = new Map<string, number>();
  const waiting = new Map<string, number>();
  const waits = outcome.results.map(({ accessSet }, index) => {
    if (accessSet === undefined) throw new Error("expected access sets");
    const own: Wait[] = [];
    const accesses = [...accessesOf(accessSet)];
    for (const { key, reads, at } of accesses) {
      const writer = reads ? lastWriter.get(key) : undefined;
      if (writer === undefined) continue;
      own.push({ writer, at });
      waiting.set(key, (waiting.get(key) ?? 0) + 1);
    }
    for (const { key, writes } of accesses) {
      if (writes) lastWriter.set(key, index);
    }
    return own;
  });
  const chains = [...waiting.values()].filter((count) => count > 1).length;
  return { waits, chains };
}

interface Access {
  readonly key: string;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly at: number;
}

/** Slots come in the order in which they were first touched; how much work lies between them is not known. */
function* accessesOf({
  slots,
  accounts,
}: RecordedTransaction["accessSet"]): Generator<Access> {
  for (const [i, slot] of slots.entries()) {
    yield {
      key: `${slot.address}${slot.key}`,
      reads: slot.read,
      writes: slot.written && slot.before !== slot.after,
      at: (i + 1) / (slots.length + 1),
    };
  }
  for (const account of accounts) {
    const { address, balance } = account;
    yield {
      key: `balance ${address}`,
      reads: account.readsBalance,
      writes: balance !== undefined && balance.before !== balance.after,
      at: EARLY,
    };
    yield {
      key: `code ${address}`,
      reads: account.readsCode,
      writes: account.codeChanged || account.destructed,
      at: EARLY,
    };
  }
}
