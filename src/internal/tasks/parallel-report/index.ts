import type { NewTaskDefinition } from "hardhat/types/tasks";

import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";

/** `npx hardhat parallel-report [--script file] [--json file] [test files…]` */
export const parallelReportTask: NewTaskDefinition = task(
  "parallel-report",
  "Run the tests (or a script) and report how parallel the executed blocks are",
)
  .addVariadicArgument({
    name: "testFiles",
    description: "Test files to run instead of all of them",
    defaultValue: [],
  })
  .addOption({
    name: "script",
    description: "A script to run instead of the tests",
    type: ArgumentType.FILE_WITHOUT_DEFAULT,
    defaultValue: undefined,
  })
  .addOption({
    name: "json",
    description: "Also write the report to this file, as JSON",
    type: ArgumentType.FILE_WITHOUT_DEFAULT,
    defaultValue: undefined,
  })
  .addOption({
    name: "grep",
    description: "Only run tests matching the given string or regexp",
    type: ArgumentType.STRING_WITHOUT_DEFAULT,
    defaultValue: undefined,
  })
  .addOption({
    name: "virtualBlockSize",
    description:
      "Transactions, at most, of the virtual blocks that automined transactions are grouped into",
    type: ArgumentType.INT,
    defaultValue: 100,
  })
  .addFlag({
    name: "noCompile",
    description: "Do not compile the project first",
  })
  .setAction(async () => await import("./task-action.js"))
  .build();
