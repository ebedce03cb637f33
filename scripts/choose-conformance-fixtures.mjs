// node scripts/choose-conformance-fixtures.mjs <folder>...
//
// Chooses the tests of the Ethereum archives (github.com/ethereum/tests, unpacked) that `npm test` runs, and
// writes them to test/fixtures/conformance: a few of every folder, small and quick ones, trimmed to the cases
// that are run. The same archives give the same choice.
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import { inRoot } from "./lib/paths.mjs";

const OUT = inRoot("test/fixtures/conformance");

/** Cases of a folder. */
const COUNTS = {
  state: 7,
  blockchain: 3,
  transaction: 3,
  trie: Infinity,
  rlp: Infinity,
};
/** Bytes of a fixture, trimmed. */
const LARGEST = 14_000;
/** Other forks than the archive's usual one are rare, and all welcome. */
const USUAL_FORK = "Cancun";
/** Cases that take long for their size. */
const SLOW =
  /MaxRounds|50000|loop|Performance|performance|1MB|Exhaust|Create1000|OOGafterMaxCodesize/;
/** With more gas there may be hundreds of megabytes of memory to clear. */
const MOST_GAS = 100_000_000;

/** What a fixture is, by its fields. */
function kindOf(fixture) {
  if ("blocks" in fixture) return "blockchain";
  if ("post" in fixture) return "state";
  if ("txbytes" in fixture) return "transaction";
  if ("in" in fixture) return "out" in fixture ? "rlp" : "trie";
  return undefined;
}

/** The fixture with few of its cases, and nothing that is not read. */
function trim(kind, published) {
  const fixture = without(published, "_info");
  if (kind === "blockchain") {
    const blocks = fixture.blocks.map(({ rlp, blockHeader, ...block }) => ({
      rlp,
      ...(blockHeader && { blockHeader: { hash: blockHeader.hash } }),
      ...(block.expectException && { expectException: block.expectException }),
    }));
    const unread = ["postState", "postStateHash", "genesisBlockHeader"];
    return [{ ...without(fixture, ...unread), blocks }];
  }
  if (kind !== "state") return [fixture];
  return Object.entries(fixture.post).flatMap(([fork, posts]) =>
    posts
      .filter((_, index) => index % 5 === 0 || fork !== USUAL_FORK)
      .filter(
        ({ indexes }) => fixture.transaction.gasLimit[indexes.gas] <= MOST_GAS,
      )
      .slice(0, 2)
      .map((post) => trimPost(fixture, fork, post)),
  );
}

function without(object, ...keys) {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => !keys.includes(key)),
  );
}

/** One post-state, and the transaction's fields for it. */
function trimPost(fixture, fork, post) {
  const { data, gas, value } = post.indexes;
  const { transaction } = fixture;
  return {
    ...fixture,
    transaction: {
      ...transaction,
      data: [transaction.data[data]],
      gasLimit: [transaction.gasLimit[gas]],
      value: [transaction.value[value]],
      ...(transaction.accessLists && {
        accessLists: [transaction.accessLists[data]],
      }),
    },
    post: { [fork]: [{ ...post, indexes: { data: 0, gas: 0, value: 0 } }] },
  };
}

function rank(text) {
  return createHash("sha256").update(text).digest("hex");
}

/** Candidates by kind and folder. */
const groups = new Map();

function collect(root) {
  for (const path of readdirSync(root, { recursive: true })) {
    if (!path.endsWith(".json")) continue;
    const fixtures = JSON.parse(readFileSync(join(root, path), "utf8"));
    for (const [name, fixture] of Object.entries(fixtures)) {
      const kind = kindOf(fixture);
      if (kind === undefined || SLOW.test(path) || "tests" in fixture) continue;
      for (const [index, trimmed] of trim(kind, fixture).entries()) {
        const size = JSON.stringify(trimmed).length;
        const group = `${kind}/${relative(root, join(root, dirname(path)))}`;
        const usual = kind !== "state" || USUAL_FORK in trimmed.post;
        if (!groups.has(group)) groups.set(group, []);
        groups.get(group).push({
          name: `${basename(path, ".json")} ${index === 0 ? name : `${name}#${index}`}`,
          file: basename(path),
          fixture: trimmed,
          size,
          order: `${size > LARGEST ? 2 : usual ? 1 : 0}${rank(path + name + index)}`,
        });
      }
    }
  }
}

/** The first ones, no two of a file while there are other files. */
function choose(candidates, count) {
  const sorted = candidates.toSorted((a, b) => (a.order < b.order ? -1 : 1));
  const chosen = new Map();
  for (const candidate of sorted) {
    if (!chosen.has(candidate.file)) chosen.set(candidate.file, candidate);
  }
  const firsts = [...chosen.values()];
  const others = sorted.filter((candidate) => !firsts.includes(candidate));
  // A folder of big fixtures gives its smallest one.
  const all = [...firsts, ...others];
  const small = all.filter(({ size }) => size <= LARGEST);
  return small.length > 0
    ? small.slice(0, count)
    : all.toSorted((a, b) => a.size - b.size).slice(0, 1);
}

const roots = process.argv.slice(2);
if (roots.length === 0) {
  throw new Error(
    "expected folders of unpacked archives of Ethereum tests, got none",
  );
}
roots.forEach(collect);
for (const kind of Object.keys(COUNTS)) {
  rmSync(join(OUT, kind), { recursive: true, force: true });
}
let cases = 0;
let bytes = 0;
for (const [group, candidates] of [...groups].sort()) {
  const chosen = choose(candidates, COUNTS[group.split("/")[0]]);
  const fixtures = Object.fromEntries(
    chosen.map(({ name, fixture }) => [name, fixture]).sort(),
  );
  const file = join(OUT, `${group}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const text = `${JSON.stringify(fixtures, undefined, 1)}\n`;
  writeFileSync(file, text);
  cases += chosen.length;
  bytes += text.length;
}
console.log(`${cases} fixtures of ${groups.size} folders, ${bytes} bytes`);
