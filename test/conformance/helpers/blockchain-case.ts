import type { BlockHeader } from "../../../src/internal/chain/types.js";
import type { CasesOf, ConformanceCase } from "./cases.js";
import type { FixtureAccounts, FixtureConfig } from "./fixture-state.js";

import { fromHex } from "../../../src/internal/chain/hex.js";
import { getEngine } from "../../../src/internal/evm/engine.js";
import { decodeGenesisHeader } from "../../../src/internal/protocol/block-codec.js";
import { InvalidBlockError } from "../../../src/internal/protocol/errors.js";
import { ProtocolChain } from "../../../src/internal/protocol/protocol-chain.js";
import { scheduleByName } from "../../../src/internal/protocol/rules.js";
import { type FixtureHeader, headerOf } from "./fixture-header.js";
import { scheduleOptions, writeAccounts } from "./fixture-state.js";

/** BlockchainTests, as of github.com/ethereum/tests and of the execution specs. */
interface BlockchainFixture {
  readonly network: string;
  readonly config?: FixtureConfig;
  readonly pre: FixtureAccounts;
  /** Old fixtures have the header alone. */
  readonly genesisRLP?: string;
  readonly genesisBlockHeader?: FixtureHeader;
  readonly blocks: readonly FixtureBlock[];
  readonly lastblockhash: string;
}

export interface FixtureBlock {
  readonly rlp: string;
  /** Missing when the block is to be refused. */
  readonly blockHeader?: { readonly hash: string };
  readonly expectException?: string;
}

export const blockchainCases: CasesOf = (name, fixture) => [
  blockchainCase(name, fixture as unknown as BlockchainFixture),
];

function blockchainCase(
  title: string,
  fixture: BlockchainFixture,
): ConformanceCase {
  return {
    title,
    fork: fixture.network,
    isExecuted: true,
    run(way) {
      const state = getEngine().createState();
      try {
        writeAccounts(state, fixture.pre);
        const chain = new ProtocolChain({
          schedule: scheduleByName(
            fixture.network,
            scheduleOptions(fixture.config),
          ),
          genesis: genesisOf(fixture),
          state,
          execute: way.execute,
        });
        return (
          importBlocks(chain, fixture.blocks) ??
          (chain.head.hash === fixture.lastblockhash
            ? undefined
            : `head ${chain.head.hash} for ${fixture.lastblockhash}`)
        );
      } finally {
        state.close();
      }
    },
  };
}

function genesisOf({
  genesisRLP,
  genesisBlockHeader,
}: BlockchainFixture): BlockHeader {
  if (genesisRLP !== undefined) {
    return decodeGenesisHeader(fromHex(genesisRLP));
  }
  if (genesisBlockHeader === undefined) {
    throw new Error("expected genesisRLP or genesisBlockHeader, got neither");
  }
  return headerOf(genesisBlockHeader);
}

function importBlocks(
  chain: ProtocolChain,
  blocks: readonly FixtureBlock[],
): string | undefined {
  for (const [index, block] of blocks.entries()) {
    const expected = block.blockHeader?.hash;
    try {
      const hash = chain.importBlock(fromHex(block.rlp));
      if (expected === undefined) {
        const { expectException = "a refusal" } = block;
        return `block ${index}: accepted, expected ${expectException}`;
      }
      if (hash !== expected) {
        return `block ${index}: hash ${hash} for ${expected}`;
      }
    } catch (error) {
      if (!(error instanceof InvalidBlockError)) throw error;
      if (expected !== undefined) {
        return `block ${index}: refused: ${error.message}`;
      }
    }
  }
  return undefined;
}
