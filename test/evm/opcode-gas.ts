import type { World } from "./helpers/world.js";

import { expect } from "chai";

import { assemble, type AssemblyItem } from "../helpers/assembler.js";
import { opcode, OPCODE_NAMES } from "../helpers/opcodes.js";
import { executeOnCore } from "./helpers/core-engine.js";
import { plainWorld } from "./helpers/world.js";

const FRONTIER = 0;
const HOMESTEAD = 1;
const TANGERINE_WHISTLE = 2;
const SPURIOUS_DRAGON = 3;
const BYZANTIUM = 4;
const CONSTANTINOPLE = 5;
const PETERSBURG = 6;
const ISTANBUL = 7;
const BERLIN = 9;
const LONDON = 10;
const SHANGHAI = 14;
const CANCUN = 15;
const OSAKA = 17;
const AMSTERDAM = 18;
const FORKS = Array.from({ length: AMSTERDAM + 1 }, (_, fork) => fork);

const OUT_OF_GAS = 0x20;
const OPCODE_NOT_FOUND = 0x28;
const INVALID_OPCODE = 0x29;
const STACK_UNDERFLOW = 0x2b;
const STACK_OVERFLOW = 0x2c;

/** Gas since a fork, of the opcode alone with all operands zero, on an account (zero) that is cold. */
type Prices = readonly (readonly [fork: number, gas: number])[];

const since = (fork: number, gas: number): Prices => [[fork, gas]];

/** By the yellow paper's fee schedule and the EIPs named. */
const PRICES: Readonly<Record<string, Prices>> = {
  ...of(
    2,
    "ADDRESS ORIGIN CALLER CALLVALUE CALLDATASIZE CODESIZE GASPRICE COINBASE TIMESTAMP NUMBER",
  ),
  ...of(2, "PREVRANDAO GASLIMIT POP PC MSIZE GAS"),
  ...of(
    3,
    "ADD SUB LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE CALLDATALOAD CALLDATACOPY CODECOPY",
  ),
  ...of(5, "MUL DIV SDIV MOD SMOD SIGNEXTEND"),
  ...of(8, "ADDMOD MULMOD JUMP"),
  JUMPI: since(FRONTIER, 10),
  EXP: since(FRONTIER, 10),
  KECCAK256: since(FRONTIER, 30),
  JUMPDEST: since(FRONTIER, 1),
  STOP: since(FRONTIER, 0),
  RETURN: since(FRONTIER, 0),
  // One word of memory comes on top.
  MLOAD: since(FRONTIER, 6),
  MSTORE: since(FRONTIER, 6),
  MSTORE8: since(FRONTIER, 6),
  BLOCKHASH: since(FRONTIER, 20),
  LOG0: since(FRONTIER, 375),
  LOG1: since(FRONTIER, 750),
  LOG2: since(FRONTIER, 1125),
  LOG3: since(FRONTIER, 1500),
  LOG4: since(FRONTIER, 1875),
  // From Amsterdam on, the account is paid for as new state (EIP-8037).
  CREATE: [
    [FRONTIER, 32_000],
    [AMSTERDAM, 192_600],
  ],
  BALANCE: [
    [FRONTIER, 20],
    [TANGERINE_WHISTLE, 400],
    [ISTANBUL, 700],
    [BERLIN, 2600],
  ],
  EXTCODESIZE: [
    [FRONTIER, 20],
    [TANGERINE_WHISTLE, 700],
    [BERLIN, 2600],
  ],
  EXTCODECOPY: [
    [FRONTIER, 20],
    [TANGERINE_WHISTLE, 700],
    [BERLIN, 2600],
  ],
  EXTCODEHASH: [
    [CONSTANTINOPLE, 400],
    [ISTANBUL, 700],
    [BERLIN, 2600],
  ],
  SLOAD: [
    [FRONTIER, 50],
    [TANGERINE_WHISTLE, 200],
    [ISTANBUL, 800],
    [BERLIN, 2100],
  ],
  // Zero over zero.
  SSTORE: [
    [FRONTIER, 5000],
    [CONSTANTINOPLE, 200],
    [PETERSBURG, 5000],
    [ISTANBUL, 800],
    [BERLIN, 2200],
  ],
  CALL: [
    [FRONTIER, 25_040],
    [TANGERINE_WHISTLE, 25_700],
    [SPURIOUS_DRAGON, 700],
    [BERLIN, 2600],
  ],
  CALLCODE: [
    [FRONTIER, 40],
    [TANGERINE_WHISTLE, 700],
    [BERLIN, 2600],
  ],
  DELEGATECALL: [
    [HOMESTEAD, 40],
    [TANGERINE_WHISTLE, 700],
    [BERLIN, 2600],
  ],
  STATICCALL: [
    [BYZANTIUM, 700],
    [BERLIN, 2600],
  ],
  SELFDESTRUCT: [
    [FRONTIER, 0],
    [TANGERINE_WHISTLE, 30_000],
    [SPURIOUS_DRAGON, 5000],
    [BERLIN, 7600],
  ],
  REVERT: since(BYZANTIUM, 0),
  RETURNDATASIZE: since(BYZANTIUM, 2),
  RETURNDATACOPY: since(BYZANTIUM, 3),
  SHL: since(CONSTANTINOPLE, 3),
  SHR: since(CONSTANTINOPLE, 3),
  SAR: since(CONSTANTINOPLE, 3),
  CREATE2: [
    [CONSTANTINOPLE, 32_000],
    [AMSTERDAM, 192_600],
  ],
  CHAINID: since(ISTANBUL, 2),
  SELFBALANCE: since(ISTANBUL, 5),
  BASEFEE: since(LONDON, 2),
  PUSH0: since(SHANGHAI, 2),
  BLOBHASH: since(CANCUN, 3),
  BLOBBASEFEE: since(CANCUN, 2),
  TLOAD: since(CANCUN, 100),
  TSTORE: since(CANCUN, 100),
  MCOPY: since(CANCUN, 3),
  CLZ: since(OSAKA, 5),
  SLOTNUM: since(AMSTERDAM, 2),
};
const DUPS_AND_SWAPS = OPCODE_NAMES.filter((name) =>
  /^(DUP|SWAP)\d/.test(name),
);

function of(gas: number, names: string): Record<string, Prices> {
  return Object.fromEntries(
    names.split(" ").map((name) => [name, since(FRONTIER, gas)]),
  );
}

function priceOf(name: string, fork: number): number | undefined {
  return PRICES[name].findLast(([first]) => first <= fork)?.[1];
}

/** Runs code as a transaction with so much gas for the execution alone. */
function run(
  items: readonly AssemblyItem[],
  fork: number,
  gas: number,
): { status: number; spent: number } {
  const world: World = plainWorld(fork, assemble(items));
  const { result } = executeOnCore(world, 21_000n + BigInt(gas));
  return { status: result.status, spent: Number(result.gasSpent) - 21_000 };
}

const PUSH_PRICE = 3;
const PLENTY = 300_000;
/** SSTORE wants more than the stipend left (EIP-2200). */
const SENTRY = 2301;

describe("opcodes: gas and stack, by fork", () => {
  for (const name of Object.keys(PRICES)) {
    it(`${name} costs what the fork says, no gas less will do`, () => {
      for (const fork of FORKS) {
        const price = priceOf(name, fork);
        const { inputs } = opcode(name);
        // JUMP goes to the JUMPDEST at its end, JUMPI (with a condition of zero) past it.
        const operands = Array.from({ length: inputs }, (_, i) =>
          name === "JUMP" && i === 0 ? { ref: "end" } : 0,
        );
        const code = [...operands, name, { label: "end" }];
        const pushes = inputs * PUSH_PRICE;
        const { status, spent } = run(code, fork, PLENTY);
        const label = `${name} on fork ${fork}`;
        if (price === undefined) {
          expect(status, label).to.equal(OPCODE_NOT_FOUND);
          continue;
        }
        const ends = ["STOP", "RETURN", "REVERT", "SELFDESTRUCT"].includes(
          name,
        );
        const whole = pushes + price + (ends ? 0 : 1);
        expect(status, label).to.be.lessThan(OUT_OF_GAS);
        expect(spent, label).to.equal(whole);
        const needed =
          name === "SSTORE" && fork >= ISTANBUL
            ? Math.max(whole, pushes + SENTRY)
            : whole;
        expect(run(code, fork, needed).status, label).to.be.lessThan(
          OUT_OF_GAS,
        );
        if (needed > 0) {
          const { status: short } = run(code, fork, needed - 1);
          expect(short, label).to.be.within(OUT_OF_GAS, OPCODE_NOT_FOUND - 1);
        }
      }
    });
  }

  it("is complete: every opcode of the table has a price here", () => {
    expect(
      [...Object.keys(PRICES), ...DUPS_AND_SWAPS, "INVALID"].sort(),
    ).to.deep.equal([...OPCODE_NAMES].sort());
  });

  it("bytes that are no opcode are not found, INVALID is", () => {
    const known = new Set(OPCODE_NAMES.map((name) => opcode(name).byte));
    for (let byte = 0; byte < 256; byte++) {
      if (byte >= 0x60 && byte <= 0x7f) continue;
      const raw = `0x${byte.toString(16).padStart(2, "0")}`;
      if (known.has(byte) && raw !== "0xfe") continue;
      const { status, spent } = run([{ raw }], OSAKA, PLENTY);
      expect(status, raw).to.equal(
        byte === 0xfe ? INVALID_OPCODE : OPCODE_NOT_FOUND,
      );
      expect(spent).to.equal(PLENTY);
    }
  });

  it("PUSH1 to PUSH32 cost 3 and push their bytes, with zeros past the end of the code", () => {
    for (let n = 1; n <= 32; n++) {
      const bytes = Array.from({ length: n }, (_, i) => (i * 37 + n) & 0xff);
      const hex = Buffer.from(bytes).toString("hex");
      const push = (0x5f + n).toString(16);
      const code = [{ raw: `0x${push}${hex}` }, 0, "MSTORE", 32, 0, "RETURN"];
      const { result } = executeOnCore(plainWorld(OSAKA, assemble(code)));
      expect(Buffer.from(result.output).toString("hex")).to.equal(
        hex.padStart(64, "0"),
      );
      // The last byte is missing: the push is the end of the code, and nothing fails.
      const cut = run([{ raw: `0x${push}${hex.slice(2)}` }], OSAKA, PUSH_PRICE);
      expect(cut).to.deep.equal({ status: 0, spent: PUSH_PRICE });
    }
  });

  for (const name of [...Object.keys(PRICES), ...DUPS_AND_SWAPS]) {
    const { inputs, outputs } = opcode(name);
    if (inputs > 0) {
      it(`${name} underflows with one item too few`, () => {
        const zeros = Array.from({ length: inputs - 1 }, () => 0);
        expect(run([...zeros, name], AMSTERDAM, PLENTY).status).to.equal(
          STACK_UNDERFLOW,
        );
      });
    }
    if (outputs > inputs) {
      it(`${name} overflows on a full stack`, () => {
        const full = Array.from({ length: 1024 - (outputs - inputs) }, () => 0);
        expect(run([...full, name], AMSTERDAM, PLENTY).status).to.equal(0);
        expect(run([...full, 0, name], AMSTERDAM, PLENTY).status).to.equal(
          STACK_OVERFLOW,
        );
      });
    }
  }

  it("DUP and SWAP reach the items they name", () => {
    for (let n = 1; n <= 16; n++) {
      const items = Array.from({ length: 17 }, (_, i) => 100 + i);
      const top = (code: readonly AssemblyItem[]): bigint => {
        const all = assemble([...items, ...code, 0, "MSTORE", 32, 0, "RETURN"]);
        const { result } = executeOnCore(plainWorld(OSAKA, all));
        return BigInt(`0x${Buffer.from(result.output).toString("hex")}`);
      };
      expect(top([`DUP${n}`])).to.equal(BigInt(117 - n));
      expect(top([`SWAP${n}`])).to.equal(BigInt(116 - n));
      const pops = Array.from({ length: n }, () => "POP");
      expect(top([`SWAP${n}`, ...pops])).to.equal(116n);
    }
  });
});
