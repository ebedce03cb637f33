import type { EdrNetworkConfig } from "hardhat/types/config";
import type { EngineQuestion } from "../../src/internal/network/engine-choice.js";

import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import {
  chooseEngine,
  tellWhyOnEdr,
} from "../../src/internal/network/engine-choice.js";

function fork(enabled: boolean): EdrNetworkConfig["forking"] {
  const config: unknown = { enabled };
  return config as EdrNetworkConfig["forking"];
}

describe("engine choice", () => {
  let networkConfig: EdrNetworkConfig;
  let question: EngineQuestion;

  before(async () => {
    const hre = await createHardhatRuntimeEnvironment({});
    networkConfig = hre.config.networks.default as EdrNetworkConfig;
    question = {
      networkName: "default",
      networkConfig,
      chainType: "generic",
      enabled: true,
      engineOption: undefined,
      wantsCoverage: false,
      verbosity: 0,
    };
  });

  it("is ours for simulated networks of chain types generic and l1", () => {
    for (const chainType of ["generic", "l1"]) {
      expect(chooseEngine({ ...question, chainType })).to.deep.equal({
        engine: "parallel",
      });
    }
  });

  it("is ours for a fork that is switched off, and below three v's", () => {
    const forking = fork(false);
    expect(
      chooseEngine({
        ...question,
        networkConfig: { ...networkConfig, forking },
        verbosity: 2,
      }).engine,
    ).to.equal("parallel");
  });

  it("is silently Hardhat's for http networks", async () => {
    const hre = await createHardhatRuntimeEnvironment({});
    expect(
      chooseEngine({
        ...question,
        networkConfig: hre.config.networks.localhost,
      }),
    ).to.deep.equal({ engine: "hardhat", reason: undefined });
  });

  const reasons: Array<
    [Partial<EngineQuestion>, Partial<EdrNetworkConfig>, string]
  > = [
    [{ engineOption: "edr" }, {}, "--network-engine is edr"],
    [{}, { parallel: false }, "networks.default.parallel is false"],
    [
      { engineOption: "parallel" },
      { parallel: false },
      "networks.default.parallel is false",
    ],
    [{ enabled: false }, {}, "parallel.enabled is false"],
    [{ chainType: "op" }, {}, 'its chain type is "op"'],
    [{}, { forking: fork(true) }, "forking.enabled"],
    [{ wantsCoverage: true }, {}, "--coverage"],
    [{ verbosity: 3 }, {}, "-vvv"],
  ];
  for (const [asked, config, reason] of reasons) {
    it(`stays on EDR: ${reason}`, () => {
      const answer = chooseEngine({
        ...question,
        ...asked,
        networkConfig: { ...networkConfig, ...config },
      });
      expect(answer.engine).to.equal("hardhat");
      expect(answer).to.have.property("reason").that.contains(reason);
    });
  }

  it("--network-engine parallel wins over parallel.enabled: false", () => {
    expect(
      chooseEngine({ ...question, enabled: false, engineOption: "parallel" })
        .engine,
    ).to.equal("parallel");
  });

  it("tells the reason once per network", () => {
    const lines: string[] = [];
    const write = (line: string): unknown => lines.push(line);
    tellWhyOnEdr("told-once", "of a test", write);
    tellWhyOnEdr("told-once", "of a test", write);
    tellWhyOnEdr("told-once-b", "of a test", write);
    expect(lines).to.deep.equal([
      'hardhat-parallel: network "told-once" stays on EDR because of a test.\n',
      'hardhat-parallel: network "told-once-b" stays on EDR because of a test.\n',
    ]);
  });
});
