import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Interface } from "ethers";

export interface CompiledContract {
  readonly name: string;
  readonly interface: Interface;
  /** Initcode, 0x hex. */
  readonly initcode: string;
  readonly runtime: string;
}

interface SolcOutput {
  readonly errors?: readonly {
    readonly severity: string;
    readonly formattedMessage: string;
  }[];
  readonly contracts: Record<
    string,
    Record<
      string,
      {
        readonly abi: readonly object[];
        readonly evm: {
          readonly bytecode: { readonly object: string };
          readonly deployedBytecode: { readonly object: string };
        };
      }
    >
  >;
}

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const SOURCE = join(here, "contracts/workloads.sol");

/** Contracts of contracts/workloads.sol, compiled by the npm compiler; kept in cache/ between runs. */
export function workloadContracts(): Record<
  "Token" | "Work",
  CompiledContract
> {
  const source = readFileSync(SOURCE, "utf8");
  const { version } = require("solc-0.8.28/package.json") as {
    version: string;
  };
  const key = createHash("sha256").update(source).update(version).digest("hex");
  const cached = join(root, "cache", `workloads-${key.slice(0, 16)}.json`);
  let output: SolcOutput;
  if (existsSync(cached)) {
    output = JSON.parse(readFileSync(cached, "utf8")) as SolcOutput;
  } else {
    output = compile(source);
    mkdirSync(dirname(cached), { recursive: true });
    writeFileSync(cached, JSON.stringify(output));
  }
  const contracts = output.contracts["workloads.sol"];
  const contract = (name: string): CompiledContract => ({
    name,
    interface: new Interface(contracts[name].abi),
    initcode: `0x${contracts[name].evm.bytecode.object}`,
    runtime: `0x${contracts[name].evm.deployedBytecode.object}`,
  });
  return { Token: contract("Token"), Work: contract("Work") };
}

function compile(source: string): SolcOutput {
  const solc = require("solc-0.8.28") as {
    compile(
      input: string,
      callbacks: { import(path: string): { contents: string } },
    ): string;
  };
  const input = {
    language: "Solidity",
    sources: { "workloads.sol": { content: source } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: "cancun",
      outputSelection: {
        "*": {
          "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"],
        },
      },
    },
  };
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), {
      import: (path) => ({
        contents: readFileSync(join(root, "node_modules", path), "utf8"),
      }),
    }),
  ) as SolcOutput;
  const errors = (output.errors ?? []).filter(
    ({ severity }) => severity === "error",
  );
  if (errors.length > 0) {
    throw new Error(
      `workloads.sol: ${errors.map((e) => e.formattedMessage).join("\n")}`,
    );
  }
  return output;
}
