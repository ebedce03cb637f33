import type { JsonRpcRequest, JsonRpcResponse } from "hardhat/types/providers";
import type { Pair } from "./helpers/pair.js";

import { expect } from "chai";

import { ParallelProvider } from "../../src/internal/provider/provider.js";
import { ProviderError } from "../../src/internal/provider/rpc-errors.js";
import { assemble } from "../helpers/assembler.js";
import { ask, openPair } from "./helpers/pair.js";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const C = "0x00000000000000000000000000000000000c0de0";

/** The properties of an error that code can look at. */
function shape(error: unknown): Record<string, unknown> {
  const prototypeName = Object.getPrototypeOf(error)?.constructor?.name;
  return {
    keys: Object.keys(error as object),
    own: Object.getOwnPropertyNames(error)
      .filter((name) => !["message", "stack"].includes(name))
      .sort(),
    text: String(error),
    isError: error instanceof Error,
    prototypeName,
    brand: Object.getOwnPropertyDescriptor(error, "_isProviderError"),
  };
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it did not throw"),
    (error: unknown) => error,
  );
}

describe("provider", () => {
  let pair: Pair;

  beforeEach(async () => {
    pair = await openPair();
  });

  afterEach(async () => {
    await pair.close();
  });

  it("throws errors that look like Hardhat's", async () => {
    for (const [method, params] of [
      ["eth_getBalance", [1]],
      ["eth_getBalance", [A, "0x99"]],
      ["eth_nothing", []],
      ["eth_call", [{ data: "0x5f5ffd" }]],
    ] as const) {
      const request = { method, params };
      const edr = await errorOf(pair.edr.request(request));
      const ours = await errorOf(pair.ours.request(request));
      expect(shape(ours), method).to.deep.equal(shape(edr));
      expect(ProviderError.isProviderError(edr)).to.equal(
        ProviderError.isProviderError(ours),
      );
    }
  });

  it("refuses parameters that are no array", async () => {
    const request = { method: "eth_chainId", params: { a: 1 } };
    const edr = await errorOf(pair.edr.request(request));
    const ours = await errorOf(pair.ours.request(request));
    expect(shape(ours)).to.include({ text: String(edr) });
    expect(Object.keys(ours as object)).to.deep.equal(
      Object.keys(edr as object),
    );
  });

  it("refuses requests once closed", async () => {
    await pair.edr.close();
    await pair.ours.close();
    await pair.ours.close();
    const edr = await errorOf(pair.edr.request({ method: "eth_chainId" }));
    const ours = await errorOf(pair.ours.request({ method: "eth_chainId" }));
    expect(String(ours)).to.equal(String(edr));
    expect(ours).to.have.property("_isHardhatError", true);
  });

  it("answers send and sendAsync", async () => {
    expect(await pair.ours.send("eth_chainId")).to.equal("0x7a69");
    expect(
      await pair.ours.send("eth_getBalance", [`0x${"12".repeat(20)}`]),
    ).to.equal("0x0");
    for (const request of [
      { jsonrpc: "2.0", id: 7, method: "eth_chainId", params: [] },
      { jsonrpc: "2.0", id: "x", method: "eth_getBalance", params: [1] },
    ] as JsonRpcRequest[]) {
      const answers = await Promise.all(
        [pair.edr, pair.ours].map(
          (provider) =>
            new Promise<unknown>((resolve) => {
              provider.sendAsync(
                request,
                (error: unknown, response: JsonRpcResponse) =>
                  resolve([
                    error === null ? null : shape(error).prototypeName,
                    response,
                  ]),
              );
            }),
        ),
      );
      expect(answers[1]).to.deep.equal(answers[0]);
    }
  });

  it("serves requests in the order in which they came", async () => {
    const send = (value: string): Promise<unknown> =>
      pair.ours.request({
        method: "eth_sendTransaction",
        params: [
          { from: A, to: B, value, gas: "0x5208", gasPrice: "0x77359400" },
        ],
      });
    const hashes = await Promise.all(["0x1", "0x2", "0x3", "0x4"].map(send));
    for (const [index, hash] of hashes.entries()) {
      const { result } = await ask(pair.ours, "eth_getTransactionByHash", [
        hash,
      ]);
      expect(result).to.include({
        blockNumber: `0x${index + 1}`,
        value: `0x${index + 1}`,
      });
    }
  });

  it("says when a snapshot was reverted to, and only then", async () => {
    let count = 0;
    pair.ours.on("hardhatNetworkRevertSnapshot", () => count++);
    const id = await pair.ours.request({ method: "evm_snapshot" });
    expect(
      await pair.ours.request({ method: "evm_revert", params: ["0x99"] }),
    ).to.equal(false);
    expect(count).to.equal(0);
    await pair.ours.request({ method: "evm_revert", params: [id] });
    expect(count).to.equal(1);
  });

  it("keeps a listener's mistake from the request", async () => {
    const thrown: unknown[] = [];
    const previous = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => thrown.push(error));
    pair.ours.once("message", () => {
      throw new Error("mine");
    });
    await pair.ours.request({ method: "eth_subscribe", params: ["newHeads"] });
    expect(await pair.ours.request({ method: "evm_mine" })).to.equal("0");
    await new Promise((done) => setImmediate(done));
    for (const listener of previous) {
      process.on("uncaughtException", listener);
    }
    expect(thrown.map(String)).to.deep.equal(["Error: mine"]);
  });

  it("tells Hardhat's gas handler what it wants to know", async () => {
    const edr = pair.edr as unknown as ParallelProvider;
    const members = (provider: ParallelProvider): unknown[] => [
      provider.defaultTransactionGasLimit,
      provider.isBlockGasLimitEnforced,
    ];
    expect(members(pair.ours)).to.deep.equal(members(edr));
    const free = await openPair({ blockGasLimit: false });
    expect(free.ours.isBlockGasLimitEnforced).to.equal(false);
    await free.ours.request({
      method: "evm_setBlockGasLimit",
      params: ["0x1000000"],
    });
    expect(free.ours.isBlockGasLimitEnforced).to.equal(true);
    await free.close();
  });

  it("sends with default gas what cannot be estimated", async () => {
    // Calls a contract that halts with all gas; succeeds itself.
    const inner = "0x00000000000000000000000000000000000c0de1";
    const code = assemble([...[0, 0, 0, 0, 0, inner, 0x5000, "CALL", "STOP"]]);
    const endless = assemble([{ label: "a" }, { ref: "a" }, "JUMP"]);
    for (const provider of [pair.edr, pair.ours]) {
      await ask(provider, "hardhat_setCode", [C, code]);
      await ask(provider, "hardhat_setCode", [inner, endless]);
    }
    const transaction = { from: A, to: C };
    const [edr, ours] = await Promise.all(
      [pair.edr, pair.ours].map(async (provider) => {
        const sent = await ask(provider, "eth_sendTransaction", [transaction]);
        return [
          sent,
          await ask(provider, "eth_getTransactionByHash", [sent.result]),
          await ask(provider, "eth_estimateGas", [transaction]),
        ];
      }),
    );
    expect(ours).to.deep.equal(edr);
    expect(ours[1].result).to.include({ gas: "0x1000000" });
  });

  it("turns an error in a hook's response into a provider error", async () => {
    const { chain } = await openPair();
    const provider = new ParallelProvider({
      chain,
      throwOnCallFailures: true,
      throwOnTransactionFailures: true,
      loggingEnabled: false,
      hardhatVersion: "3.18.0",
      requestWrapper: (request) =>
        Promise.resolve({
          jsonrpc: "2.0",
          id: request.id,
          error: { code: 7, message: "no", data: [request.method] },
        }),
    });
    const error = await errorOf(provider.request({ method: "eth_chainId" }));
    expect(error).to.include({ name: "ProviderError", code: 7, message: "no" });
    expect(error).to.have.deep.property("data", ["eth_chainId"]);
    await provider.close();
  });
});
