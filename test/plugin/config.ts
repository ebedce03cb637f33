import type { HardhatUserConfig } from "hardhat/types/config";

import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import plugin from "../../src/index.js";
import { validateParallelUserConfig } from "../../src/internal/config.js";

/** Configs as JavaScript users write them: the types do not help. */
function untyped(config: unknown): HardhatUserConfig {
  return config as HardhatUserConfig;
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(Error);
  return error as Error;
}

describe("plugin config", () => {
  it("resolves the defaults", async () => {
    const hre = await createHardhatRuntimeEnvironment({ plugins: [plugin] });
    expect(hre.config.parallel).to.deep.equal({
      enabled: true,
      workers: "auto",
      verify: false,
      storageLayout: true,
    });
    expect(hre.config.networks.default).to.have.property("parallel", true);
    expect(hre.config.networks.localhost).to.not.have.property("parallel");
  });

  it("keeps what the user says, and treats undefined as absent", async () => {
    const hre = await createHardhatRuntimeEnvironment({
      plugins: [plugin],
      parallel: { enabled: false, workers: 3, verify: undefined },
      networks: { a: { type: "edr-simulated", parallel: false } },
    });
    expect(hre.config.parallel).to.deep.equal({
      enabled: false,
      workers: 3,
      verify: false,
      storageLayout: true,
    });
    expect(hre.config.networks.a).to.have.property("parallel", false);
    expect(hre.config.networks.default).to.have.property("parallel", true);
  });

  const mistakes: Array<[unknown, Array<string | number>, string]> = [
    [{ parallel: 3 }, ["parallel"], "expected an object, got 3"],
    [{ parallel: [] }, ["parallel"], "expected an object, got []"],
    [
      { parallel: { enabled: "yes" } },
      ["parallel", "enabled"],
      'expected true or false, got "yes"',
    ],
    [
      { parallel: { workers: 0 } },
      ["parallel", "workers"],
      'expected "auto" or an integer from 1 to 64, got 0',
    ],
    [
      { parallel: { workers: 1.5 } },
      ["parallel", "workers"],
      'expected "auto" or an integer from 1 to 64, got 1.5',
    ],
    [
      { parallel: { workers: 65 } },
      ["parallel", "workers"],
      'expected "auto" or an integer from 1 to 64, got 65',
    ],
    [
      { parallel: { workers: 2n } },
      ["parallel", "workers"],
      'expected "auto" or an integer from 1 to 64, got 2n',
    ],
    [
      { parallel: { storageLayout: null } },
      ["parallel", "storageLayout"],
      "expected true or false, got null",
    ],
    [
      { parallel: { worker: 2 } },
      ["parallel", "worker"],
      'expected one of enabled, workers, verify, storageLayout, got the unknown field "worker"',
    ],
    [
      { networks: { a: { type: "edr-simulated", parallel: {} } } },
      ["networks", "a", "parallel"],
      "expected true or false, got {}",
    ],
    [
      { networks: { a: { type: "http", url: "http://x", parallel: true } } },
      ["networks", "a", "parallel"],
      'expected no "parallel: true" on an http network, which is executed elsewhere',
    ],
  ];
  for (const [config, path, message] of mistakes) {
    it(`refuses ${path.join(".")}: ${message}`, () => {
      expect(validateParallelUserConfig(untyped(config))).to.deep.equal([
        { path, message },
      ]);
    });
  }

  it("leaves other mistakes to Hardhat", () => {
    for (const config of [{ networks: 3 }, { networks: { a: 1 } }, {}]) {
      expect(validateParallelUserConfig(untyped(config))).to.deep.equal([]);
    }
  });

  it("reports mistakes through Hardhat, with the path of the field", async () => {
    const error = await rejection(
      createHardhatRuntimeEnvironment(
        untyped({ plugins: [plugin], parallel: { workers: "many" } }),
      ),
    );
    expect(error.message).to.contain(
      'config.parallel.workers: expected "auto" or an integer from 1 to 64, got "many"',
    );
  });

  it("names the option, the expectation and the value of a bad --network-engine", async () => {
    const error = await rejection(
      createHardhatRuntimeEnvironment(
        { plugins: [plugin] },
        { networkEngine: "revm" },
      ),
    );
    expect(error.message).to.equal(
      'Invalid value for --network-engine: expected parallel or edr, got "revm"',
    );
  });
});

describe("storage layouts", () => {
  const selected = { "*": { "*": ["storageLayout"] } };

  it("are asked of every compiler, and other selections are kept", async () => {
    const hre = await createHardhatRuntimeEnvironment({
      plugins: [plugin],
      solidity: {
        compilers: [
          { version: "0.8.28" },
          {
            version: "0.7.6",
            settings: {
              optimizer: { enabled: true },
              outputSelection: {
                "*": { "*": ["devdoc"], "": ["ast"] },
                "a.sol": { A: ["evm.assembly"] },
              },
            },
          },
        ],
        overrides: { "contracts/B.sol": { version: "0.8.20" } },
      },
    });
    const { compilers, overrides } = hre.config.solidity.profiles.default;
    expect(compilers[0].settings.outputSelection["*"]["*"]).to.include(
      "storageLayout",
    );
    expect(compilers[1].settings.optimizer).to.deep.equal({ enabled: true });
    const selection = compilers[1].settings.outputSelection;
    expect(selection["a.sol"]).to.deep.equal({ A: ["evm.assembly"] });
    expect(selection["*"][""]).to.include("ast");
    expect(selection["*"]["*"]).to.include.members(["devdoc", "storageLayout"]);
    expect(
      overrides["contracts/B.sol"].settings.outputSelection["*"]["*"],
    ).to.include("storageLayout");
  });

  it("are not asked for with storageLayout: false", async () => {
    const hre = await createHardhatRuntimeEnvironment({
      plugins: [plugin],
      solidity: "0.8.28",
      parallel: { storageLayout: false },
    });
    const { settings } = hre.config.solidity.profiles.default.compilers[0];
    expect(JSON.stringify(settings)).to.not.contain(selected["*"]["*"][0]);
  });
});
