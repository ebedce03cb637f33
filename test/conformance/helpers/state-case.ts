import type { Log } from "../../../src/internal/chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../../../src/internal/evm/types.js";
import type { TransactionRefusal } from "../../../src/internal/protocol/errors.js";
import type { CasesOf, ConformanceCase, Way } from "./cases.js";
import type { FixturePost, StateFixture } from "./state-fixture.js";

import { encodeRlp, keccak256 } from "ethers";

import { SPURIOUS_DRAGON } from "../../../src/internal/chain/hardforks.js";
import { getEngine } from "../../../src/internal/evm/engine.js";
import { scheduleByName } from "../../../src/internal/protocol/rules.js";
import {
  coreRefusal,
  isRefusal,
} from "../../../src/internal/protocol/transaction-rules.js";
import { compareInCompany } from "./company.js";
import { compareRefusal } from "./exceptions.js";
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
      const toTransaction = (
        of: FixturePost,
      ): ExecutableTransaction | TransactionRefusal =>
        transactionOf(fixture, of, rules, schedule.chainId);
      return (
        runAlone(way, fixture, post, environment, toTransaction(post)) ??
        compareInCompany(
          way,
          fixture.pre,
          environment,
          company
            .map(toTransaction)
            .flatMap((one) => (isRefusal(one) ? [] : [one])),
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
  transaction: ExecutableTransaction | TransactionRefusal,
): string | undefined {
  const state = getEngine().createState();
  try {
    writeAccounts(state, fixture.pre);
    const { refusal, logs } = isRefusal(transaction)
      ? { refusal: transaction, logs: [] }
      : executeOne(way, state, environment, transaction);
    if (
      refusal !== undefined &&
      environment.fork < SPURIOUS_DRAGON &&
      isFromRetesteth(fixture)
    ) {
      touchCoinbase(state, environment);
    }
    // Fixtures without encodings are older than `expectException`.
    if (post.txbytes !== undefined) {
      const difference = compareRefusal(refusal, post.expectException);
      if (difference !== undefined) return difference;
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

/** github.com/ethereum/tests; those of the execution specs say what chain they are of. */
function isFromRetesteth({ config }: StateFixture): boolean {
  return config === undefined;
}

/** Its convention: a block reward of nothing, which made an account of whoever got it until EIP-161. */
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
): {
  readonly refusal: TransactionRefusal | undefined;
  readonly logs: readonly Log[];
} {
  const { results, invalid } = way.execute(
    state,
    environment,
    [transaction],
    false,
  );
  return {
    refusal: invalid === undefined ? undefined : coreRefusal(invalid.result),
    logs: results.flatMap(({ logs }) => logs),
  };
}
