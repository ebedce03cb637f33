import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { EthereumProvider } from "hardhat/types/providers";
import type { Deployed } from "./helpers/scenarios.js";

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { createChain } from "../../src/internal/chain/chain.js";
import { toChainOptions } from "../../src/internal/network/chain-options.js";
import { ParallelProvider } from "../../src/internal/provider/provider.js";
import { ProjectContracts } from "../../src/internal/stack-traces/project-contracts.js";
import { SolidityExplainer } from "../../src/internal/stack-traces/solidity-explainer.js";
import { createProject, VARIANTS } from "./helpers/project.js";
import { abiOf, deployAll } from "./helpers/scenarios.js";

interface Failure extends Error {
  readonly solidityStack: string;
}

describe("Solidity explainer", function () {
  this.timeout(60_000);

  let hre: HardhatRuntimeEnvironment;
  let artifacts: string;

  before(async () => {
    hre = await createProject(VARIANTS[0]);
  });

  beforeEach(() => {
    artifacts = mkdtempSync(join(tmpdir(), "hardhat-parallel-artifacts-"));
  });

  afterEach(() => {
    rmSync(artifacts, { recursive: true });
  });

  /** A network whose contracts are those of `artifacts`, which are none yet. */
  async function start(): Promise<{
    provider: EthereumProvider;
    deployed: Deployed;
    contracts: ProjectContracts;
  }> {
    const config = hre.config.networks.default;
    if (config.type !== "edr-simulated") {
      throw new Error("expected a simulated network");
    }
    const contracts = new ProjectContracts(artifacts);
    const provider = new ParallelProvider({
      chain: createChain(await toChainOptions(config, hre.config.parallel)),
      throwOnCallFailures: true,
      throwOnTransactionFailures: true,
      loggingEnabled: false,
      hardhatVersion: "3.0.0",
      explainer: new SolidityExplainer(contracts, { distrustsData: false }),
    });
    const deployed = await deployAll(hre, provider);
    return { provider, deployed, contracts };
  }

  function compile(): void {
    const from = hre.config.paths.artifacts;
    cpSync(from, artifacts, { recursive: true });
  }

  async function fail(
    { provider, deployed }: Awaited<ReturnType<typeof start>>,
    name: string,
    args: readonly unknown[] = [],
  ): Promise<Failure> {
    const abi = await abiOf(hre, "Failures");
    const data = abi.encodeFunctionData(name, args);
    const [from]: string[] = await provider.request({ method: "eth_accounts" });
    const to = deployed.get("Failures");
    const error: unknown = await provider
      .request({ method: "eth_call", params: [{ from, to, data }, "latest"] })
      .catch((reason: unknown) => reason);
    return error as Failure;
  }

  it("knows no contracts before they are compiled, and all when they are", async () => {
    const network = await start();
    const before = await fail(network, "noArgs");
    expect(before.message).to.contain("unrecognized custom error");
    expect(before.solidityStack).to.contain("<UnrecognizedContract>");
    compile();
    const after = await fail(network, "noArgs");
    expect(after.message).to.contain("custom error 'NoArgs()'");
    expect(after.solidityStack).to.contain("Failures.noArgs (contracts/");
  });

  it("needs no compiled contracts to say what a reason string says", async () => {
    const network = await start();
    const { message } = await fail(network, "reason");
    expect(message).to.equal(
      "VM Exception while processing transaction: reverted with reason string 'r'",
    );
  });

  it("tells the stack of a state that is gone", async () => {
    const network = await start();
    compile();
    const { provider } = network;
    const snapshot: unknown = await provider.request({
      method: "evm_snapshot",
    });
    const address = network.deployed.get("Failures");
    const error = await fail(network, "nested", [3]);
    await provider.request({
      method: "hardhat_setCode",
      params: [address, "0x"],
    });
    await provider.request({ method: "evm_revert", params: [snapshot] });
    await provider.close();
    expect(error.solidityStack.split("\n")).to.deep.equal([
      "Failures.requireEven (contracts/Failures.sol:15)",
      "Failures.second (contracts/Failures.sol:171)",
      "Failures.first (contracts/Failures.sol:167)",
      "Failures.nested (contracts/Failures.sol:164)",
    ]);
    expect(error.stack).to.contain(
      "'odd'\n    at Failures.requireEven (contracts/Failures.sol:15)\n",
    );
  });

  it("leaves out build infos that it cannot read", async () => {
    compile();
    const network = await start();
    writeFileSync(join(artifacts, "build-info", "solc-broken.json"), "{");
    writeFileSync(
      join(artifacts, "build-info", "solx-other.json"),
      JSON.stringify({ solcVersion: "0.8.28", compilerType: "solx" }),
    );
    const { message } = await fail(network, "noArgs");
    expect(message).to.contain("custom error 'NoArgs()'");
  });

  it("names contracts and functions for the log", async () => {
    compile();
    const { contracts } = await start();
    const explainer = new SolidityExplainer(contracts, {
      distrustsData: false,
    });
    const { deployedBytecode, bytecode } =
      await hre.artifacts.readArtifact("Closed");
    const bytes = (hex: string): Uint8Array => Buffer.from(hex.slice(2), "hex");
    const code = bytes(deployedBytecode);
    const abi = await abiOf(hre, "Closed");
    const calldata = bytes(abi.encodeFunctionData("value"));
    expect(explainer.nameCall(code, calldata, false)).to.deep.equal({
      contract: "Closed",
      function: "value",
    });
    expect(explainer.nameCall(code, bytes("0x12"), false)).to.deep.equal({
      contract: "Closed",
      function: "<unrecognized-selector>",
    });
    const creation = bytes(bytecode);
    expect(explainer.nameCall(creation, creation, true)).to.deep.equal({
      contract: "Closed",
      function: undefined,
    });
    expect(explainer.nameCall(bytes("0x5f"), calldata, false)).to.equal(
      undefined,
    );
  });
});
