import type { GasEstimationMode } from "../../src/internal/chain/chain-interface.js";
import type { Address, CallRequest } from "../../src/internal/chain/types.js";
import type { Side } from "../differential/helpers/types.js";

import { expect } from "chai";

import { fromHex, toHash } from "../../src/internal/chain/hex.js";
import { edrSides } from "../differential/helpers/sides.js";
import { assemble, type AssemblyItem } from "../helpers/assembler.js";
import { addressOf, ALICE, PRIVATE_KEYS, testChain } from "./helpers/chain.js";

const CALLEE = addressOf(2_000);
const TARGET = addressOf(1_000);

const call = (gas: AssemblyItem, value = 0): AssemblyItem[] => [
  ...[0, 0, 0, 0, value, CALLEE],
  gas,
  "CALL",
];
/** Reverts unless the call before succeeded. */
const required: AssemblyItem[] = [
  { ref: "ok" },
  "JUMPI",
  0,
  0,
  "REVERT",
  { label: "ok" },
];
const burn = (rounds: number): AssemblyItem[] =>
  Array.from({ length: rounds }, (_, i): AssemblyItem[] => [
    i * 32,
    i * 32,
    "KECCAK256",
    "POP",
  ]).flat();

/** Name, code of the target, code of what it calls, and more of the request. */
const PROGRAMS: [
  string,
  AssemblyItem[],
  AssemblyItem[],
  Partial<CallRequest>?,
][] = [
  ["nothing", [], []],
  ["a write", [1, 0, "SSTORE"], []],
  ["a refund", [0, 7, "SSTORE"], []],
  [
    "a guard that is taken and given back",
    [2, 7, "SSTORE", 1, 7, "SSTORE"],
    [],
  ],
  ["a call with all gas", [...call("GAS"), ...required], burn(40)],
  [
    "a call with all gas and much to do after it",
    [...call("GAS"), ...required, ...burn(60)],
    burn(200),
  ],
  ["a call whose failure nobody minds", call("GAS"), burn(200)],
  ["a call with little gas", [...call(3_000), "POP", ...burn(3)], burn(20)],
  ["a call with enough gas", [...call(60_000), ...required], [1, 0, "SSTORE"]],
  [
    "a call with value",
    [...call("GAS", 1), "POP"],
    [1, 0, "SSTORE"],
    { value: 5n },
  ],
  [
    "a call that reverts",
    [...call("GAS"), "POP", 1, 0, "SSTORE"],
    [0, 0, "REVERT"],
  ],
  ["a call that halts", [...call(30_000), "POP", 1, 0, "SSTORE"], ["INVALID"]],
  [
    "a look at the gas",
    [
      "GAS",
      1_000_000,
      "GT",
      { ref: "ok" },
      "JUMPI",
      0,
      0,
      "REVERT",
      { label: "ok" },
    ],
    [],
  ],
  [
    "work that depends on the gas",
    ["GAS", 30_000, "GT", { ref: "ok" }, "JUMPI", ...burn(30), { label: "ok" }],
    [],
  ],
  ["a creation inside", [0, 0, 0, "CREATE", "POP"], []],
  ["memory", [1, 60_000, "MSTORE"], []],
  ["failure", [0, 0, "REVERT"], []],
  ["a halt", ["INVALID"], []],
  [
    "an endless loop",
    [{ label: "again" }, { ref: "again" }, "JUMP"],
    [],
    { gas: 200_000n },
  ],
  [
    "calldata that has a floor",
    [],
    [],
    { data: new Uint8Array(2_000).fill(1) },
  ],
  [
    "an access list",
    [1, 0, "SSTORE"],
    [],
    { accessList: [{ address: TARGET, storageKeys: [toHash(0n)] }] },
  ],
  ["a gas limit that is just enough", [1, 0, "SSTORE"], [], { gas: 43_200n }],
  ["a gas limit that is too small", [1, 0, "SSTORE"], [], { gas: 43_000n }],
];

describe("eth_estimateGas", function () {
  this.timeout(120_000);

  for (const mode of [
    "noInternalOutOfGas",
    "topLevelSuccess",
  ] satisfies GasEstimationMode[]) {
    describe(mode, function () {
      let edr: Side;

      before(async function () {
        edr = await edrSides().open({
          initialDate: "2030-01-01T00:00:00Z",
          gasEstimationMode: mode,
          accounts: PRIVATE_KEYS.map((privateKey) => ({
            privateKey,
            balance: "10000000000000000000000",
          })),
        });
      });

      after(async function () {
        await edr.close();
      });

      const onEdr = async (
        method: string,
        ...params: unknown[]
      ): Promise<unknown> => {
        const { result, error } = await edr.request({ method, params });
        return error === undefined ? result : error.message;
      };

      for (const [name, target, callee, fields = {}] of PROGRAMS) {
        it(`is EDR's for ${name}`, async function () {
          const chain = testChain({ gasEstimationMode: mode });
          for (const [address, items] of [
            [TARGET, target],
            [CALLEE, callee],
          ] satisfies [Address, AssemblyItem[]][]) {
            const code = assemble(items);
            chain.setCode(address, fromHex(code));
            chain.setStorageAt(address, toHash(7n), toHash(1n));
            await onEdr("hardhat_setCode", address, code);
            await onEdr("hardhat_setStorageAt", address, "0x7", toHash(1n));
          }
          const request: CallRequest = {
            from: ALICE,
            to: TARGET,
            gas: undefined,
            gasPrice: undefined,
            maxFeePerGas: undefined,
            maxPriorityFeePerGas: undefined,
            value: 0n,
            data: new Uint8Array(0),
            accessList: undefined,
            authorizationList: undefined,
            ...fields,
          };
          const estimate = chain.estimateGas(request);
          const expected = await onEdr("eth_estimateGas", {
            from: ALICE,
            to: TARGET,
            value: `0x${request.value.toString(16)}`,
            data: `0x${Buffer.from(request.data).toString("hex")}`,
            ...(request.gas && { gas: `0x${request.gas.toString(16)}` }),
            ...(request.accessList && { accessList: request.accessList }),
          });
          if (estimate.kind === "gas") {
            expect(`0x${estimate.gas.toString(16)}`).to.equal(expected);
          } else {
            expect(expected).to.match(
              estimate.kind === "failed"
                ? /reverted|invalid opcode|out of gas/
                : /internal call runs out of gas/,
            );
          }
        });
      }
    });
  }
});
