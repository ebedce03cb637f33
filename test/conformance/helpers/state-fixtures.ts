import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** GeneralStateTests in the format of github.com/ethereum/tests. All strings are 0x hex. */
export interface StateFixture {
  readonly env: Readonly<Record<string, string>>;
  readonly pre: Readonly<Record<string, FixtureAccount>>;
  readonly transaction: FixtureTransaction;
  readonly post: Readonly<Record<string, readonly FixturePost[]>>;
}

export interface FixtureAccount {
  readonly balance: string;
  readonly nonce: string;
  readonly code: string;
  readonly storage: Readonly<Record<string, string>>;
}

export interface FixtureTransaction {
  readonly data: readonly string[];
  readonly gasLimit: readonly string[];
  readonly value: readonly string[];
  readonly nonce: string;
  readonly to: string;
  readonly sender: string;
  readonly gasPrice?: string;
  readonly maxFeePerGas?: string;
  readonly maxPriorityFeePerGas?: string;
  readonly maxFeePerBlobGas?: string;
  readonly blobVersionedHashes?: readonly string[];
  readonly accessLists?: readonly (
    | readonly {
        readonly address: string;
        readonly storageKeys: readonly string[];
      }[]
    | null
  )[];
  readonly authorizationList?: readonly {
    readonly chainId: string;
    readonly address: string;
    readonly nonce: string;
    readonly v: string;
    readonly signer?: string;
  }[];
}

export interface FixturePost {
  readonly hash: string;
  readonly logs: string;
  readonly indexes: {
    readonly data: number;
    readonly gas: number;
    readonly value: number;
  };
  readonly expectException?: string;
}

/** One execution: a post-state of one fixture under one fork. */
export interface StateCase {
  /** `folder/file.json name[fork d0 g0 v0]`. */
  readonly title: string;
  readonly fork: string;
  readonly fixture: StateFixture;
  readonly post: FixturePost;
}

export interface CaseSelection {
  readonly fork: string | undefined;
  /** Part of the title. */
  readonly filter: string | undefined;
}

/** JSON files below a folder (or the file itself), sorted. */
export function fixtureFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(path, name));
}

export function* casesOf(
  file: string,
  root: string,
  { fork, filter }: CaseSelection,
): Generator<StateCase> {
  const fixtures = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    StateFixture
  >;
  for (const [name, fixture] of Object.entries(fixtures)) {
    for (const [postFork, posts] of Object.entries(fixture.post)) {
      if (fork !== undefined && fork.toLowerCase() !== postFork.toLowerCase()) {
        continue;
      }
      for (const post of posts) {
        const { data, gas, value } = post.indexes;
        const title = `${relative(root, file)} ${name}[${postFork} d${data} g${gas} v${value}]`;
        if (filter === undefined || title.includes(filter)) {
          yield { title, fork: postFork, fixture, post };
        }
      }
    }
  }
}
