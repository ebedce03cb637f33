import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import type { EthereumProvider } from "hardhat/types/providers";
import type { GasMeasurement } from "../../src/internal/gas-analytics/gas-meter.js";

import { expect } from "chai";

import { createProject, VARIANTS } from "../stack-traces/helpers/project.js";
import { abiOf, deployAll } from "../stack-traces/helpers/scenarios.js";

type AnyConnection = NetworkConnection<string>;

const FIXED_DATE = "2030-01-01T00:00:00Z";

describe("gas meter", function () {
  this.timeout(60_000);

  let hre: HardhatRuntimeEnvironment;
  const measurements: GasMeasurement[] = [];

  before(async () => {
    hre = await createProject(VARIANTS[0]);
    hre.hooks.registerHandlers("network", {
      onGasMeasurement: (_context, measurement) => {
        measurements.push(measurement);
      },
    });
  });

  /** The measurements of what `use` does on an engine. */
  async function measure(
    parallel: boolean,
    use: (provider: EthereumProvider) => Promise<void>,
  ): Promise<GasMeasurement[]> {
    measurements.length = 0;
    const connection: AnyConnection = await hre.network.create({
      override: { parallel, initialDate: FIXED_DATE },
    });
    expect(connection.provider.constructor.name).to.equal(
      parallel ? "ParallelProvider" : "EdrProvider",
    );
    await use(connection.provider);
    return measurements.splice(0);
  }

  async function script(provider: EthereumProvider): Promise<void> {
    const deployed = await deployAll(hre, provider);
    const abi = await abiOf(hre, "Failures");
    const [from]: string[] = await provider.request({ method: "eth_accounts" });
    const at = (name: string): string => deployed.get(name) ?? "";
    const call = async (
      method: string,
      to: string,
      data: string,
    ): Promise<void> => {
      const transaction = { from, to, data, gas: "0x100000" };
      const params =
        method === "eth_call" ? [transaction, "latest"] : [transaction];
      await provider.request({ method, params }).catch(() => {});
    };
    const both = async (to: string, data: string): Promise<void> => {
      await call("eth_call", to, data);
      await call("eth_sendTransaction", to, data);
    };
    for (const [name, args] of [
      ["plain", [3]],
      ["point", [[1, 2]]],
      ["items", [0]],
      ["balances", [at("Mute")]],
      ["create", [5]],
      ["inLibrary", [5]],
      ["inherited", [5]],
      ["lowLevel", [at("Mute"), "0x"]],
      ["reason", []],
      ["payableOnly", []],
    ] as const) {
      const data = abi.encodeFunctionData(name, args);
      await both(at("Failures"), data);
      await both(at("Proxy"), data);
    }
    await both(at("Mute"), "0x12345678");
    await both(at("WithReceive"), "0x");
    await both(at("Undefined"), "0x12345678");
    await both("0x00000000000000000000000000000000000000ff", "0x");
    await call("eth_estimateGas", at("Closed"), "0x3fa4f245");
    await both(at("Closed"), "0x3fa4f245");

    // Without a nonce or a price EDR mines the pending block to find them, and measures that too.
    const nonce: string = await provider.request({
      method: "eth_getTransactionCount",
      params: [from],
    });
    await provider.request({ method: "evm_setAutomine", params: [false] });
    for (let index = 0; index < 5; index++) {
      const transaction = {
        from,
        to: at(index % 2 === 0 ? "Proxy" : "Failures"),
        data: abi.encodeFunctionData("plain", [index]),
        gas: "0x100000",
        gasPrice: "0x77359400",
        nonce: `0x${(Number(nonce) + index).toString(16)}`,
      };
      await provider.request({
        method: "eth_sendTransaction",
        params: [transaction],
      });
    }
    await provider.request({ method: "evm_mine" });
  }

  it("measures what EDR measures", async () => {
    const expected = await measure(false, script);
    const actual = await measure(true, script);
    expect(expected.length).to.be.greaterThan(40);
    expect(expected.some(({ type }) => type === "deployment")).to.equal(true);
    expect(actual).to.deep.equal(expected);
  });

  it("tells a request what a hook threw", async () => {
    const failing = {
      onGasMeasurement: (): void => {
        throw new Error("no room");
      },
    };
    hre.hooks.registerHandlers("network", failing);
    try {
      const error: unknown = await measure(true, script).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(Error).with.property("message", "no room");
    } finally {
      hre.hooks.unregisterHandlers("network", failing);
    }
  });
});
