import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { EthereumProvider } from "hardhat/types/providers";
import type { Deployed, Scenario } from "./helpers/scenarios.js";

import { inspect, isDeepStrictEqual } from "node:util";

import { expect } from "chai";

import {
  deployLegacy,
  listLegacyScenarios,
} from "./helpers/legacy-scenarios.js";
import { createProject, VARIANTS } from "./helpers/project.js";
import { deployAll, listScenarios } from "./helpers/scenarios.js";

/** What a failed request looks like from outside; undefined when it did not fail. */
type Failure = Record<string, unknown> | undefined;

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

function describeError(error: unknown): Failure {
  expect(error).to.be.instanceOf(Error);
  const known = error as Error & Record<string, unknown>;
  const { name, message, code, data, transactionHash, solidityStack } = known;
  const [first = ""] = String(known.stack).split("\n    at ");
  const stack = String(known.stack).split("\n    at ").slice(1);
  const depth = Array.isArray(known.stackTrace) ? known.stackTrace.length : 0;
  return {
    name,
    message,
    code,
    data,
    transactionHash,
    solidityStack,
    keys: Object.keys(known),
    header: first,
    frames: stack.slice(0, depth),
    stackTrace: plain(known.stackTrace),
  };
}

/** Bytes as hex, quantities as strings, and without fields that are undefined. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return `0x${Buffer.from(value).toString("hex")}`;
  }
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([key, field]) => [key, plain(field)]),
    );
  }
  return value;
}

/** Failures of EDR itself, which are not copied. */
const DELIBERATE = new Set([
  // It throws what its decoder of reason strings throws.
  "shortError() ",
]);

for (const variant of VARIANTS) {
  describe(`failures, ${variant.name}`, function () {
    this.timeout(120_000);

    let hre: HardhatRuntimeEnvironment;
    let edr: EthereumProvider;
    let ours: EthereumProvider;
    let deployed: Deployed;
    let scenarios: Scenario[];
    let from: string;

    before(async () => {
      hre = await createProject(variant);
      const initialDate = "2030-01-01T00:00:00Z";
      edr = (
        await hre.network.create({ override: { parallel: false, initialDate } })
      ).provider;
      ours = (await hre.network.create({ override: { initialDate } })).provider;
      expect(edr.constructor.name).to.equal("EdrProvider");
      expect(ours.constructor.name).to.equal("ParallelProvider");
      const [deploy, list] = variant.sources.startsWith("contracts-")
        ? [deployLegacy, listLegacyScenarios]
        : [deployAll, listScenarios];
      deployed = await deploy(hre, edr);
      expect([...(await deploy(hre, ours))]).to.deep.equal([...deployed]);
      scenarios = await list(hre, deployed);
      [from = ""] = (await edr.request({ method: "eth_accounts" })) as string[];
    });

    async function compare(
      request: (scenario: Scenario) => { method: string; params: unknown[] },
    ): Promise<void> {
      const different: string[] = [];
      let failures = 0;
      for (const scenario of scenarios) {
        const expected = await failureOf(edr.request(request(scenario)));
        const actual = await failureOf(ours.request(request(scenario)));
        failures += expected === undefined ? 0 : 1;
        if (DELIBERATE.has(scenario.name)) {
          continue;
        }
        if (!isDeepStrictEqual(actual, expected)) {
          different.push(
            `${scenario.name}: ${inspect(actual)} instead of ${inspect(expected)}`,
          );
        }
      }
      expect(failures).to.be.greaterThan(scenarios.length * 0.8);
      expect(different).to.deep.equal([]);
    }

    it("of calls are explained as EDR explains them", async () => {
      await compare(({ to, data, value, gas }) => ({
        method: "eth_call",
        params: [{ from, to, data, value, gas }, "latest"],
      }));
    });

    it("of mined transactions are explained as EDR explains them", async () => {
      await compare(({ to, data, value, gas = "0xf00000" }) => ({
        method: "eth_sendTransaction",
        params: [{ from, to, data, value, gas }],
      }));
    });
  });
}
