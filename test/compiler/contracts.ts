import { expect } from "chai";

import { computeContract } from "../helpers/workloads/compile.js";
import { callWorld, firstDifference, loopsIn } from "./helpers/compiled.js";

const CALLS: readonly (readonly [method: string, ...args: unknown[]])[] = [
  ["checkedLoop", 50],
  ["primes", 60],
  ["sort", 20],
  ["compound", 40],
  ["narrow", 40],
  ["power", 20],
  ["tally", 20],
  ["bytesLoop", `0x${"0badc0de".repeat(9)}`, 50],
];

for (const viaIR of [false, true]) {
  describe(`what solc makes of loops${viaIR ? " via IR" : ""}, compiled`, () => {
    const { runtime, interface: methods } = computeContract(viaIR);
    for (const [method, ...args] of CALLS) {
      it(`${method} is compiled, and does what the interpreter does`, () => {
        const data = methods.encodeFunctionData(method, args).slice(2);
        const world = callWorld(runtime, Buffer.from(data, "hex"));
        expect(loopsIn(world)).to.be.greaterThan(0);
        const limits = [3_000_000n];
        for (let gas = 22_000n; gas < 60_000n; gas += 617n) limits.push(gas);
        expect(firstDifference(world, limits)).to.equal(undefined);
      });
    }
  });
}
