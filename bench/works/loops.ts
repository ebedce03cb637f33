import type { CoreWork } from "./work.js";

import { workloadContracts } from "../../test/helpers/workloads/compile.js";
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
  ];
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
