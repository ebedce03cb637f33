import type { HardhatUserConfig } from "hardhat/types/config";
import type { NetworkHooks } from "hardhat/types/hooks";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { HardhatPlugin } from "hardhat/types/plugins";

import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import plugin from "../../src/index.js";
import { FIXED_DATE, rejection, request } from "./helpers/requests.js";

const OURS = "ParallelProvider";
const EDR = "EdrProvider";

async function createHre(
  config: HardhatUserConfig = {},
  globalOptions: Parameters<typeof createHardhatRuntimeEnvironment>[1] = {},
): Promise<HardhatRuntimeEnvironment> {
  return await createHardhatRuntimeEnvironment(
    { ...config, plugins: [plugin, ...(config.plugins ?? [])] },
    globalOptions,
  );
}

/** A plugin with the given network hooks. */
function withHooks(id: string, hooks: Partial<NetworkHooks>): HardhatPlugin {
  return {
    id,
    npmPackage: null,
    hookHandlers: {
      network: async () =>
        await Promise.resolve({
          default: async () => await Promise.resolve(hooks),
        }),
    },
  };
}

function engineOf({ provider }: { readonly provider: object }): string {
  return provider.constructor.name;
}

/** What is written to a stream meanwhile. */
async function linesOf(
  stream: NodeJS.WriteStream,
  use: () => Promise<void>,
): Promise<string> {
  const lines: string[] = [];
  const original = stream.write.bind(stream);
  stream.write = (chunk: string | Uint8Array): boolean =>
    lines.push(String(chunk)) > 0;
  try {
    await use();
  } finally {
    stream.write = original;
  }
  return lines.join("");
}

describe("network manager", () => {
  it("makes connections of simulated networks", async () => {
    const hre = await createHre({ defaultChainType: "generic" });
    const connection = await hre.network.create();
    expect(engineOf(connection)).to.equal(OURS);
    expect(connection).to.include({
      id: 0,
      networkName: "default",
      chainType: "generic",
    });
    expect(connection.networkConfig.chainType).to.equal("generic");
    expect(await request(connection, "eth_chainId")).to.equal("0x7a69");
    expect((await hre.network.create()).id).to.equal(1);
  });

  it("gives every connection a chain of its own", async () => {
    const hre = await createHre();
    const [one, two] = [await hre.network.create(), await hre.network.create()];
    await request(one, "evm_mine");
    expect(await request(one, "eth_blockNumber")).to.equal("0x1");
    expect(await request(two, "eth_blockNumber")).to.equal("0x0");
  });

  it("takes a network by name, by --network, and with a chain type", async () => {
    const networks: HardhatUserConfig["networks"] = {
      other: { type: "edr-simulated", chainId: 77, chainType: "l1" },
    };
    const hre = await createHre({ networks });
    const byName = await hre.network.create("other");
    expect(await request(byName, "eth_chainId")).to.equal("0x4d");
    expect(byName.chainType).to.equal("l1");
    const l1 = await hre.network.create({ chainType: "l1" });
    expect(l1).to.include({ networkName: "default", chainType: "l1" });
    expect(engineOf(l1)).to.equal(OURS);

    const withOption = await createHre({ networks }, { network: "other" });
    const byOption = await withOption.network.create();
    expect(byOption.networkName).to.equal("other");
  });

  it("resolves overrides as Hardhat does, and dates them anew", async () => {
    const hre = await createHre();
    const { networkConfig, provider } = await hre.network.create({
      override: { chainId: 5, accounts: { count: 2 }, mining: { auto: false } },
    });
    expect(networkConfig).to.deep.include({
      chainId: 5,
      networkId: 5,
      mining: { auto: false, interval: 0, mempool: { order: "priority" } },
    });
    expect(engineOf({ provider })).to.equal(OURS);
    expect(
      await request<string[]>({ provider }, "eth_accounts"),
    ).to.have.lengthOf(2);
    expect(await request({ provider }, "hardhat_getAutomine")).to.equal(false);
  });

  it("caches connections by network and chain type", async () => {
    const hre = await createHre();
    const [one, two] = await Promise.all([
      hre.network.getOrCreate(),
      hre.network.getOrCreate("default"),
    ]);
    expect(one).to.equal(two);
    expect(await hre.network.getOrCreate({ chainType: "generic" })).to.equal(
      one,
    );
    expect(await hre.network.getOrCreate({ chainType: "l1" })).to.not.equal(
      one,
    );
    expect(await hre.network.create()).to.not.equal(one);
  });

  it("knows whether the deprecated connect was called", async () => {
    const hre = await createHre();
    const { network } = hre;
    const wasCalled = (): unknown =>
      "wasConnectCalled" in network &&
      typeof network.wasConnectCalled === "function" &&
      network.wasConnectCalled();
    await network.create();
    expect(wasCalled()).to.equal(false);

    expect(engineOf(await network.connect())).to.equal(OURS);
    expect(wasCalled()).to.equal(true);
  });

  it("refuses requests after close, and runs the closeConnection hooks", async () => {
    const closed: number[] = [];
    const hre = await createHre({
      plugins: [
        withHooks("closing", {
          closeConnection: async (context, connection, next) => {
            closed.push(connection.id);
            await next(context, connection);
          },
        }),
      ],
    });
    const { close, provider } = await hre.network.create();
    await close();
    expect(closed).to.deep.equal([0]);
    const error = await rejection(request({ provider }, "eth_chainId"));
    expect(error.message).to.contain("HHE722");
  });

  it("mines by interval", async () => {
    const hre = await createHre();
    const connection = await hre.network.create({
      override: {
        mining: { interval: 10 },
        allowBlocksWithSameTimestamp: true,
      },
    });
    const mined = new Promise((resolve) =>
      connection.provider.once("message", resolve),
    );
    await request(connection, "eth_subscribe", "newHeads");
    await mined;
    await connection.close();
  });

  it("executes blocks twice with parallel.verify", async () => {
    const hre = await createHre({ parallel: { verify: true, workers: 2 } });
    const connection = await hre.network.create({
      override: { mining: { auto: false } },
    });
    const accounts = await request<string[]>(connection, "eth_accounts");
    for (const [index, from] of accounts.entries()) {
      const to = accounts[(index * 7) % accounts.length];
      const transaction = { from, to, value: "0x1", gas: "0x5208" };
      await request(connection, "eth_sendTransaction", transaction);
    }
    await request(connection, "evm_mine");
    const block = await request<{ transactions: string[] }>(
      connection,
      "eth_getBlockByNumber",
      "latest",
      false,
    );
    expect(block.transactions).to.have.lengthOf(accounts.length);
  });

  it("logs when the config says so", async () => {
    const hre = await createHre();
    const connection = await hre.network.create({
      override: { loggingEnabled: true },
    });
    const lines = await linesOf(process.stdout, async () => {
      await request(connection, "eth_chainId");
    });
    expect(lines).to.contain("eth_chainId");
  });

  describe("hooks of other plugins", () => {
    it("see connections and requests, the first plugin innermost", async () => {
      const seen: string[] = [];
      const named = (name: string): HardhatPlugin =>
        withHooks(name, {
          newConnection: async (context, next) => {
            seen.push(`${name} before`);
            const connection = await next(context);
            seen.push(`${name} after`);
            return connection;
          },
          onRequest: async (context, connection, rpcRequest, next) => {
            seen.push(`${name} ${rpcRequest.method} ${connection.id}`);
            return await next(context, connection, rpcRequest);
          },
        });
      const hre = await createHre({ plugins: [named("a"), named("b")] });
      const connection = await hre.network.create();
      expect(seen.splice(0)).to.deep.equal([
        "b before",
        "a before",
        "a after",
        "b after",
      ]);
      await request(connection, "eth_blockNumber");
      expect(seen).to.deep.equal([
        "b eth_blockNumber 0",
        "a eth_blockNumber 0",
      ]);
    });

    it("may answer themselves, with a result or an error", async () => {
      const hre = await createHre({
        plugins: [
          withHooks("answering", {
            onRequest: async (context, connection, rpcRequest, next) => {
              const { id, method } = rpcRequest;
              if (method === "eth_chainId") {
                return { jsonrpc: "2.0", id, result: "0x1" };
              }
              return method === "eth_coinbase"
                ? {
                    jsonrpc: "2.0",
                    id,
                    error: { code: -1234, message: "no", data: { a: 1 } },
                  }
                : await next(context, connection, rpcRequest);
            },
          }),
        ],
      });
      const connection = await hre.network.create();
      expect(await request(connection, "eth_chainId")).to.equal("0x1");
      const error = await rejection(request(connection, "eth_coinbase"));
      expect(error).to.deep.include({ code: -1234, data: { a: 1 } });
      expect(error.message).to.equal("no");
    });

    it("of Hardhat fill in sender, fees and gas", async () => {
      const hre = await createHre();
      const connection = await hre.network.create({ override: FIXED_DATE });
      const [first, to] = await request<string[]>(connection, "eth_accounts");
      const hash = await request(connection, "eth_sendTransaction", {
        to,
        value: "0x1",
      });
      const transaction = await request<Record<string, string>>(
        connection,
        "eth_getTransactionByHash",
        hash,
      );
      expect(transaction).to.include({
        from: first,
        type: "0x2",
        gas: "0x5209",
        maxPriorityFeePerGas: "0x3b9aca00",
      });
    });

    it("read the provider's default gas when an estimate is impossible", async () => {
      const hre = await createHre();
      const { provider } = await hre.network.create();
      expect(provider).to.include({
        defaultTransactionGasLimit: 16_777_216n,
        isBlockGasLimitEnforced: true,
      });
    });
  });

  describe("networks that are not ours", () => {
    it("stay on EDR, and one line says why", async () => {
      const hre = await createHre({
        networks: { opted: { type: "edr-simulated", parallel: false } },
      });
      const output = await linesOf(process.stderr, async () => {
        expect(engineOf(await hre.network.create("opted"))).to.equal(EDR);
        expect(engineOf(await hre.network.create("opted"))).to.equal(EDR);
      });
      expect(output).to.equal(
        'hardhat-parallel: network "opted" stays on EDR because networks.opted.parallel is false.\n',
      );
    });

    it("stay on EDR for one connection by override", async () => {
      const hre = await createHre();
      const connection = await hre.network.create({
        override: { parallel: false },
      });
      expect(engineOf(connection)).to.equal(EDR);
      expect(engineOf(await hre.network.create())).to.equal(OURS);
    });

    it("stay on EDR with --network-engine edr, and by chain type", async () => {
      const hre = await createHre({}, { networkEngine: "edr" });
      expect(engineOf(await hre.network.create())).to.equal(EDR);
      expect(engineOf(await hre.network.getOrCreate())).to.equal(EDR);
      const op = await (await createHre()).network.create({ chainType: "op" });
      expect(engineOf(op)).to.equal(EDR);
    });

    it("stay on EDR while somebody listens to coverage", async () => {
      const hre = await createHre({
        plugins: [
          withHooks("listening", {
            onCoverageData: async () => await Promise.resolve(),
          }),
        ],
      });
      expect(engineOf(await hre.network.create())).to.equal(EDR);
    });

    it("are http networks, silently", async () => {
      const hre = await createHre();
      const output = await linesOf(process.stderr, async () => {
        const connection = await hre.network.create("localhost");
        expect(engineOf(connection)).to.equal("HttpProvider");
      });
      expect(output).to.equal("");
    });
  });

  describe("errors", () => {
    const mistakes: Array<[string, string, unknown]> = [
      ["an unknown network", "HHE705", "nowhere"],
      ["another type", "HHE707", { override: { type: "http" } }],
      ["another chain type", "HHE707", { override: { chainType: "op" } }],
      ["an ill-typed field", "HHE707", { override: { chainId: "x" } }],
      ["our own ill-typed field", "HHE707", { override: { parallel: 3 } }],
      ["an unknown hardfork", "HHE707", { override: { hardfork: "future" } }],
      ["a path that is none", "", { override: { accounts: { path: "x" } } }],
      ["no gas in a block", "", { override: { blockGasLimit: 0 } }],
      ["a date before 1970", "", { override: { initialDate: "1960-01-01" } }],
    ];
    for (const [name, code, params] of mistakes) {
      it(`are Hardhat's own: ${name}`, async () => {
        const untyped = params as string;
        const ours = await createHre();
        const stock = await createHardhatRuntimeEnvironment({});
        const actual = await rejection(ours.network.create(untyped));
        expect(actual.message).to.contain(code);
        if (name !== "our own ill-typed field") {
          const expected = await rejection(stock.network.create(untyped));
          expect(actual.message).to.equal(expected.message);
          expect(actual.constructor.name).to.equal(expected.constructor.name);
        }
      });
    }

    it("of a connection that could not be made are not cached", async () => {
      let fails = true;
      const hre = await createHre({
        plugins: [
          withHooks("failing", {
            newConnection: async (context, next) => {
              if (fails) {
                throw new Error("not yet");
              }
              return await next(context);
            },
          }),
        ],
      });
      const error = await rejection(hre.network.getOrCreate());
      expect(error.message).to.equal("not yet");
      fails = false;
      expect(engineOf(await hre.network.getOrCreate())).to.equal(OURS);
    });

    it("of getOrCreate with an override are Hardhat's", async () => {
      const hre = await createHre();
      const params: unknown = { override: {} };
      const error = await rejection(
        hre.network.getOrCreate(params as undefined),
      );
      expect(error.message).to.contain("not supported by getOrCreate");
    });
  });
});
