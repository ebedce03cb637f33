import { expect } from "chai";

import { assemble } from "../helpers/assembler.js";
import { Random } from "../helpers/random.js";
import { PRECOMPILE_INPUTS } from "../helpers/workloads/precompile-inputs.js";
import { ask, openPair, type Pair } from "../provider/helpers/pair.js";

const PROBE = `0x${"9e".repeat(20)}`;
const PLENTY = 9_000_000;
/** Longer inputs are for benchmarks. */
const LONGEST = 5_000;

/**
 * Gas for the call, address and input in the calldata; returns whether the call succeeded, what it cost and
 * its output.
 */
const PROBE_CODE = assemble([
  ...[64, "CALLDATASIZE", "SUB", 64, 0, "CALLDATACOPY", "GAS"],
  ...[0, 0, 64, "CALLDATASIZE", "SUB", 0, 0],
  ...[32, "CALLDATALOAD", 0, "CALLDATALOAD", "CALL"],
  ...["GAS", "SWAP1", 0, "MSTORE", "SWAP1", "SUB", 32, "MSTORE"],
  ...["RETURNDATASIZE", 0, 64, "RETURNDATACOPY"],
  ...["RETURNDATASIZE", 64, "ADD", 0, "RETURN"],
]);

const HARDFORKS = [
  "byzantium",
  "istanbul",
  "berlin",
  "cancun",
  "prague",
  "osaka",
];

const IDS = [...Array.from({ length: 0x12 }, (_, i) => i + 1), 0xff, 0x100];

/** The precompiles as Hardhat's own network has them: outcome, price and output of every call. */
describe("precompiles, against EDR", () => {
  for (const hardfork of HARDFORKS) {
    describe(hardfork, function () {
      this.timeout(120_000);
      let pair: Pair;

      before(async () => {
        pair = await openPair({ hardfork });
        for (const side of [pair.edr, pair.ours]) {
          const params = [PROBE, PROBE_CODE];
          await side.request({ method: "hardhat_setCode", params });
        }
      });

      after(() => pair.close());

      async function compare(
        id: number,
        input: string,
        gas = PLENTY,
      ): Promise<void> {
        const words = [gas, id].map((n) => n.toString(16).padStart(64, "0"));
        const call = {
          to: PROBE,
          data: `0x${words.join("")}${input}`,
          gas: `0x${(PLENTY + 1_000_000).toString(16)}`,
        };
        const [edr, ours] = [
          await ask(pair.edr, "eth_call", [call, "latest"]),
          await ask(pair.ours, "eth_call", [call, "latest"]),
        ];
        const label = `precompile ${id} with ${gas} gas, input ${input}`;
        expect(edr.result, label).to.match(/^0x/);
        expect(ours, label).to.deep.equal(edr);
      }

      it("do the same with valid inputs, longer and shorter ones, and one changed byte", async () => {
        const random = new Random(hardfork);
        for (const { id, make } of PRECOMPILE_INPUTS) {
          const input = make(random.between(1, 1000));
          if (input.length > LONGEST * 2) continue;
          await compare(id, input);
          await compare(id, `${input}00`);
          await compare(id, input.slice(2));
          await compare(id, input.slice(0, -2));
          for (let i = 0; i < 3; i++) {
            const at = 2 * random.below(input.length / 2);
            const byte = random.below(256).toString(16).padStart(2, "0");
            await compare(id, input.slice(0, at) + byte + input.slice(at + 2));
          }
        }
      });

      it("do the same with inputs of zeros and ones of any length, and with little gas", async () => {
        const random = new Random(`${hardfork} lengths`);
        for (const id of IDS) {
          const lengths = [0, 1, 32, 64, 96, 128, 160, 192, 213, 256, 288, 384];
          for (const length of [...lengths, random.below(600)]) {
            // As lengths of MODEXP or rounds of BLAKE2F, ones are more than there is time for.
            const byte =
              id === 5 || id === 9 ? "00" : random.pick(["00", "ff"]);
            await compare(id, byte.repeat(length));
            await compare(id, byte.repeat(length), random.below(4000));
          }
        }
      });
    });
  }
});
