import type { AssemblyItem } from "../helpers/assembler.js";
import type { Pair } from "./helpers/pair.js";

import { expect } from "chai";

import { assemble } from "../helpers/assembler.js";
import { compare } from "./helpers/compare.js";
import { openPair } from "./helpers/pair.js";

const SENDER = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const CONTRACT = "0x00000000000000000000000000000000000c0de0";
const CALLEE = "0x00000000000000000000000000000000000c0de1";
const NOBODY = "0x00000000000000000000000000000000000c0de2";

const TRACERS: readonly Record<string, unknown>[] = [
  {},
  { enableMemory: true, enableReturnData: true, disableStorage: true },
  { disableStack: true, disableMemory: false, disableReturnData: false },
  { tracer: "callTracer" },
  { tracer: "callTracer", tracerConfig: { withLog: true } },
  { tracer: "callTracer", tracerConfig: { onlyTopCall: true } },
  { tracer: "4byteTracer" },
  { tracer: "flatCallTracer" },
  { tracer: "prestateTracer" },
  { tracer: "prestateTracer", tracerConfig: { diffMode: true } },
  {
    tracer: "prestateTracer",
    tracerConfig: { disableCode: true, disableStorage: true },
  },
  { tracer: "noopTracer" },
];

function call(
  to: string | number,
  gas: number | "GAS" = "GAS",
  value: number | bigint = 0,
  kind: "CALL" | "CALLCODE" = "CALL",
): AssemblyItem[] {
  return [0, 0, 4, 0, value, to, gas, kind, "POP"];
}

function borrow(kind: "DELEGATECALL" | "STATICCALL"): AssemblyItem[] {
  return [0, 0, 4, 0, CALLEE, 20000, kind, "POP"];
}

/** Writes the selector, 32 and the length, from byte 28 on. */
function errorOf(length: bigint): AssemblyItem[] {
  return [
    ...[0x08c379a0, 0, "MSTORE", 32, 32, "MSTORE"],
    ...[length, 64, "MSTORE"],
  ];
}

const STOP = assemble(["STOP"]);
const REVERT = assemble([0, 0, "REVERT"]);
const STORE = assemble([1, 1, "SSTORE", "STOP"]);
const LOG = assemble([1, 2, 9, 0, "LOG2", "STOP"]);
const REFUNDED: AssemblyItem[] = [1, 1, "SSTORE", 0, 1, "SSTORE"];

/** What is executed: the contract's code, the callee's, and the gas. */
const EXECUTIONS: Record<
  string,
  readonly [code: string, callee: string, gas?: string]
> = {
  "storage, logs, calls and creations": [
    assemble([
      ...[0x55, 1, "SSTORE", 0x66, 1, "SSTORE", 1, "SLOAD", "POP"],
      ...call(CALLEE, "GAS", 7),
      ...[0xbb, 3, 0, "LOG1", 32, 64, "MSTORE", 3, 5, 0, "CREATE", "STOP"],
    ]),
    assemble([1, "SLOAD", 0, "MSTORE", 32, 0, "RETURN"]),
  ],
  "every kind of call": [
    assemble([
      ...borrow("STATICCALL"),
      ...borrow("DELEGATECALL"),
      ...call(CALLEE, 20000, 1, "CALLCODE"),
      ...call(CALLEE, 30000, 2),
      "STOP",
    ]),
    STORE,
  ],
  "precompiles, empty accounts and lack of funds": [
    assemble([
      ...call(4, 1000),
      ...call(6, 1),
      ...call(2, 5000),
      ...call(NOBODY, 0, 1),
      ...call(NOBODY, 0, 2n ** 90n),
      ...[0, 0, 2n ** 90n, "CREATE", "STOP"],
    ]),
    STOP,
  ],
  "a revert inside": [assemble([...call(CALLEE), "STOP"]), REVERT],
  // Error(string) with an empty one, and with two letters.
  "reasons of reverts": [
    assemble([...call(CALLEE), ...errorOf(0n), 68, 28, "REVERT"]),
    assemble([0x4f4b, 66, "MSTORE", ...errorOf(2n), 100, 28, "REVERT"]),
  ],
  "logs of frames that stay": [
    assemble([0, 0, "LOG0", ...call(CALLEE), 0, 0, "LOG0", "STOP"]),
    LOG,
  ],
  "logs of frames that do not": [
    assemble([0, 0, "LOG0", ...call(CALLEE), 0, 0, "LOG0", "STOP"]),
    assemble([0, 0, "LOG0", 0, 0, "REVERT"]),
  ],
  "refunds by frame": [
    assemble([...REFUNDED, ...call(CALLEE), "STOP"]),
    assemble([...REFUNDED, "STOP"]),
  ],
  "self-destruction that burns, and with too little gas": [
    assemble([
      // The initcode is ADDRESS, SELFDESTRUCT.
      ...[0x30ff, 0, "MSTORE", 2, 30, 7, "CREATE", "POP"],
      ...call(CALLEE, 10, 5),
      "STOP",
    ]),
    assemble([NOBODY, "SELFDESTRUCT"]),
  ],
  "logs of an execution that fails": [
    assemble([0, 0, "LOG0", ...call(CALLEE), 0, 0, "LOG0", "INVALID"]),
    LOG,
  ],
  "an opcode of no fork": [
    assemble([...call(CALLEE, 5000), "STOP"]),
    assemble([{ raw: "0x0c" }]),
  ],
  "an opcode of a later fork, or with a byte that says nothing": [
    assemble([...call(CALLEE, 5000), "STOP"]),
    // DUPN
    assemble([...Array.from({ length: 20 }, () => 1), { raw: "0xe65b" }]),
  ],
  "self-destruction": [
    assemble([...call(CALLEE, "GAS", 5), NOBODY, "SELFDESTRUCT"]),
    assemble([NOBODY, "SELFDESTRUCT"]),
  ],
  "balances that are given back": [
    assemble([...call(CALLEE, "GAS", 5), NOBODY, "SELFDESTRUCT"]),
    assemble([...call(NOBODY, 0, 2), 0, 0, "REVERT"]),
  ],
  "transient storage and other accounts": [
    assemble([
      ...[7, 1, "TSTORE", 1, "TLOAD", "POP", 9, "SLOAD", 4, "SLOAD"],
      ...[NOBODY, "EXTCODESIZE", NOBODY, "BALANCE", "STOP"],
    ]),
    STOP,
  ],
  "out of gas": [assemble([1, 0, "MSTORE", 1, 1, "SSTORE"]), STOP, "0x6500"],
  "out of gas while loading": [assemble([1, "SLOAD"]), STOP, "0x5300"],
  "the reentrancy sentry": [assemble([1, 1, "SSTORE"]), STOP, "0x5600"],
  "memory beyond all gas": [assemble([1, 0xffffffn, "MSTORE"]), STOP],
  "memory beyond 32 bits": [assemble([1, 0x1ffffffffn, "MSTORE"]), STOP],
  "memory beyond 64 bits": [assemble([1, 2n ** 70n, "MSTORE"]), STOP],
  "stack underflow": [assemble([1, "ADD"]), STOP],
  INVALID: [assemble(["INVALID"]), STOP],
  "an undefined opcode": ["0x0c", STOP],
  "a bad jump": [assemble([0, "JUMP"]), STOP],
  "return data out of bounds": [assemble([1, 0, 0, "RETURNDATACOPY"]), STOP],
  "creations that fail": [
    assemble([
      ...[0xfd, 0, "MSTORE8", 1, 0, 0, "CREATE", "POP"],
      ...[0xfe, 0, "MSTORE8", 1, 0, 0, "CREATE", "STOP"],
    ]),
    STOP,
    "0x80000",
  ],
  "creations that leave code": [
    assemble([
      ...[0x60015f5260205ff3n, 0, "MSTORE", 8, 24, 0, "CREATE", "POP"],
      ...[7, 8, 24, 3, "CREATE2", "STOP"],
    ]),
    STOP,
    "0x80000",
  ],
};

const INITCODES: Record<string, string> = {
  "code that is kept": assemble([1, 0, "MSTORE", 32, 0, "RETURN"]),
  "a constructor that reverts": assemble([1, 0, "MSTORE", 32, 0, "REVERT"]),
  "a constructor that halts": assemble(["INVALID"]),
  "code that begins with 0xef": assemble([0xef, 0, "MSTORE8", 1, 0, "RETURN"]),
  "code that is too large": assemble([0x6001, 0, "RETURN"]),
};

describe("traces are EDR's", () => {
  let pair: Pair;

  before(async () => {
    pair = await openPair();
  });

  after(async () => {
    await pair.close();
  });

  for (const [name, [code, callee, gas = "0x40000"]] of Object.entries(
    EXECUTIONS,
  )) {
    it(name, async () => {
      const call = { from: SENDER, to: CONTRACT, gas, data: "0x12345678" };
      await compare(pair, ["hardhat_setBalance", CONTRACT, "0x1000"]);
      await compare(pair, ["hardhat_setCode", CALLEE, callee]);
      await compare(pair, ["hardhat_setCode", CONTRACT, code]);
      for (const options of TRACERS) {
        await compare(pair, ["debug_traceCall", call, "latest", options]);
      }
      const transaction = { ...call, value: "0x10" };
      await compare(pair, ["eth_sendTransaction", transaction]);
      const block = await compare(pair, [
        "eth_getBlockByNumber",
        "latest",
        false,
      ]);
      const [hash] = (block as { transactions: string[] }).transactions;
      for (const options of TRACERS) {
        await compare(pair, ["debug_traceTransaction", hash, options]);
      }
    });
  }

  for (const [name, data] of Object.entries(INITCODES)) {
    it(name, async () => {
      for (const options of TRACERS) {
        const call = { from: SENDER, data };
        await compare(pair, ["debug_traceCall", call, "latest", options]);
        await compare(pair, ["debug_traceCall", call, "pending", options]);
      }
    });
  }

  it("without what an access list names and nobody touches", async () => {
    const accessList = [
      { address: CONTRACT, storageKeys: [`0x${"00".repeat(32)}`] },
      { address: NOBODY, storageKeys: [`0x${"01".repeat(32)}`] },
    ];
    await compare(pair, ["hardhat_setCode", CONTRACT, STOP]);
    for (const options of TRACERS) {
      const call = { from: SENDER, to: CONTRACT, accessList };
      await compare(pair, ["debug_traceCall", call, "latest", options]);
    }
  });

  it("of a creation before the merge, when nothing is paid to the miner", async () => {
    const berlin = await openPair({ hardfork: "berlin" });
    for (const options of TRACERS) {
      const params = [{ from: SENDER, data: STOP }, "latest", options];
      await compare(berlin, ["debug_traceCall", ...params]);
    }
    await berlin.close();
  });

  it("of transactions in the middle of a block", async () => {
    await compare(pair, ["hardhat_setCode", CALLEE, STORE]);
    await compare(pair, [
      "hardhat_setCode",
      CONTRACT,
      assemble([1, "SLOAD", 1, "ADD", 1, "SSTORE", "STOP"]),
    ]);
    await compare(pair, ["evm_setAutomine", false]);
    const hashes: unknown[] = [];
    for (const to of [CONTRACT, CONTRACT, CALLEE, CONTRACT]) {
      const transaction = { from: SENDER, to, gas: "0x20000" };
      hashes.push(await compare(pair, ["eth_sendTransaction", transaction]));
    }
    await compare(pair, ["debug_traceTransaction", hashes[0]]);
    await compare(pair, ["evm_mine"]);
    await compare(pair, ["evm_setAutomine", true]);
    for (const hash of hashes) {
      for (const options of TRACERS) {
        await compare(pair, ["debug_traceTransaction", hash, options]);
      }
    }
  });

  it("also in what they refuse", async () => {
    const call = { from: SENDER, to: CONTRACT };
    for (const options of [
      1,
      [],
      { foo: 1 },
      { tracer: null },
      { tracer: 1 },
      { tracer: "foo" },
      { disableStack: 1 },
      { enableMemory: "x", tracer: "callTracer" },
      { tracer: "callTracer", tracerConfig: 1 },
      { tracer: "callTracer", tracerConfig: null },
      { tracer: "callTracer", tracerConfig: { withLog: 1 } },
      { tracer: "prestateTracer", tracerConfig: { diffMode: 1 } },
      { tracer: "flatCallTracer", tracerConfig: { convertParityErrors: 1 } },
      { tracer: "4byteTracer", tracerConfig: 1 },
      { tracer: "muxTracer" },
      { tracer: "muxTracer", tracerConfig: { callTracer: {} } },
      { tracer: "muxTracer", tracerConfig: { foo: {} } },
    ]) {
      await compare(pair, ["debug_traceCall", call, "latest", options]);
    }
    for (const extra of [{ gas: "0x1" }, { gas: "0x1000001" }]) {
      for (const options of TRACERS) {
        const bad = { ...call, ...extra };
        await compare(pair, ["debug_traceCall", bad, "latest", options]);
      }
    }
    const unknown = `0x${"11".repeat(32)}`;
    await compare(pair, ["debug_traceTransaction", unknown]);
    await compare(pair, ["debug_traceTransaction"]);
    await compare(pair, ["debug_traceCall"]);
    await compare(pair, ["debug_traceCall", call, "0x99"]);
  });

  it("of several tracers at once", async () => {
    const tracerConfig = { callTracer: { withLog: true }, noopTracer: null };
    const { ours, edr } = pair;
    const params = [
      { from: SENDER, to: CONTRACT },
      "latest",
      { tracer: "muxTracer", tracerConfig },
    ];
    // EDR gives them in random order.
    expect(
      await ours.request({ method: "debug_traceCall", params }),
    ).to.deep.equal(await edr.request({ method: "debug_traceCall", params }));
  });
});

describe("traces are EDR's on Amsterdam", () => {
  for (const [name, [code, callee]] of Object.entries(EXECUTIONS)) {
    it(name, async () => {
      const pair = await openPair({ hardfork: "amsterdam" });
      const call = { from: SENDER, to: CONTRACT, data: "0x12345678" };
      await compare(pair, ["hardhat_setBalance", CONTRACT, "0x1000"]);
      await compare(pair, ["hardhat_setCode", CALLEE, callee]);
      await compare(pair, ["hardhat_setCode", CONTRACT, code]);
      // Little, enough, and more than the cap.
      for (const gas of ["0x40000", "0x100000", "0x1100000"]) {
        for (const options of TRACERS) {
          const params = [{ ...call, gas }, "latest", options];
          await compare(pair, ["debug_traceCall", ...params]);
        }
      }
      await pair.close();
    });
  }
});
