import type { Row, SideName, WorkSide } from "./helpers/measure.js";
import type { Network } from "./helpers/networks.js";
import type { Bench } from "./index.js";

import { workloadContracts } from "../test/helpers/workloads/compile.js";
import { opcodeFamilies } from "../test/helpers/workloads/families.js";
import { EthereumjsMachine } from "./helpers/ethereumjs.js";
import { measure, ratiosOf, timed } from "./helpers/measure.js";
import { closeAll, openNetworks } from "./helpers/networks.js";

/** Something that executes a call on code it was given. */
interface Machine {
  readonly side: SideName;
  setCode(address: string, code: string): Promise<void>;
  call(to: string, data: string): Promise<unknown>;
}

interface CallWork {
  readonly name: string;
  readonly code: string;
  readonly data: string;
  /** Calls in one sample: short works are repeated. */
  readonly repeat: number;
  readonly unit: "us" | "ns/opcode";
  /** For `ns/opcode`. */
  readonly opcodes?: number;
}

/** Execution alone: eth_call of code that runs long, and ethereumjs's evm called directly. */
export const coreBench: Bench = async (options, [filter = ""]) => {
  const config = {
    initialDate: "2030-01-01T00:00:00Z",
    transactionGasCap: false,
    blockGasLimit: 1_000_000_000,
  };
  const wanted = (side: SideName): boolean =>
    options.sides?.includes(side) ?? true;
  const networks = await openNetworks(
    (["edr", "ours", "anvil"] as const)
      .filter(wanted)
      .map((side) => ({ side, config })),
  );
  try {
    const machines: Machine[] = [];
    for (const network of networks) {
      machines.push(await networkMachine(network));
    }
    if (wanted("ethereumjs")) {
      machines.push(await EthereumjsMachine.create());
    }
    const rows: Row[] = [];
    for (const [i, work] of works().entries()) {
      if (!work.name.includes(filter)) {
        continue;
      }
      const address = `0x${(0xc0de_0000 + i).toString(16).padStart(40, "0")}`;
      for (const machine of machines) {
        await machine.setCode(address, work.code);
      }
      const sides = machines.map((machine) => sideOf(machine, work, address));
      rows.push(
        ...(await measure(
          { name: work.name, unit: work.unit, sides },
          options,
        )),
      );
    }
    const ratios = ratiosOf(rows, [
      ["ours", "edr"],
      ["ours", "anvil"],
      ["ours", "ethereumjs"],
    ]);
    return { bench: "core", rows, ratios };
  } finally {
    await closeAll(networks);
  }
};

function sideOf(machine: Machine, work: CallWork, address: string): WorkSide {
  return {
    side: machine.side,
    sample: async () => {
      const milliseconds = await timed(async () => {
        for (let i = 0; i < work.repeat; i++) {
          await machine.call(address, work.data);
        }
      });
      const perCall = milliseconds / work.repeat;
      return work.unit === "us"
        ? perCall * 1e3
        : (perCall * 1e6) / (work.opcodes ?? 1);
    },
  };
}

function works(): CallWork[] {
  const { Work, Token } = workloadContracts();
  const loop = (
    name: string,
    method: string,
    rounds: number,
    repeat = 1,
  ): CallWork => ({
    name,
    code: Work.runtime,
    data: Work.interface.encodeFunctionData(method, [rounds]),
    repeat,
    unit: "us",
  });
  return [
    loop("loop of 500,000 opcodes", "loop", 20_000),
    loop("10,000 rounds of keccak256(abi.encode)", "keccakLoop", 10_000),
    loop("2,000 rounds of storage", "storageLoop", 2_000),
    loop("10,000 rounds of memory", "memoryLoop", 10_000),
    loop("500 calls", "callLoop", 500),
    {
      name: "ERC-20 balanceOf",
      code: Token.runtime,
      data: Token.interface.encodeFunctionData("balanceOf", [
        `0x${"11".repeat(20)}`,
      ]),
      repeat: 100,
      unit: "us",
    },
    ...opcodeFamilies().map(({ name, runtime, opcodes }): CallWork => ({
      name,
      code: runtime,
      data: "0x",
      repeat: 1,
      unit: "ns/opcode",
      opcodes,
    })),
  ];
}

async function networkMachine(network: Network): Promise<Machine> {
  const { side } = network;
  const [from] = await network.request<string[]>("eth_accounts");
  const method = side === "anvil" ? "anvil_setCode" : "hardhat_setCode";
  return {
    side,
    setCode: async (address, code) => {
      await network.request(method, [address, code]);
    },
    call: (to, data) =>
      network.request("eth_call", [
        { from, to, data, gas: "0x3938700" },
        "latest",
      ]),
  };
}
