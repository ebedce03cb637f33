import type { Step } from "./helpers/compare.js";
import type { Pair } from "./helpers/pair.js";

import { expect } from "chai";

import { METHODS } from "../../src/internal/provider/methods.js";
import { assemble } from "../helpers/assembler.js";
import { compare, compareAll } from "./helpers/compare.js";
import { openPair } from "./helpers/pair.js";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const C = "0x00000000000000000000000000000000000c0de0";
const STRANGER = `0x${"ab".repeat(20)}`;
const HASH = `0x${"ab".repeat(32)}`;
const ZERO = `0x${"00".repeat(32)}`;
const FAR = "0x99";

/** Logs with two topics and three bytes. */
const LOGGER = assemble([0xaa, 0xbb, 3, 0, "LOG2", "STOP"]);
const transfer = { from: A, to: B, gas: "0x10000" };

describe("methods answer as EDR's", () => {
  let pair: Pair;

  const all = (steps: readonly Step[]): Promise<void> =>
    compareAll(pair, steps);
  const one = (...step: Step): Promise<unknown> => compare(pair, step);

  beforeEach(async () => {
    pair = await openPair();
  });

  afterEach(async () => {
    await pair.close();
  });

  it("which network this is", async () => {
    await all([
      ["eth_accounts"],
      ["eth_chainId"],
      ["eth_coinbase"],
      ["eth_syncing"],
      ["net_version"],
      ["web3_clientVersion"],
      ["web3_sha3", "0x1234"],
      ["hardhat_getAutomine"],
      ["eth_mining"],
    ]);
  });

  it("its metadata", async () => {
    const metadata = (await pair.ours.request({
      method: "hardhat_metadata",
    })) as Record<string, unknown>;
    const edr = (await pair.edr.request({
      method: "hardhat_metadata",
    })) as Record<string, unknown>;
    expect(Object.keys(metadata)).to.deep.equal(Object.keys(edr));
    expect(metadata.instanceId).to.match(/^0x[0-9a-f]{64}$/);
    expect({ ...metadata, instanceId: "" }).to.deep.equal({
      ...edr,
      instanceId: "",
    });
  });

  it("signatures", async () => {
    await all([
      ["eth_sign", A, "0x1234"],
      ["eth_sign", A, "0x"],
      ["personal_sign", "0x1234", B],
      ["eth_sign", STRANGER, "0x"],
      ["hardhat_impersonateAccount", STRANGER],
      ["personal_sign", "0x", STRANGER],
    ]);
  });

  it("state at any block", async () => {
    await all([
      ["hardhat_setCode", C, LOGGER],
      ["hardhat_setStorageAt", C, "0x5", HASH],
      ["eth_sendTransaction", { ...transfer, value: "0x5" }],
      ["evm_mine"],
    ]);
    for (const block of [
      "earliest",
      "latest",
      "pending",
      "safe",
      "finalized",
      "0x0",
      "0x1",
      FAR,
      null,
      { blockNumber: "0x1" },
      { blockHash: HASH },
    ]) {
      await all([
        ["eth_getBalance", B, block],
        ["eth_getTransactionCount", A, block],
        ["eth_getCode", C, block],
        ["eth_getStorageAt", C, "0x5", block],
        ["eth_getStorageAt", STRANGER, "0x5", block],
      ]);
    }
    for (const block of ["latest", "pending", "0x0", FAR]) {
      await all([
        ["eth_getProof", C, [ZERO, `${ZERO.slice(0, -1)}5`], block],
        ["eth_getProof", A, [ZERO], block],
        ["eth_getProof", STRANGER, [], block],
      ]);
    }
  });

  it("blocks, transactions, receipts and logs", async () => {
    await one("hardhat_setCode", C, LOGGER);
    const sent = [
      { from: A, to: C, gas: "0x10000", gasPrice: "0x77359400" },
      {
        from: A,
        to: C,
        gas: "0x10000",
        gasPrice: "0x77359400",
        accessList: [{ address: C, storageKeys: [ZERO] }],
      },
      { from: A, to: C, gas: "0x10000" },
      { from: A, data: assemble([0, 0, "RETURN"]) },
      { from: A, to: B, data: `0x${"ab".repeat(300)}`, value: "0x1" },
    ];
    for (const transaction of sent) {
      const hash = await one("eth_sendTransaction", transaction);
      await all([
        ["eth_getTransactionByHash", hash],
        ["eth_getTransactionReceipt", hash],
        ["eth_getBlockByNumber", "latest", true],
        ["eth_getBlockByNumber", "latest", false],
      ]);
    }
    const block = (await one("eth_getBlockByNumber", "0x1", false)) as {
      hash: string;
    };
    await all([
      ["eth_getBlockByHash", block.hash, true],
      ["eth_getBlockByHash", HASH, true],
      ["eth_getBlockByNumber", "earliest", true],
      ["eth_getBlockByNumber", FAR, true],
      ["eth_getBlockTransactionCountByNumber", "0x1"],
      ["eth_getBlockTransactionCountByNumber", FAR],
      ["eth_getBlockTransactionCountByHash", block.hash],
      ["eth_getBlockTransactionCountByHash", HASH],
      ["eth_getTransactionByBlockNumberAndIndex", "0x1", "0x0"],
      ["eth_getTransactionByBlockNumberAndIndex", "0x1", "0x1"],
      ["eth_getTransactionByBlockNumberAndIndex", FAR, "0x0"],
      [
        "eth_getTransactionByBlockNumberAndIndex",
        "0x1",
        `0x1${"0".repeat(16)}`,
      ],
      ["eth_getTransactionByBlockHashAndIndex", block.hash, "0x0"],
      ["eth_getTransactionByBlockHashAndIndex", HASH, "0x0"],
      ["eth_getTransactionByHash", HASH],
      ["eth_getTransactionReceipt", HASH],
      ["eth_getLogs", { fromBlock: "0x0", toBlock: "0x9" }],
      ["eth_getLogs", { blockHash: block.hash }],
      ["eth_getLogs", { blockHash: HASH }],
      ["eth_getLogs", { blockHash: HASH, fromBlock: "0x1" }],
      ["eth_getLogs", { fromBlock: { blockHash: HASH } }],
      ["eth_getLogs", { fromBlock: { blockHash: block.hash } }],
      ["eth_getLogs", { fromBlock: "0x5", toBlock: "0x1" }],
      ["eth_getLogs", { fromBlock: "pending" }],
      ["eth_getLogs", {}],
    ]);
    const topic = (value: string): string => `${ZERO.slice(0, -2)}${value}`;
    const everything = { fromBlock: "earliest", toBlock: "latest" };
    for (const filter of [
      { address: C },
      { address: A },
      { address: [] },
      { address: [A, C] },
      { topics: [] },
      { topics: [null] },
      { topics: [topic("bb")] },
      { topics: [topic("aa")] },
      { topics: [null, topic("aa")] },
      { topics: [[topic("aa"), topic("bb")], topic("aa")] },
      { topics: [[]] },
      { topics: [null, null, null] },
      { topics: [null, null, topic("aa")] },
    ]) {
      await one("eth_getLogs", { ...everything, ...filter });
    }
  });

  it("what waits in the pool", async () => {
    await one("evm_setAutomine", false);
    const hash = await one("eth_sendTransaction", transfer);
    await all([
      ["eth_sendTransaction", { ...transfer, from: B, to: A }],
      ["eth_sendTransaction", { ...transfer, nonce: "0x5" }],
      ["eth_getTransactionByHash", hash],
      ["eth_getTransactionReceipt", hash],
      ["eth_pendingTransactions"],
      ["eth_getBlockByNumber", "pending", true],
      ["eth_getBlockByNumber", "pending", false],
      ["eth_getBlockTransactionCountByNumber", "pending"],
      ["eth_getTransactionByBlockNumberAndIndex", "pending", "0x0"],
      ["eth_getTransactionByBlockNumberAndIndex", "pending", "0x5"],
      ["eth_getTransactionCount", A, "pending"],
      ["eth_getTransactionCount", A, "latest"],
      ["hardhat_setNonce", A, "0x9"],
      ["hardhat_dropTransaction", HASH],
      ["hardhat_dropTransaction", hash],
      ["hardhat_dropTransaction", hash],
      ["eth_pendingTransactions"],
      ["evm_mine"],
      ["eth_getBlockByNumber", "latest", true],
    ]);
  });

  it("prices", async () => {
    await all([
      ["eth_sendTransaction", transfer],
      ["eth_sendTransaction", transfer],
      ["eth_gasPrice"],
      ["eth_maxPriorityFeePerGas"],
      ["eth_blobBaseFee"],
      ["eth_feeHistory", "0x2", "latest", [0, 50.5, 100]],
      ["eth_feeHistory", "0x2", "pending", [0, 50.5]],
      ["eth_feeHistory", "0x2", "0x1", []],
      ["eth_feeHistory", 1024, "latest", [1, 1, 2]],
      ["eth_feeHistory", "0x0", "latest", []],
      ["eth_feeHistory", "0x401", "latest", []],
      ["eth_feeHistory", HASH, "latest", []],
      ["eth_feeHistory", "0x1", "latest", [101]],
      ["eth_feeHistory", "0x1", "latest", [1, -1]],
      ["eth_feeHistory", "0x1", "latest", [2, 1]],
      ["eth_feeHistory", "0x1", FAR, [1]],
    ]);
  });

  it("changes of state", async () => {
    await all([
      ["hardhat_setBalance", B, "0x1"],
      ["eth_getBalance", B],
      ["hardhat_setNonce", B, "0x5"],
      ["hardhat_setNonce", B, "0x1"],
      ["eth_getTransactionCount", B],
      ["hardhat_setStorageAt", C, "0x1", HASH],
      ["eth_getStorageAt", C, "0x1"],
      ["hardhat_setCoinbase", B],
      ["eth_coinbase"],
      ["hardhat_setPrevRandao", HASH],
      ["hardhat_setNextBlockBaseFeePerGas", "0x10"],
      ["hardhat_setMinGasPrice", "0x1"],
      ["evm_mine"],
      ["eth_getBlockByNumber", "latest", true],
      ["hardhat_impersonateAccount", STRANGER],
      ["hardhat_stopImpersonatingAccount", STRANGER],
      ["hardhat_stopImpersonatingAccount", STRANGER],
      ["evm_setBlockGasLimit", "0x0"],
      ["evm_setBlockGasLimit", "0x1000000"],
      ["evm_mine"],
      ["eth_getBlockByNumber", "latest", true],
    ]);
  });

  it("mining and time", async () => {
    await all([
      ["evm_mine"],
      ["evm_mine", 1],
      ["evm_mine", 2000000000],
      ["evm_mine", "2000000000"],
      ["evm_mine", "0x77359500", 5],
      ["eth_getBlockByNumber", "latest", true],
      ["evm_setNextBlockTimestamp", 1],
      ["evm_setNextBlockTimestamp", 2000000256],
      ["evm_setNextBlockTimestamp", 2000000300],
      ["evm_mine"],
      ["hardhat_mine", "0x3", "0x10"],
      ["eth_getBlockByNumber", "latest", true],
      ["hardhat_mine"],
      ["hardhat_mine", null, "0x5"],
      ["hardhat_mine", "0x0"],
      ["eth_getBlockByNumber", "latest", true],
      ["evm_setIntervalMining", [2, 1]],
      ["evm_setIntervalMining", 0],
      ["evm_increaseTime", -1],
    ]);
  });

  it("snapshots", async () => {
    await all([
      ["evm_snapshot"],
      ["eth_sendTransaction", { ...transfer, value: "0x1" }],
      ["evm_snapshot"],
      ["evm_revert", FAR],
      ["evm_revert", "0x1"],
      ["evm_revert", "0x1"],
      ["evm_revert", "0x2"],
      ["eth_blockNumber"],
      ["eth_getBalance", B],
      ["evm_snapshot"],
      ["evm_revert", 4],
    ]);
  });

  it("raw transactions", async () => {
    await all([
      ["eth_sendRawTransaction", "0x"],
      ["eth_sendRawTransaction", "0x12"],
      ["eth_sendRawTransaction", "0xf8"],
      ["eth_sendRawTransaction", "0x02c0"],
      ["eth_sendRawTransaction", "0xc0"],
      // Signed for chain 1.
      [
        "eth_sendRawTransaction",
        "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
      ],
    ]);
  });

  it("are all there", () => {
    expect(METHODS.size).to.equal(67);
  });
});
