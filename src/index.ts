import type { HardhatPlugin } from "hardhat/types/plugins";

import { globalFlag, globalOption, overrideTask } from "hardhat/config";
import { definePlugin } from "hardhat/plugins";
import { ArgumentType } from "hardhat/types/arguments";

import { PLUGIN_ID } from "./internal/constants.js";
import { parallelReportTask } from "./internal/tasks/parallel-report/index.js";

export type * from "./type-extensions.js";
export type * from "./types.js";

const hardhatParallelPlugin: HardhatPlugin = definePlugin({
  id: PLUGIN_ID,
  npmPackage: PLUGIN_ID,
  hookHandlers: {
    config: () => import("./internal/hook-handlers/config.js"),
    hre: () => import("./internal/hook-handlers/hre.js"),
  },
  tasks: [
    parallelReportTask,
    overrideTask("node")
      .setAction(() => import("./internal/tasks/node/task-action.js"))
      .build(),
  ],
  globalOptions: [
    globalOption({
      name: "networkEngine",
      description:
        "What executes simulated networks: parallel (this plugin) or edr (Hardhat's own engine)",
      type: ArgumentType.STRING_WITHOUT_DEFAULT,
      defaultValue: undefined,
    }),
    globalFlag({
      name: "parallelVerify",
      description:
        "Execute every block in parallel, sequentially and on EDR, and report differences (parallel.verify)",
    }),
  ],
});

export default hardhatParallelPlugin;
