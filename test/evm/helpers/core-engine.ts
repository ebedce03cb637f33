/** Executes a world on the core, through the boundary that everything else uses. */
import type { ChainState, RunResult } from "../../../src/internal/evm/types.js";
import type { Outcome, World } from "./world.js";

import { readFileSync } from "node:fs";

import { getEngine } from "../../../src/internal/evm/engine.js";
import { createImports } from "../../../src/internal/evm/host.js";
import { keccak256 } from "../../../src/internal/evm/keccak.js";
import { ChainStateImplementation } from "../../../src/internal/evm/state.js";
import {
  CoreInstance,
  createMemory,
  findCore,
} from "../../../src/internal/evm/wasm.js";

const FIRST_REVERT = 0x10;
const FIRST_INVALID = 0x80;

/** `gasLimit` instead of the transaction's own. */
export function executeOnCore(
  world: World,
  gasLimit: bigint = world.transaction.gasLimit,
  state: ChainState = getEngine().createState(),
): Outcome & { readonly result: RunResult } {
  try {
    for (const account of world.accounts) {
      state.setBalance(account.address, account.balance);
      state.setNonce(account.address, account.nonce);
      if (account.code !== "0x") {
        state.setCode(
          account.address,
          Buffer.from(account.code.slice(2), "hex"),
        );
      }
      for (const [key, value] of account.storage) {
        state.setSlot(account.address, key, value);
      }
    }
    state.nextEpoch();
    const run = state.createRun(world.environment, { mode: "direct" });
    const result = run.execute({ ...world.transaction, gasLimit });
    const outcome = {
      invalid: result.status >= FIRST_INVALID,
      success: result.status < FIRST_REVERT,
      gasUsed: result.gasUsed,
      output: Buffer.from(result.output).toString("hex"),
      logs: result.logs.map(({ address, topics, data }) =>
        [address, ...topics, data].join(" "),
      ),
      created: result.createdAddress,
      root: state.root(),
      result,
    };
    run.free();
    return outcome;
  } finally {
    state.close();
  }
}

/** Makes states on an instance of the tracing core, with a memory of its own and a host that does not look. */
export function tracingCore(): () => ChainState {
  const ignore = (): void => undefined;
  const core: CoreInstance = new CoreInstance(
    new WebAssembly.Module(readFileSync(findCore("core.trace"))),
    createMemory(),
    0,
    (view) => ({
      ...createImports(view, {
        keccak256,
        blockHash: () => 0,
      }),
      traceStep: ignore,
      traceEnter: ignore,
      traceExit: ignore,
    }),
  );
  const { chainCreate } = core.exports;
  return () => {
    const chain = chainCreate() >>> 0;
    return new ChainStateImplementation(core, chain, ignore);
  };
}
