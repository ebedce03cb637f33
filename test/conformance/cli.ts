/** `npm run conformance`, as one calls it. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
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

  it("passes over what is no test, fails what it cannot make sense of, and goes on", async function () {
    const text = readFileSync(FIXTURE, "utf8");
    inFolder("mixed/.meta/index.json", "{}");
    inFolder("mixed/deep/er/tests.json", text);
    inFolder("mixed/deep/stranger.json", '{"a": {"b": 1}, "c": 2}');
    inFolder("odd/a-cut.json", text.slice(0, 300));
    inFolder("odd/b-fork.json", text.replaceAll('"Cancun"', '"Atlantis"'));
    inFolder("odd/c-empty.json", "");
    inFolder(
      "odd/d-hollow.json",
      '{"x": {"post": {"Cancun": [{}]}, "transaction": {}}}',
    );
    inFolder("odd/e-fine.json", text);
    const [mixed, odd, help] = await Promise.all([
      run("state", join(folder, "mixed")),
      run("all", join(folder, "odd")),
      run("--help"),
    ]);
    expect([mixed.code, odd.code, help.code]).to.deep.equal([0, 1, 0]);
    expect(mixed.out).to.contain(
      "passed over 2 entries that are no such tests",
    );
    expect(mixed.out).to.match(/\n1 passed, 0 failed, 0 skipped\n$/);
    expect(odd.out).to.contain("a-cut.json: expected JSON, got");
    expect(odd.out).to.contain("unknown fork: expected one of Frontier");
    expect(odd.out).to.contain('c-empty.json: expected JSON, got ""');
    expect(odd.out).to.contain("d-hollow.json: ");
    expect(odd.out).to.match(/\n1 passed, 4 failed, 0 skipped\n$/);
    expect(help.out).to.match(/^usage: npm run conformance -- <state \| /);
  });

  it("leaves no process behind when it is interrupted", async function () {
    // The first one fails at once and is told of: then both processes are at work.
    inFolder("long/a.json", "");
    cpSync(dirname(dirname(FIXTURE)), join(folder, "long", "b"), {
      recursive: true,
    });
    const child = spawn(
      process.execPath,
      ["--import", "tsx", MAIN, "all", join(folder, "long"), "--jobs", "2"],
      { stdio: "pipe", detached: true },
    );
    const isAlive = (): boolean => {
      try {
        return process.kill(-(child.pid ?? 0), 0);
      } catch {
        return false;
      }
    };
    await once(child.stdout, "data");
    expect(isAlive()).to.equal(true);
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).to.equal(130);
    for (let i = 0; i < 100 && isAlive(); i++) await setTimeout(20);
    expect(isAlive()).to.equal(false);
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
