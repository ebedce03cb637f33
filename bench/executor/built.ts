/** The executor as it is published: what tsx makes of the sources at run time is slower. */
import type { Engine } from "../../src/internal/evm/types.js";
import type { CoreInstance } from "../../src/internal/evm/wasm.js";
import type { BlockExecutorImplementation } from "../../src/internal/executor/executor.js";
import type { WorkerPool } from "../../src/internal/workers/pool.js";

import { setTimeout as sleep } from "node:timers/promises";

type BuiltEngine = Engine & { readonly core: CoreInstance };

interface EngineModule {
  getEngine(): BuiltEngine;
}
interface ExecutorModule {
  readonly BlockExecutorImplementation: typeof BlockExecutorImplementation;
}
interface PoolModule {
  readonly WorkerPool: typeof WorkerPool;
}

export interface BuiltExecutor {
  readonly engine: BuiltEngine;
  /** One that has learned nothing yet, on the same threads as the others. */
  create(): BlockExecutorImplementation;
  close(): Promise<void>;
}

async function load(path: string): Promise<unknown> {
  return await import(
    new URL(`../../dist/src/internal/${path}`, import.meta.url).href
  );
}

/** @param workers threads, the main one included; all are ready when this returns. */
export async function openBuiltExecutor(
  workers: number,
): Promise<BuiltExecutor> {
  const { getEngine } = (await load("evm/engine.js")) as EngineModule;
  const executor = (await load("executor/executor.js")) as ExecutorModule;
  const { WorkerPool: Pool } = (await load("workers/pool.js")) as PoolModule;
  const engine = getEngine();
  const pool = new Pool(engine.core);
  engine.core.helpers = pool;
  pool.ensure(workers - 1);
  while (pool.ready < workers - 1) await sleep(5);
  return {
    engine,
    create: () => new executor.BlockExecutorImplementation(engine.core, pool),
    close: () => pool.close(),
  };
}
