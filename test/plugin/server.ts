import type { ChildProcess } from "node:child_process";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { JsonRpcServer } from "hardhat/types/network";

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import plugin from "../../src/index.js";
import { FIXED_DATE, rejection } from "./helpers/requests.js";

const PROJECT = fileURLToPath(new URL("helpers/project", import.meta.url));
const HARDHAT = fileURLToPath(
  new URL("../../node_modules/hardhat/dist/src/cli.js", import.meta.url),
);
const OURS = "parallel";
const STOCK = "edr";

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return await response.json();
}

function rpc(method: string, ...params: unknown[]): object {
  return { jsonrpc: "2.0", id: 7, method, params };
}

describe("createServer", () => {
  const servers: JsonRpcServer[] = [];

  async function start(networkEngine: string): Promise<string> {
    const hre = await createHardhatRuntimeEnvironment(
      { plugins: [plugin] },
      { networkEngine },
    );
    const server = await hre.network.createServer({
      network: "default",
      override: FIXED_DATE,
    });
    servers.push(server);
    const { address, port } = await server.listen();
    return `http://${address}:${port}/`;
  }

  let ours: string;
  let stock: string;

  before(async () => {
    ours = await start(OURS);
    stock = await start(STOCK);
  });

  after(async () => {
    for (const server of servers) {
      await server.close();
    }
  });

  const from = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
  const bodies: Array<[string, unknown]> = [
    ["a getter", rpc("eth_chainId")],
    ["a block", rpc("eth_getBlockByNumber", "latest", true)],
    ["a batch", [rpc("eth_chainId"), rpc("eth_blockNumber")]],
    ["an unknown method", rpc("eth_nothing")],
    ["bad parameters", rpc("eth_getBalance", 3)],
    ["a revert", rpc("eth_call", { from, data: "0x5f5ffd" }, "latest")],
    [
      "a halt",
      rpc("eth_call", { from, data: "0x5b5f56", gas: "0x10000" }, "latest"),
    ],
    [
      "a failed transaction",
      rpc("eth_sendTransaction", { from, data: "0x5f5ffd", gas: "0x20000" }),
    ],
    ["no request", { a: 1 }],
  ];
  for (const [name, body] of bodies) {
    it(`answers as Hardhat's does: ${name}`, async () => {
      expect(await post(ours, body)).to.deep.equal(await post(stock, body));
    });
  }

  it("sends subscribed events over a web socket", async () => {
    const socket = new WebSocket(ours.replace("http", "ws"));
    await once(socket, "open");
    const messages: Array<Record<string, unknown>> = [];
    const arrived = new Promise<void>((resolve) => {
      socket.addEventListener("message", ({ data }) => {
        messages.push(JSON.parse(String(data)) as Record<string, unknown>);
        if (messages.length === 1) {
          socket.send(JSON.stringify(rpc("evm_mine")));
        } else if (messages.length === 3) {
          resolve();
        }
      });
    });
    socket.send(JSON.stringify(rpc("eth_subscribe", "newHeads")));
    await arrived;
    socket.close();
    const event = messages.find(({ method }) => method !== undefined);
    expect(event).to.deep.include({ method: "eth_subscription" });
  });

  it("refuses http networks as Hardhat does", async () => {
    const hre = await createHardhatRuntimeEnvironment({ plugins: [plugin] });
    const error = await rejection(hre.network.createServer("localhost"));
    expect(error.message).to.contain("HHE");
  });

  it("serves the connection that the hooks made", async () => {
    const seen: string[] = [];
    const hre: HardhatRuntimeEnvironment =
      await createHardhatRuntimeEnvironment({ plugins: [plugin] });
    hre.hooks.registerHandlers("network", {
      newConnection: async (context, next) => {
        const connection = await next(context);
        seen.push(connection.provider.constructor.name);
        return connection;
      },
    });
    const server = await hre.network.createServer();
    const { address, port } = await server.listen();
    const answer = await post(`http://${address}:${port}/`, rpc("eth_chainId"));
    await server.close();
    expect(answer).to.deep.include({ result: "0x7a69" });
    expect(seen).to.deep.equal(["ParallelProvider"]);
  });
});

describe("node task", function () {
  this.timeout(60_000);

  const running: ChildProcess[] = [];

  afterEach(() => {
    for (const child of running.splice(0)) {
      child.kill();
    }
  });

  /** What the task writes until it waits, without the port; and where it listens. */
  async function startNode(
    ...args: string[]
  ): Promise<{ output: string; url: string }> {
    const child = spawn(
      process.execPath,
      [HARDHAT, "node", "--port", "0", ...args],
      { cwd: PROJECT, stdio: ["ignore", "pipe", "inherit"] },
    );
    running.push(child);
    let output = "";
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (/\(\d+ ETH\)[^#]*\n\n$/.test(output)) {
          resolve();
        }
      });
    });
    const url = /http:\/\/\S+/.exec(output)?.[0] ?? "";
    return { output: output.replace(/:\d+\//, ":PORT/"), url };
  }

  for (const args of [[], ["--network", "short"]]) {
    it(`says what Hardhat's says: node ${args.join(" ")}`, async () => {
      const ours = await startNode(...args);
      const stock = await startNode("--network-engine", STOCK, ...args);
      expect(ours.output).to.equal(stock.output);
      expect(ours.output).to.contain("Started HTTP and WebSocket JSON-RPC");
      const version = await post(ours.url, rpc("web3_clientVersion"));
      expect(version).to.deep.equal(
        await post(stock.url, rpc("web3_clientVersion")),
      );
    });
  }

  it("takes --chain-id and --chain-type", async () => {
    const { url } = await startNode("--chain-id", "5", "--chain-type", "l1");
    expect(await post(url, rpc("eth_chainId"))).to.deep.include({
      result: "0x5",
    });
  });
});
