import type { EthereumProvider } from "hardhat/types/providers";
import type { Pair } from "./helpers/pair.js";

import { expect } from "chai";

import { assemble } from "../helpers/assembler.js";
import { ask, openPair } from "./helpers/pair.js";

type Step = readonly [method: string, ...params: unknown[]];

const SENDER = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const RECEIVER = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const CONTRACT = "0x00000000000000000000000000000000000c0de0";
const TALKER = "0x00000000000000000000000000000000000c0de1";
const CONSOLE = "0x000000000000000000636f6e736f6c652e6c6f67";
const IDENTITY = "0x0000000000000000000000000000000000000004";

const word = (value: string): string => `0x${value.padEnd(64, "0")}`;

/** Says "hi" through console.log(string). */
const TALKER_CODE = assemble([
  ...[word(`41304fac${"0".repeat(56)}`), 0, "MSTORE"],
  ...[word(`${"0".repeat(6)}20`), 32, "MSTORE"],
  ...[word(`${"0".repeat(6)}02`), 64, "MSTORE"],
  ...[word("6869"), 68, "MSTORE"],
  ...[0, 0, 100, 0, CONSOLE, "GAS", "STATICCALL", "STOP"],
]);

const transfer = { from: SENDER, to: RECEIVER, value: "0x1", gas: "0x5208" };

const PATIENCE_MS = 500;

/**
 * What a provider prints during a request. EDR prints from another thread: `expected` lines are
 * waited for.
 */
async function printed(
  provider: EthereumProvider,
  [method, ...params]: Step,
  { expected = 0, waitMs = 5 } = {},
): Promise<string[]> {
  const lines: string[] = [];
  /* eslint-disable no-console -- it is what is tested */
  const log = console.log;
  const write = process.stdout.write.bind(process.stdout);
  console.log = (...values: unknown[]) => void lines.push(values.join(" "));
  process.stdout.write = (text: unknown) => lines.push(`raw ${text}`) > 0;
  try {
    await ask(provider, method, params);
    const deadline = Date.now() + PATIENCE_MS;
    do {
      await new Promise((done) => setTimeout(done, waitMs));
    } while (lines.length < expected && Date.now() < deadline);
  } finally {
    console.log = log;
    process.stdout.write = write;
    /* eslint-enable no-console -- the test's own output is left alone */
  }
  return lines;
}

describe("the network's log", () => {
  let pair: Pair;

  async function compare(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const ours = await printed(pair.ours, step);
      const edr = await printed(pair.edr, step, { expected: ours.length });
      expect(ours, JSON.stringify(step)).to.deep.equal(edr);
    }
  }

  beforeEach(async () => {
    pair = await openPair({ loggingEnabled: true });
    await compare([
      ["hardhat_setCode", CONTRACT, assemble([0, 0, "RETURN"])],
      ["hardhat_setCode", TALKER, TALKER_CODE],
    ]);
  });

  afterEach(async () => {
    await pair.close();
  });

  it("names methods, and counts repetitions", async () => {
    await compare([
      ["eth_chainId"],
      ["eth_chainId"],
      ["eth_chainId"],
      ["eth_blockNumber"],
      ["eth_chainId"],
    ]);
  });

  it("tells failures from what is malformed", async () => {
    await compare([
      ["eth_foo"],
      ["eth_getBalance"],
      ["eth_getBalance", 1],
      ["eth_getBalance", SENDER, "foo"],
      ["eth_getBalance", SENDER, "0x10"],
      ["hardhat_setStorageAt", SENDER, "0x0", "0x22"],
      ["eth_sendRawTransaction", "0xf8"],
    ]);
  });

  it("shows where calls go and what they come to", async () => {
    await compare([
      ["eth_call", { to: CONTRACT }],
      ["eth_call", { to: TALKER }],
      ["eth_call", { to: IDENTITY }],
      ["eth_call", { to: RECEIVER, value: "0x10000000000" }],
      ["eth_call", { data: assemble([0, 0, "REVERT"]) }],
      ["eth_call", { data: assemble(["INVALID"]) }],
      [
        "eth_call",
        { data: assemble([{ label: "a" }, 0, "JUMP"]), gas: "0xf000" },
      ],
      ["eth_call", { data: assemble(["ADD"]) }],
      ["eth_estimateGas", { to: TALKER }],
      ["eth_estimateGas", { data: assemble([0, 0, "REVERT"]) }],
    ]);
  });

  it("shows transactions and their blocks", async () => {
    await compare([
      ["eth_sendTransaction", { from: SENDER, to: CONTRACT }],
      ["eth_sendTransaction", { from: SENDER, to: TALKER }],
      ["eth_sendTransaction", transfer],
      ["eth_sendTransaction", { ...transfer, value: "0x16345785d8a0000" }],
      ["eth_sendTransaction", { ...transfer, value: "0x174876e800" }],
      [
        "eth_sendTransaction",
        { from: SENDER, data: assemble([0, 0, "RETURN"]) },
      ],
      [
        "eth_sendTransaction",
        { from: SENDER, data: assemble([0, 0, "REVERT"]), gas: "0x20000" },
      ],
      [
        "eth_sendTransaction",
        { from: SENDER, data: assemble([0, 0, "REVERT"]) },
      ],
      ["eth_sendTransaction", { ...transfer, nonce: "0x99" }],
    ]);
  });

  it("shows mined blocks, empty ones as a range", async () => {
    await compare([
      ["evm_mine"],
      ["evm_mine"],
      ["hardhat_mine", "0x3"],
      ["hardhat_mine", "0x0"],
      ["evm_setAutomine", false],
      ["eth_sendTransaction", transfer],
      ["eth_sendTransaction", { ...transfer, to: TALKER, gas: "0xf208" }],
      ["evm_mine"],
      ["eth_sendTransaction", transfer],
      ["hardhat_mine", "0x4"],
      ["eth_sendTransaction", transfer],
      ["evm_setAutomine", true],
      ["eth_sendTransaction", transfer],
      // Last: base fees after these differ on purpose.
      ["hardhat_mine", "0x10"],
    ]);
  });

  it("can be switched off and on", async () => {
    await compare([
      ["hardhat_setLoggingEnabled", false],
      ["eth_chainId"],
      ["hardhat_setLoggingEnabled", true],
      ["eth_chainId"],
    ]);
  });

  it("prints console.log even when switched off", async () => {
    await compare([
      ["hardhat_setLoggingEnabled", false],
      ["eth_call", { to: TALKER }],
      ["eth_estimateGas", { to: TALKER }],
      ["eth_sendTransaction", { from: SENDER, to: TALKER }],
    ]);
    expect(
      await printed(pair.ours, ["eth_call", { to: TALKER }]),
    ).to.deep.equal(["hi"]);
  });

  it("shows blocks of the interval timer", async () => {
    const lines = await printed(pair.ours, ["evm_setIntervalMining", 100], {
      waitMs: 250,
    });
    await ask(pair.ours, "evm_setIntervalMining", [0]);
    expect(lines).to.deep.equal([
      "\u001B[32mevm_setIntervalMining\u001B[0m",
      "Mined empty block #1 with base fee 875000000",
      "raw Mined empty block range #1 to #2\n",
    ]);
  });
});
