import type { Log } from "../../../src/internal/chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../../../src/internal/evm/types.js";
import type { CasesOf, ConformanceCase, Way } from "./cases.js";
import type { FixturePost, StateFixture } from "./state-fixture.js";

import { encodeRlp, keccak256 } from "ethers";

import { SPURIOUS_DRAGON } from "../../../src/internal/chain/hardforks.js";
import { getEngine } from "../../../src/internal/evm/engine.js";
import { scheduleByName } from "../../../src/internal/protocol/rules.js";
import { compareInCompany } from "./company.js";
import { scheduleOptions, writeAccounts } from "./fixture-state.js";
import { environmentOf } from "./state-environment.js";
import { transactionOf } from "./state-fixture.js";

/** GeneralStateTests: one transaction, its logs, and the state after it. */
export const stateCases: CasesOf = function* (name, fixture) {
  const stateFixture = fixture as unknown as StateFixture;
  for (const [fork, posts] of Object.entries(stateFixture.post)) {
    for (const [index, post] of posts.entries()) {
      const { data, gas, value } = post.indexes;
      const title = `${name}[${fork} d${data} g${gas} v${value}]`;
      // One case of each fork also runs with the others' transactions around it.
      const company = index === 0 ? posts : [];
      yield stateCase(title, stateFixture, fork, post, company);
    }
  }
};

function stateCase(
  title: string,
  fixture: StateFixture,
  fork: string,
  post: FixturePost,
  company: readonly FixturePost[],
): ConformanceCase {
  return {
    title,
    fork,
    isExecuted: true,
    run(way) {
      const { env, config } = fixture;
      const schedule = scheduleByName(fork, scheduleOptions(config));
      const rules = schedule.rulesAt({
        number: BigInt(env.currentNumber),
        timestamp: BigInt(env.currentTimestamp),
        parentTotalDifficulty: 0n,
      });
      const environment = environmentOf(rules, schedule.chainId, env);
      const toTransaction = (of: FixturePost): ExecutableTransaction | string =>
        transactionOf(fixture, of, rules, schedule.chainId);
      return (
        runAlone(way, fixture, post, environment, toTransaction(post)) ??
        compareInCompany(
          way,
          fixture.pre,
          environment,
          company
            .map(toTransaction)
            .filter((transaction) => typeof transaction !== "string"),
        )
      );
    },
  };
}

function runAlone(
  way: Way,
  fixture: StateFixture,
  post: FixturePost,
  environment: BlockEnvironment,
  transaction: ExecutableTransaction | string,
): string | undefined {
  const state = getEngine().createState();
  try {
    writeAccounts(state, fixture.pre);
    const { refusal, logs } =
      typeof transaction === "string"
        ? { refusal: transaction, logs: [] }
        : executeOne(way, state, environment, transaction);
    if (refusal !== undefined && environment.fork < SPURIOUS_DRAGON) {
      touchCoinbase(state, environment);
    }
    // Fixtures without encodings are older than `expectException`.
    const isTold = post.txbytes !== undefined;
    if (refusal !== undefined && isTold && post.expectException === undefined) {
      return `refused: ${refusal}`;
    }
    if (refusal === undefined && post.expectException !== undefined) {
      return `accepted, expected ${post.expectException}`;
    }
    const logsHash = keccak256(
      encodeRlp(
        logs.map(({ address, topics, data }) => [address, [...topics], data]),
      ),
    );
    if (logsHash !== post.logs) {
      return `logs ${logsHash} for ${post.logs}`;
    }
    const root = state.root();
    return root === post.hash
      ? undefined
      : `state root ${root} for ${post.hash}`;
  } finally {
    state.close();
  }
}

/** The fixtures' convention: a block reward of nothing, which made an account of whoever got it until EIP-161. */
function touchCoinbase(state: ChainState, environment: BlockEnvironment): void {
  const run = state.createRun(environment, { mode: "direct" });
  run.credit(environment.coinbase, 0n);
  run.free();
}

function executeOne(
  way: Way,
  state: ChainState,
  environment: BlockEnvironment,
  transaction: ExecutableTransaction,
): { readonly refusal: string | undefined; readonly logs: readonly Log[] } {
  const { results, invalid } = way.execute(state, environment, [transaction]);
  return {
    refusal:
      invalid === undefined
        ? undefined
        : `status 0x${invalid.status.toString(16)}`,
    logs: results.flatMap(({ logs }) => logs),
  };
}
