import type { ChainState, Engine } from "../evm/types.js";
import type { ChainRules } from "./block-template.js";
import type { ChainAccount } from "./chain-interface.js";
import type { Hash } from "./types.js";

import { BlockImplementation, NO_EXECUTION } from "./block.js";
import { POW_NONCE, ZERO_NONCE } from "./block-template.js";
import { INITIAL_BASE_FEE } from "./fees.js";
import { AMSTERDAM, CANCUN, LONDON, PARIS, PRAGUE } from "./hardforks.js";
import { EMPTY_HASH } from "./header.js";
import { fromHex, ZERO_ADDRESS, ZERO_HASH } from "./hex.js";

export const DEFAULT_BLOCK_GAS_LIMIT = 60_000_000n;

/** The beacon roots contract, with the code of EIP-4788; nothing ever writes to it. */
const BEACON_ROOTS = {
  address: "0x000f3df6d732807ef1319fb7b8bb8522d0beac02",
  code: "0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500",
} as const;

/**
 * The history contract's place (EIP-2935). Hardhat puts a contract there that reverts with the
 * reason "EIP2935 is not supported in Hardhat yet: …"; its bytes are part of the state root.
 */
const HISTORY = {
  address: "0x0000f90827f1c53a10cb7a02335b175320002935",
  code: "0x60806040526040517f08c379a0000000000000000000000000000000000000000000000000000000008152600401610036906100e8565b60405180910390fd5b600082825260208201905092915050565b7f45495032393335206973206e6f7420737570706f7274656420696e204861726460008201527f686174207965743a2068747470733a2f2f6769746875622e636f6d2f4e6f6d6960208201527f63466f756e646174696f6e2f686172646861742f6973737565732f3632323600604082015250565b60006100d2605f8361003f565b91506100dd82610050565b606082019050919050565b60006020820190508181036000830152610101816100c5565b905091905056fea26469706673582212209faaba1140034f51b16123b009d46640f0f499cf7ca044d2901caa9cf73048dc64736f6c634300081c0033",
} as const;

export interface GenesisOptions {
  readonly rules: ChainRules;
  readonly accounts: readonly ChainAccount[];
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  readonly baseFeePerGas: bigint | undefined;
  readonly mixHash: Hash;
}

/** Fills the state and makes block 0. */
export function createGenesis(
  engine: Engine,
  state: ChainState,
  options: GenesisOptions,
): BlockImplementation {
  const { rules, accounts, timestamp, gasLimit } = options;
  const { fork } = rules;
  if (fork >= CANCUN) {
    state.setCode(BEACON_ROOTS.address, fromHex(BEACON_ROOTS.code));
  }
  if (fork >= PRAGUE) {
    state.setCode(HISTORY.address, fromHex(HISTORY.code));
  }
  for (const { address, balance } of accounts) {
    state.setBalance(address, balance);
    state.setCode(address, new Uint8Array(0));
  }
  const isMerged = fork >= PARIS;
  const difficulty = isMerged ? 0n : 1n;
  const block: BlockImplementation = new BlockImplementation(engine, {
    template: {
      fork,
      number: 0n,
      timestamp,
      gasLimit,
      miner: ZERO_ADDRESS,
      difficulty,
      extraData: "0x1234",
      mixHash: isMerged ? options.mixHash : ZERO_HASH,
      nonce: isMerged ? ZERO_NONCE : POW_NONCE,
      baseFeePerGas:
        fork >= LONDON
          ? (options.baseFeePerGas ?? INITIAL_BASE_FEE)
          : options.baseFeePerGas,
      excessBlobGas: fork >= CANCUN ? 0n : undefined,
      parentBeaconBlockRoot: fork >= CANCUN ? ZERO_HASH : undefined,
      slotNumber: fork >= AMSTERDAM ? 0n : undefined,
    },
    transactions: [],
    gasUsed: 0n,
    blobGasUsed: 0n,
    totalDifficulty: difficulty,
    execution: NO_EXECUTION,
    isPending: false,
    parentHash: () => ZERO_HASH,
    stateRoot: () => state.root(block.sealEpoch),
    transactionsRoot: EMPTY_HASH,
  });
  return block;
}
