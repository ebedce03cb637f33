import type { Statement } from "../../helpers/program.js";
import type { Random } from "../../helpers/random.js";

import { AbiCoder, concat, id } from "ethers";

import { ACCOUNTS } from "./accounts.js";

const CONSOLE_ADDRESS = "0x000000000000000000636F6e736F6c652e6c6f67";
const abi = AbiCoder.defaultAbiCoder();

interface Surroundings {
  readonly random: Random;
  readonly since: (fork: string) => boolean;
}

export function consoleLog({ random }: Surroundings): Statement[] {
  const data = random.weighted<() => string>([
    [
      3,
      () =>
        encodeLog(
          "log(string)",
          ["string"],
          [random.pick(["hello", "", "100%", "%s and %d"])],
        ),
    ],
    [2, () => encodeLog("log(uint256)", ["uint256"], [random.word()])],
    [
      1,
      () =>
        encodeLog(
          "log(string,uint256)",
          ["string", "uint256"],
          ["value: %d", random.below(1000)],
        ),
    ],
    [
      1,
      () =>
        encodeLog("log(address)", ["address"], [random.pick(ACCOUNTS).address]),
    ],
    [
      1,
      () =>
        encodeLog(
          "log(bool,string)",
          ["bool", "string"],
          [random.chance(0.5), "flag"],
        ),
    ],
    [1, () => encodeLog("log(int256)", ["int256"], [-random.below(1000)])],
    [1, () => encodeLog("logBytes32(bytes32)", ["bytes32"], [random.hex(32)])],
    [1, () => random.hex(random.below(8))],
  ])();
  return [
    ["bytes", 0, data],
    [
      "POP",
      ["STATICCALL", ["GAS"], CONSOLE_ADDRESS, 0, (data.length - 2) / 2, 0, 0],
    ],
  ];
}

function encodeLog(
  signature: string,
  types: string[],
  values: unknown[],
): string {
  return concat([id(signature).slice(0, 10), abi.encode(types, values)]);
}

/** Ways a function ends before its end. */
export function ending({ random, since }: Surroundings): Statement[] {
  const revertWith = (data: string): Statement[] => [
    ["bytes", 0, data],
    ["REVERT", 0, (data.length - 2) / 2],
  ];
  return random.weighted<() => Statement[]>([
    [6, () => [["RETURN", 0, 32 * random.below(4)]]],
    [
      2,
      () =>
        revertWith(
          encodeLog(
            "Error(string)",
            ["string"],
            [
              random.pick([
                "no",
                "",
                "a much longer reason than one word of thirty-two bytes holds",
              ]),
            ],
          ),
        ),
    ],
    [
      2,
      () =>
        revertWith(
          encodeLog(
            "Panic(uint256)",
            ["uint256"],
            [
              random.pick([
                0x01, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32, 0x41, 0x51, 0x99,
              ]),
            ],
          ),
        ),
    ],
    [
      1,
      () =>
        revertWith(encodeLog("Custom(uint256)", ["uint256"], [random.word()])),
    ],
    [1, () => revertWith("0x1234")],
    [2, () => [["REVERT", 0, 0]]],
    [1, () => [["INVALID"]]],
    [1, () => [["raw", "0x0c"]]],
    [1, () => [["raw", "0x50"]]],
    [1, () => [["JUMP", 1]]],
    [
      1,
      () => [
        // With little gas only: EDR needs seconds to burn a block's worth.
        ["if", ["GT", ["GAS"], 500_000], [["INVALID"]]],
        ["repeat", 100_000_000, []],
      ],
    ],
    [1, () => [["MSTORE", "0xffffffffff", 1]]],
    [1, () => [["STOP"]]],
    [since("constantinople") ? 1 : 0, () => [["RETURNDATACOPY", 0, 0, 1000]]],
  ])();
}

/** DUPN, SWAPN or EXCHANGE (EIP-8024) on a stack that is deep enough most of the time; what comes to the top is stored. */
export function deepStack({ random }: Surroundings): Statement[] {
  const depth = random.between(16, 40);
  const opcode = random.pick([0xe6, 0xe7, 0xe8]);
  // Up to 0x2a the depth is above 145; the bytes from 0x80 on begin at 17.
  const immediate = random.chance(0.8)
    ? random.between(0x80, 0x9f)
    : random.below(256);
  const pushes = Array.from({ length: depth }, () => [
    0x60,
    random.below(256),
  ]).flat();
  const left = opcode === 0xe6 ? depth : depth - 1;
  const bytes = [
    ...pushes,
    opcode,
    immediate,
    // PUSH1, SSTORE
    0x60,
    random.below(4),
    0x55,
    ...Array.from({ length: left }, () => 0x50),
  ];
  return [["raw", `0x${Buffer.from(bytes).toString("hex")}`]];
}
