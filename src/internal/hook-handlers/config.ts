import type { ConfigHooks } from "hardhat/types/hooks";

import {
  resolveParallelConfig,
  validateParallelUserConfig,
} from "../config.js";
import { rememberVariableResolver } from "../network/config-override.js";

export default async (): Promise<Partial<ConfigHooks>> => ({
  validateUserConfig: async (userConfig) =>
    validateParallelUserConfig(userConfig),

  resolveUserConfig: async (userConfig, resolveConfigurationVariable, next) => {
    const config = resolveParallelConfig(
      userConfig,
      await next(userConfig, resolveConfigurationVariable),
    );
    rememberVariableResolver(config.parallel, resolveConfigurationVariable);
    return config;
  },
});
