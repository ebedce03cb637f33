/** Calls that the protocol itself makes in a block, outside its transactions. */
import type { AccessSet, Address, Hash } from "../chain/types.js";
import type { BlockEnvironment, ChainState, RunResult } from "../evm/types.js";
import type { AccessRecorder } from "./access-recorder.js";

import { REVERT } from "../chain/execution-status.js";
import { CANCUN, PRAGUE } from "../chain/hardforks.js";
import { fromHex } from "../chain/hex.js";
import { refuse } from "./errors.js";

const SYSTEM_ADDRESS: Address = "0xfffffffffffffffffffffffffffffffffffffffe";
const SYSTEM_GAS = 30_000_000n;

/** EIP-4788 */
const BEACON_ROOTS: Address = "0x000f3df6d732807ef1319fb7b8bb8522d0beac02";
/** EIP-2935 */
const HISTORY_STORAGE: Address = "0x0000f90827f1c53a10cb7a02335b175320002935";
/** EIP-7002 */
export const WITHDRAWAL_REQUESTS: Address =
  "0x00000961ef480eb55e80d19ad83579a64c007002";
/** EIP-7251 */
export const CONSOLIDATION_REQUESTS: Address =
  "0x0000bbddc7ce488642fb579f8b00f3a590007251";

/** What a block does before its transactions: tells the beacon root and the parent's hash. */
export function callBeforeTransactions(
  state: ChainState,
  environment: BlockEnvironment,
  block: {
    readonly parentBeaconBlockRoot: Hash | undefined;
    readonly parentHash: Hash;
  },
  recorder: AccessRecorder | undefined,
): void {
  if (environment.fork >= CANCUN) {
    const root = block.parentBeaconBlockRoot ?? "0x";
    callSystem(state, environment, BEACON_ROOTS, fromHex(root), recorder);
  }
  if (environment.fork >= PRAGUE) {
    const { parentHash } = block;
    callSystem(
      state,
      environment,
      HISTORY_STORAGE,
      fromHex(parentHash),
      recorder,
    );
  }
}

/**
 * What a contract of requests has to say at the end of a block.
 * @throws InvalidBlockError when it is not there, or fails.
 */
export function dequeueRequests(
  state: ChainState,
  environment: BlockEnvironment,
  contract: Address,
  recorder: AccessRecorder | undefined,
): Uint8Array {
  const result = callSystem(
    state,
    environment,
    contract,
    new Uint8Array(),
    recorder,
  );
  if (result === undefined) {
    refuse("system contract's code", `expected some at ${contract}, got none`);
  }
  if (result.status >= REVERT) {
    refuse(
      "system contract's call",
      `${contract}: status 0x${result.status.toString(16)}`,
    );
  }
  return result.output;
}

/** undefined: there is no such contract. */
function callSystem(
  state: ChainState,
  environment: BlockEnvironment,
  to: Address,
  data: Uint8Array,
  recorder: AccessRecorder | undefined,
): RunResult | undefined {
  if (state.code(to).length === 0) {
    return undefined;
  }
  const run = state.createRun(
    {
      ...environment,
      enforceBlockGasLimit: false,
      transactionGasCap: undefined,
    },
    { mode: "direct" },
  );
  try {
    const result = run.execute(
      {
        type: 0,
        from: SYSTEM_ADDRESS,
        to,
        nonce: 0n,
        gasLimit: SYSTEM_GAS,
        value: 0n,
        data,
        feeCap: 0n,
        priorityFee: 0n,
        maxFeePerBlobGas: 0n,
        blobVersionedHashes: [],
        accessList: [],
        authorizationList: [],
      },
      { asSystem: true, record: recorder !== undefined },
    );
    if (result.accessSet !== undefined) {
      recorder?.add(withoutCaller(result.accessSet));
    }
    return result;
  } finally {
    run.free();
  }
}

/** EIP-7928: who calls on the system's behalf is not accessed by that. */
function withoutCaller(set: AccessSet): AccessSet {
  return {
    ...set,
    accounts: set.accounts.filter(({ address }) => address !== SYSTEM_ADDRESS),
  };
}
