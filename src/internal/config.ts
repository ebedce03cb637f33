import type {
  HardhatConfig,
  HardhatUserConfig,
  NetworkConfig,
} from "hardhat/types/config";
import type { HardhatUserConfigValidationError } from "hardhat/types/hooks";
import type { ParallelConfig, ParallelUserConfig } from "../types.js";

import { MAX_WORKERS } from "./constants.js";
import { describeValue } from "./errors.js";

const DEFAULTS: ParallelConfig = {
  enabled: true,
  workers: "auto",
  verify: false,
  storageLayout: true,
};

/** One check per field: what is expected, or undefined when the value is fine. */
const FIELDS: Record<
  keyof ParallelUserConfig,
  (value: unknown) => string | undefined
> = {
  enabled: expectBoolean,
  workers: (value) =>
    value === "auto" ||
    (typeof value === "number" &&
      Number.isInteger(value) &&
      value >= 1 &&
      value <= MAX_WORKERS)
      ? undefined
      : `"auto" or an integer from 1 to ${MAX_WORKERS}`,
  verify: expectBoolean,
  storageLayout: expectBoolean,
};

function expectBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "true or false";
}

/**
 * Checks the `parallel` section and the `parallel` field of every network.
 *
 * @returns One entry per mistake, with the path of the field; empty when all is well.
 */
export function validateParallelUserConfig(
  config: HardhatUserConfig,
): HardhatUserConfigValidationError[] {
  return [
    ...validateSection(config.parallel),
    ...validateNetworks(config.networks),
  ];
}

function validateSection(section: unknown): HardhatUserConfigValidationError[] {
  if (section === undefined) {
    return [];
  }
  if (!isPlainObject(section)) {
    return [
      {
        path: ["parallel"],
        message: `expected an object, got ${describeValue(section)}`,
      },
    ];
  }
  const errors: HardhatUserConfigValidationError[] = [];
  for (const [name, value] of Object.entries(section)) {
    if (value === undefined) {
      continue;
    }
    const path = ["parallel", name];
    if (!isFieldName(name)) {
      errors.push({
        path,
        message: `expected one of ${Object.keys(FIELDS).join(", ")}, got the unknown field ${describeValue(name)}`,
      });
      continue;
    }
    const expected = FIELDS[name](value);
    if (expected !== undefined) {
      errors.push({
        path,
        message: `expected ${expected}, got ${describeValue(value)}`,
      });
    }
  }
  return errors;
}

function validateNetworks(
  networks: unknown,
): HardhatUserConfigValidationError[] {
  // Anything else that is wrong with the networks is Hardhat's to report.
  if (!isPlainObject(networks)) {
    return [];
  }
  const errors: HardhatUserConfigValidationError[] = [];
  for (const [name, network] of Object.entries(networks)) {
    if (!isPlainObject(network) || network.parallel === undefined) {
      continue;
    }
    const path = ["networks", name, "parallel"];
    if (typeof network.parallel !== "boolean") {
      errors.push({
        path,
        message: `expected true or false, got ${describeValue(network.parallel)}`,
      });
    } else if (network.parallel && network.type === "http") {
      errors.push({
        path,
        message:
          'expected no "parallel: true" on an http network, which is executed elsewhere',
      });
    }
  }
  return errors;
}

/** Adds what this plugin resolves to a config that the other plugins have resolved. */
export function resolveParallelConfig(
  userConfig: HardhatUserConfig,
  resolvedConfig: HardhatConfig,
): HardhatConfig {
  const parallel: ParallelConfig = {
    ...DEFAULTS,
    ...withoutUndefined(userConfig.parallel ?? {}),
  };
  return {
    ...resolvedConfig,
    parallel,
    networks: resolveNetworks(userConfig, resolvedConfig.networks),
    ...(parallel.storageLayout
      ? { solidity: withStorageLayout(resolvedConfig.solidity) }
      : {}),
  };
}

/** Hardhat's own resolution keeps only the fields it knows: ours come back here. */
function resolveNetworks(
  userConfig: HardhatUserConfig,
  networks: HardhatConfig["networks"],
): HardhatConfig["networks"] {
  const resolved: Record<string, NetworkConfig> = {};
  for (const [name, network] of Object.entries(networks)) {
    const user = userConfig.networks?.[name];
    resolved[name] =
      network.type === "edr-simulated" && user?.type === "edr-simulated"
        ? { ...network, parallel: user.parallel ?? true }
        : network;
  }
  return resolved;
}

/**
 * Adds `storageLayout` to the outputs asked of every solc. Compilers of other types are left
 * alone; solc versions that do not know the output ignore it.
 */
function withStorageLayout(
  solidity: HardhatConfig["solidity"],
): HardhatConfig["solidity"] {
  return {
    ...solidity,
    profiles: Object.fromEntries(
      Object.entries(solidity.profiles).map(([name, profile]) => [
        name,
        {
          ...profile,
          compilers: profile.compilers.map(addOutput),
          overrides: Object.fromEntries(
            Object.entries(profile.overrides).map(([source, compiler]) => [
              source,
              addOutput(compiler),
            ]),
          ),
        },
      ]),
    ),
  };
}

type CompilerConfig =
  HardhatConfig["solidity"]["profiles"][string]["compilers"][number];

function addOutput<CompilerT extends CompilerConfig>(
  compiler: CompilerT,
): CompilerT {
  if (compiler.type !== undefined && compiler.type !== "solc") {
    return compiler;
  }
  const selection = compiler.settings?.outputSelection ?? {};
  const everyFile = selection["*"] ?? {};
  const everyContract: string[] = everyFile["*"] ?? [];
  return {
    ...compiler,
    settings: {
      ...compiler.settings,
      outputSelection: {
        ...selection,
        "*": {
          ...everyFile,
          "*": [...new Set([...everyContract, "storageLayout"])],
        },
      },
    },
  };
}

function isFieldName(name: string): name is keyof ParallelUserConfig {
  return Object.hasOwn(FIELDS, name);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutUndefined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
