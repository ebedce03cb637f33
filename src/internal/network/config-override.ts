import type {
  ConfigurationVariableResolver,
  HardhatConfig,
  HardhatUserConfig,
  NetworkConfig,
  NetworkConfigOverride,
} from "hardhat/types/config";
import type { HookManager } from "hardhat/types/hooks";
import type { ParallelConfig } from "../../types.js";

/**
 * Hardhat passes the function that resolves configuration variables to `resolveUserConfig` handlers
 * and to nobody else. Overrides need it again later; the resolved `parallel` section is what
 * identifies the environment it belongs to.
 */
const variableResolvers = new WeakMap<
  ParallelConfig,
  ConfigurationVariableResolver
>();

export function rememberVariableResolver(
  config: ParallelConfig,
  resolver: ConfigurationVariableResolver,
): void {
  variableResolvers.set(config, resolver);
}

/**
 * The config of a network with `override` and `chainType` on top, resolved as Hardhat resolves it:
 * the user's config is merged with them and passed through every plugin's config hooks.
 *
 * @returns undefined when some plugin finds the result invalid: Hardhat's own manager, given the
 * same request, says why in its own words.
 */
export async function resolveOverriddenNetwork(
  hooks: HookManager,
  userConfig: HardhatUserConfig,
  config: HardhatConfig,
  networkName: string,
  chainType: string,
  override: NetworkConfigOverride,
): Promise<NetworkConfig | undefined> {
  const resolver = variableResolvers.get(config.parallel);
  if (resolver === undefined) {
    return undefined;
  }

  const merged = mergeConfig(userConfig, {
    networks: { [networkName]: { ...override, chainType } },
  });
  const extended = await hooks.runHandlerChain(
    "config",
    "extendUserConfig",
    [merged],
    async (innermost) => innermost,
  );
  const mistakes = await hooks.runSequentialHandlers(
    "config",
    "validateUserConfig",
    [extended],
  );
  if (mistakes.flat().length > 0) {
    return undefined;
  }

  const resolved = await hooks.runHandlerChain(
    "config",
    "resolveUserConfig",
    [extended, resolver],
    // The other fields are added by the handlers around this one.
    async () =>
      ({
        plugins: [],
        tasks: extended.tasks ?? [],
        paths: config.paths,
      }) as unknown as HardhatConfig,
  );
  const resolvedMistakes = await hooks.runSequentialHandlers(
    "config",
    "validateResolvedConfig",
    [resolved],
  );
  return resolvedMistakes.flat().length > 0
    ? undefined
    : resolved.networks[networkName];
}

/**
 * `source` over `target`: plain objects are merged field by field, everything else (arrays, class
 * instances, undefined) replaces what was there.
 */
export function mergeConfig<T extends object>(target: T, source: object): T {
  const result: Record<PropertyKey, unknown> = {};
  Object.assign(result, target);
  for (const key of Reflect.ownKeys(source)) {
    const value: unknown = Reflect.get(source, key);
    if (isPlainObject(value)) {
      const under = result[key];
      result[key] = mergeConfig(
        typeof under === "object" && under !== null ? under : {},
        value,
      );
    } else {
      result[key] = value;
    }
  }
  return result as T;
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}
