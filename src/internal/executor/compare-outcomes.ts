/** Whether two executions of a block came to the same. */
import type { AccessSet } from "../chain/types.js";
import type { RunResult } from "../evm/types.js";
import type { BlockOutcome, SkippedTransaction } from "./types.js";

import { inspect, isDeepStrictEqual } from "node:util";

/** One thing that came out otherwise than expected. */
export interface Difference {
  /** "the block", or "transaction 3": its index in the candidates. */
  readonly where: string;
  readonly field: string;
  /** For people to read. */
  readonly expected: string;
  readonly actual: string;
}

/** Everything that differs; access sets only where both executions recorded them. */
export function compareOutcomes(
  expected: BlockOutcome,
  actual: BlockOutcome,
): Difference[] {
  const differences: Difference[] = [];
  compareFields(
    "the block",
    summaryOf(expected),
    summaryOf(actual),
    differences,
  );
  for (const [position, index] of expected.included.entries()) {
    const other = actual.included.indexOf(index);
    // Otherwise the summary said so.
    if (other >= 0) {
      compareFields(
        `transaction ${index}`,
        describe(expected.results[position]),
        describe(actual.results[other]),
        differences,
      );
    }
  }
  return differences;
}

/** Notes the fields of both that differ. */
export function compareFields(
  where: string,
  expected: object,
  actual: object,
  differences: Difference[],
): void {
  const others = new Map<string, unknown>(Object.entries(actual));
  for (const [field, value] of Object.entries(expected) as [
    string,
    unknown,
  ][]) {
    const other = others.get(field);
    const isUnknown = value === undefined || other === undefined;
    const isOptional = field === "accounts" || field === "slots";
    if (!isDeepStrictEqual(value, other) && !(isOptional && isUnknown)) {
      differences.push({
        where,
        field,
        expected: show(value),
        actual: show(other),
      });
    }
  }
}

const MOST_SHOWN = 400;

function show(value: unknown): string {
  const text =
    typeof value === "string"
      ? value
      : inspect(value, { depth: 6, breakLength: Infinity });
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`;
}

/** "transaction 3, gasUsed: 21000 sequentially, 21001 in parallel" */
export function describeDifference(
  { where, field, expected, actual }: Difference,
  [one, other]: readonly [string, string],
): string {
  return `${where}, ${field}: ${expected} ${one}, ${actual} ${other}`;
}

function summaryOf({
  included,
  skipped,
  stoppedAt,
  gasUsed,
}: BlockOutcome): object {
  return {
    included: [...included],
    skipped: skipped.map(describeSkipped),
    stoppedAt: stoppedAt === undefined ? undefined : describeSkipped(stoppedAt),
    gasUsed,
  };
}

/** Why a transaction was left out, as far as one can see. */
export function describeSkipped({ index, result }: SkippedTransaction): object {
  return {
    index,
    status: result?.status,
    errorA: result?.errorA,
    errorB: result?.errorB,
  };
}

/** What one can see of a transaction, and everything that it read and wrote. */
function describe(result: RunResult): object {
  const { accessSet } = result;
  return {
    status: result.status,
    gasUsed: result.gasUsed,
    blockGas: result.blockGas,
    gasRefunded: result.gasRefunded,
    gasSpent: result.gasSpent,
    stateGas: result.stateGas,
    output: Buffer.from(result.output).toString("hex"),
    logs: result.logs,
    console: result.console.map((data) => Buffer.from(data).toString("hex")),
    createdAddress: result.createdAddress,
    effectiveGasPrice: result.effectiveGasPrice,
    ...(accessSet === undefined
      ? { accounts: undefined, slots: undefined }
      : sortedAccess(accessSet)),
  };
}

/** What was read and written, in an order that does not depend on the execution. */
export function sortedAccess({
  accounts,
  slots,
}: AccessSet): Pick<AccessSet, "accounts" | "slots"> {
  return {
    accounts: accounts
      .map((account) => ({ ...account }))
      .sort((one, other) => (one.address < other.address ? -1 : 1)),
    slots: slots
      .map((slot) => ({ ...slot }))
      .sort((one, other) =>
        one.address + one.key < other.address + other.key ? -1 : 1,
      ),
  };
}
