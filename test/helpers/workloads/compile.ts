import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
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
export type WorkloadContract =
  | "Token"
  | "Work"
  | "Nft"
  | "Pool"
  | "Lending"
  | "Voting"
  | "Guarded"
  | "Factory"
  | "Tipper"
  | "Failing";

/** Contracts of contracts/workloads.sol, as projects compile them. */
export function workloadContracts(): Record<
  WorkloadContract,
  CompiledContract
> {
  return compiledContracts(
    join(here, "contracts/workloads.sol"),
    "solc-0.8.28",
    { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
  );
}

/** The contract of contracts/compute.sol, by either of the compiler's code generators. */
export function computeContract(viaIR: boolean): CompiledContract {
  const { Compute } = compiledContracts(
    join(here, "contracts/compute.sol"),
    "solc-0.8.28",
    { optimizer: { enabled: true, runs: 200 }, viaIR, evmVersion: "cancun" },
  );
  return Compute;
}

/** The dex project's router for Uniswap V3, which runs on what npm has of Uniswap. */
export function poolRouter(): CompiledContract {
  const { PoolRouter } = compiledContracts(
    join(root, "test-fixture-projects/dex/contracts/v3/PoolRouter.sol"),
    "solc-0.7.6",
    { optimizer: { enabled: true, runs: 800 } },
  );
  return PoolRouter;
}

/** Contracts of a file, compiled by an npm compiler; kept in cache/ between runs. */
function compiledContracts(
  path: string,
  compiler: string,
  settings: object,
): Record<string, CompiledContract> {
  const source = readFileSync(path, "utf8");
  const file = basename(path);
  const key = createHash("sha256")
    .update(source)
    .update(compiler)
    .update(JSON.stringify(settings))
    .digest("hex");
  const cached = join(
    root,
    "cache",
    `${basename(path, ".sol")}-${key.slice(0, 16)}.json`,
  );
  let output: SolcOutput;
  if (existsSync(cached)) {
    output = JSON.parse(readFileSync(cached, "utf8")) as SolcOutput;
  } else {
    output = compile(file, source, compiler, settings);
    mkdirSync(dirname(cached), { recursive: true });
    writeFileSync(cached, JSON.stringify(output));
  }
  const contracts = output.contracts[file];
  return Object.fromEntries(
    Object.entries(contracts).map(([name, { abi, evm }]) => [
      name,
      {
        name,
        interface: new Interface(abi),
        initcode: `0x${evm.bytecode.object}`,
        runtime: `0x${evm.deployedBytecode.object}`,
      },
    ]),
  );
}

function compile(
  file: string,
  source: string,
  compiler: string,
  settings: object,
): SolcOutput {
  const solc = require(compiler) as {
    compile(
      input: string,
      callbacks: { import(path: string): { contents: string } },
    ): string;
  };
  const input = {
    language: "Solidity",
    sources: { [file]: { content: source } },
    settings: {
      ...settings,
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
      `${file}: ${errors.map((e) => e.formattedMessage).join("\n")}`,
    );
  }
  return output;
}
