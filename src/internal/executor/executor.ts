import type { BlockExecutor } from "./types.js";

import { SequentialExecutor } from "./sequential.js";

let executor: BlockExecutor | undefined;

/** What executes the blocks of this process. */
export function getBlockExecutor(): BlockExecutor {
  executor ??= new SequentialExecutor();
  return executor;
}
