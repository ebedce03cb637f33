import type { CoreWork } from "./work.js";

import {
  computeContract,
  workloadContracts,
} from "../../test/helpers/workloads/compile.js";
import { opcodeFamilies } from "../../test/helpers/workloads/families.js";
import { plainWork } from "./work.js";

/** Loops that solc compiled. */
export function loopWorks(): CoreWork[] {
  const { Work } = workloadContracts();
  const loop = (name: string, method: string, rounds: number): CoreWork =>
    plainWork({
      name,
      unit: "us",
      count: 1,
      repeat: 1,
      code: Work.runtime,
      data: Work.interface.encodeFunctionData(method, [rounds]),
    });
  return [
    loop("loop of 500,000 opcodes", "loop", 20_000),
    loop("10,000 rounds of keccak256(abi.encode)", "keccakLoop", 10_000),
    loop("2,000 rounds of storage", "storageLoop", 2_000),
    loop("10,000 rounds of memory", "memoryLoop", 10_000),
    loop("500 calls", "callLoop", 500),
    ...[false, true].flatMap(computeWorks),
  ];
}

/** Checked arithmetic, internal functions, arrays in memory. */
function computeWorks(viaIR: boolean): CoreWork[] {
  const { runtime, interface: methods } = computeContract(viaIR);
  const works: readonly (readonly [
    what: string,
    method: string,
    count: number,
  ])[] = [
    ["10,000 checked rounds", "checkedLoop", 10_000],
    ["primes below 10,000", "primes", 10_000],
    ["insertion sort of 200", "sort", 200],
    ["10,000 rounds of fixed point", "compound", 10_000],
    ["10,000 rounds of small integers", "narrow", 10_000],
    ["10,000 rounds of mulmod", "power", 10_000],
  ];
  return works.map(([what, method, count]) =>
    plainWork({
      name: `${what}${viaIR ? ", via IR" : ""}`,
      unit: "us",
      count: 1,
      repeat: 1,
      code: runtime,
      data: methods.encodeFunctionData(method, [count]),
    }),
  );
}

/** Every opcode, by family. */
export function familyWorks(): CoreWork[] {
  return opcodeFamilies().map(({ name, runtime, opcodes }) =>
    plainWork({
      name,
      unit: "ns/opcode",
      count: opcodes,
      repeat: 1,
      code: runtime,
      data: "0x",
    }),
  );
}
