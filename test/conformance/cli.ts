/** `npm run conformance`, as one calls it. */
import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { readOptions, UsageError } from "./helpers/options.js";

const MAIN = fileURLToPath(new URL("helpers/main.ts", import.meta.url));
const FIXTURE = fileURLToPath(
  new URL(
    "../fixtures/conformance/state/GeneralStateTests/stSLoadTest.json",
    import.meta.url,
  ),
);
const TRIES = fileURLToPath(
  new URL("../fixtures/conformance/trie/TrieTests.json", import.meta.url),
);

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: string[]): Promise<Outcome> {
  return await new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", MAIN, ...args, "--jobs", "1"],
      (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe("conformance command", function () {
  this.timeout(60_000);

  let folder: string;
  const inFolder = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };

  before(function () {
    folder = mkdtempSync(join(tmpdir(), "conformance-"));
  });

  after(function () {
    rmSync(folder, { recursive: true, force: true });
  });

  it("counts what passed", async function () {
    const outcomes = await Promise.all([
      run("state", FIXTURE),
      run("all", TRIES, "--filter", "secure"),
    ]);
    expect(outcomes.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(outcomes[0].out).to.match(/executed in parallel: \d+ blocks/);
    expect(outcomes[0].out).to.match(/\n1 passed, 0 failed, 0 skipped\n$/);
    expect(outcomes[1].out).to.equal("13 passed, 0 failed, 0 skipped\n");
  });

  it("says in one line per way what differed, and fails", async function () {
    const text = readFileSync(FIXTURE, "utf8");
    const wrong = text.replace(/"hash": "0x[0-9a-f]{64}"/, (hash) =>
      hash.replace(/[0-9a-f]{8}"$/, '00000000"'),
    );
    const path = inFolder("wrong.json", wrong);
    const { code, out } = await run("state", path);
    const lines = out.trim().split("\n");
    expect(code).to.equal(1);
    expect(lines).to.have.length(4);
    expect(lines[0]).to.match(
      /^.*wrong\.json \S+ .*\[Cancun d0 g0 v0\] sequential: state root 0x\w{64} for 0x\w{56}00000000$/,
    );
    expect(lines[1]).to.contain(" parallel: state root ");
    expect(lines[3]).to.equal("0 passed, 1 failed, 0 skipped");
  });

  it("says that a file holds no tests, and fails", async function () {
    inFolder("not/text.json", "version 1 of something");
    inFolder("not/list.json", "[1, 2]");
    const { code, out } = await run("all", join(folder, "not"));
    expect(code).to.equal(1);
    expect(out).to.contain(
      'text.json: expected JSON, got "version 1 of something"',
    );
    expect(out).to.contain(
      'list.json: expected an object of tests by name, got "[1, 2]"',
    );
    expect(out).to.contain("0 passed, 2 failed, 0 skipped");
  });

  const mistakes: readonly [string[], string][] = [
    [
      [],
      "kind of tests: expected one of state, blockchain, trie, rlp, transaction, all, got nothing",
    ],
    [["stat", FIXTURE], 'transaction, all, got "stat"'],
    [["state"], "state: expected one folder or file of tests, got none"],
    [["state", "/no/such/folder"], "got /no/such/folder, which does not exist"],
    [
      ["state", FIXTURE, "--fork", "Pragu"],
      "--fork: unknown fork: expected one of Frontier, Homestead,",
    ],
    [
      ["state", FIXTURE, "--ways", "both ways"],
      'expected sequential, parallel or both, got "both ways"',
    ],
    [["state", FIXTURE, "--frok", "Prague"], "Unknown option '--frok'"],
  ];

  for (const [args, message] of mistakes) {
    it(`refuses ${["conformance", ...args.map((arg) => basename(arg))].join(" ")}`, function () {
      expect(() => readOptions(args)).to.throw(UsageError, message);
    });
  }

  it("says when nothing is left to run", async function () {
    const outcomes = await Promise.all([
      run("state", TRIES),
      run("state", FIXTURE, "--filter", "nothing"),
    ]);
    expect(outcomes[0].err).to.contain("expected state tests in ");
    expect(outcomes[1].err).to.contain(
      "got none that --fork and --filter leave",
    );
    for (const { code, out, err } of outcomes) {
      expect(err).to.contain("usage: npm run conformance -- <state | ");
      expect([code, out]).to.deep.equal([2, ""]);
    }
  });
});
