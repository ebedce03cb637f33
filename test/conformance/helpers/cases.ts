/** Test cases in the Ethereum formats, whatever they test. */
import type { ExecuteTransactions } from "../../../src/internal/protocol/block-processor.js";

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import { blockchainCases } from "./blockchain-case.js";
import { engineCases } from "./engine-case.js";
import { rlpCases } from "./rlp-case.js";
import { SKIPPED } from "./skipped.js";
import { stateCases } from "./state-case.js";
import { transactionCases } from "./transaction-case.js";
import { trieCases } from "./trie-case.js";

/** How a case's transactions are executed. */
export interface Way {
  readonly name: "sequential" | "parallel";
  readonly execute: ExecuteTransactions;
}

export interface ConformanceCase {
  /** Its name in the file, and which part of it. */
  readonly title: string;
  /** undefined: the case is of no fork. */
  readonly fork: string | undefined;
  /** Runs it; returns what differs. Cases without `isExecuted` never look at `way`. */
  run(way: Way): string | undefined;
  readonly isExecuted: boolean;
}

export const KINDS = [
  "state",
  "blockchain",
  "trie",
  "rlp",
  "transaction",
] as const;
export type Kind = (typeof KINDS)[number];

/** Cases of a fixture: an entry of a file, named `name`. */
export type CasesOf = (
  name: string,
  fixture: Readonly<Record<string, unknown>>,
  file: string,
) => Iterable<ConformanceCase>;

/** With blocks as they are, or as the Engine API brings them. */
const chainCases: CasesOf = (name, fixture, file) =>
  "engineNewPayloads" in fixture
    ? engineCases(name, fixture, file)
    : blockchainCases(name, fixture, file);

const READERS: Readonly<
  Record<Kind, { readonly marks: readonly string[]; readonly cases: CasesOf }>
> = {
  state: { marks: ["post", "transaction"], cases: stateCases },
  blockchain: { marks: ["pre", "lastblockhash"], cases: chainCases },
  trie: { marks: ["in"], cases: trieCases },
  rlp: { marks: ["in", "out"], cases: rlpCases },
  transaction: { marks: ["txbytes", "result"], cases: transactionCases },
};

export interface Selection {
  /** undefined: all kinds. */
  readonly kind: Kind | undefined;
  readonly fork: string | undefined;
  /** Part of the file's path or of the title. */
  readonly filter: string | undefined;
}

/** JSON files below a folder (or the file itself), sorted. */
export function fixtureFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json") && !isHidden(name))
    .sort()
    .map((name) => join(path, name));
}

/** Archives keep lists of their tests in such folders. */
function isHidden(name: string): boolean {
  return name.split(/[\\/]/).some((part) => part.startsWith("."));
}

/** An entry of a file that is no test of the kind. */
export const STRANGER = "stranger";

/** A case, with a title that names its file; `skipped` says why it is not run. */
export interface SelectedCase extends ConformanceCase {
  readonly skipped: string | undefined;
}

/** @throws Error when the file is not JSON. */
export function* casesOf(
  file: string,
  root: string,
  { kind, fork, filter }: Selection,
): Generator<SelectedCase | typeof STRANGER> {
  const path = relative(root, file) || file;
  for (const [name, fixture] of Object.entries(read(file))) {
    const itsKind = kindOf(fixture);
    if (itsKind === undefined || (kind !== undefined && kind !== itsKind)) {
      yield STRANGER;
      continue;
    }
    for (const testCase of READERS[itsKind].cases(name, fixture, path)) {
      const title = `${path} ${testCase.title}`;
      const isWanted =
        (fork === undefined ||
          fork.toLowerCase() === testCase.fork?.toLowerCase()) &&
        (filter === undefined || title.includes(filter));
      if (isWanted) {
        const skipped = SKIPPED.find(({ matches }) =>
          matches({ file, title, fork: testCase.fork, fixture }),
        );
        yield Object.assign(testCase, { title, skipped: skipped?.reason });
      }
    }
  }
}

type Fixture = Readonly<Record<string, unknown>>;

function read(file: string): Readonly<Record<string, Fixture>> {
  const text = readFileSync(file, "utf8");
  let tests: unknown;
  try {
    tests = JSON.parse(text);
  } catch (error) {
    throw new Error(
      `expected JSON, got ${JSON.stringify(text.slice(0, 40))} (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
  if (typeof tests !== "object" || tests === null || Array.isArray(tests)) {
    throw new Error(
      `expected an object of tests by name, got ${JSON.stringify(text.slice(0, 40))}`,
    );
  }
  return tests as Record<string, Fixture>;
}

/** By its fields. */
function kindOf(fixture: unknown): Kind | undefined {
  if (typeof fixture !== "object" || fixture === null) {
    return undefined;
  }
  const found = KINDS.filter((kind) =>
    READERS[kind].marks.every((mark) => mark in fixture),
  );
  // RLP cases have what trie cases have, and more.
  return found.at(-1);
}
