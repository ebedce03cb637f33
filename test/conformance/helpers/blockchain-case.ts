import type { BlockHeader, Hash } from "../../../src/internal/chain/types.js";
import type { Refusal } from "../../../src/internal/protocol/errors.js";
import type { CasesOf, ConformanceCase } from "./cases.js";
import type { FixtureAccounts, FixtureConfig } from "./fixture-state.js";

import { fromHex } from "../../../src/internal/chain/hex.js";
import { getEngine } from "../../../src/internal/evm/engine.js";
import { decodeGenesisHeader } from "../../../src/internal/protocol/block-codec.js";
import { InvalidBlockError } from "../../../src/internal/protocol/errors.js";
import { ProtocolChain } from "../../../src/internal/protocol/protocol-chain.js";
import { scheduleByName } from "../../../src/internal/protocol/rules.js";
import {
  ANY_EXCEPTION,
  compareRefusal,
  type DeliveryRefusal,
} from "./exceptions.js";
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
  /** `expectException`, in old fixtures with a fork's name or `ALL` behind it. */
  readonly [key: `expectException${string}`]: string | undefined;
  /** Why who brings it does not take it for a block. */
  readonly refusal?: DeliveryRefusal;
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
          importBlocks(chain, fixture) ??
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
  { blocks, network }: BlockchainFixture,
): string | undefined {
  for (const [index, block] of blocks.entries()) {
    const difference = importBlock(chain, block, network);
    if (difference !== undefined) return `block ${index}: ${difference}`;
  }
  return undefined;
}

function importBlock(
  chain: ProtocolChain,
  block: FixtureBlock,
  network: string,
): string | undefined {
  const wanted = block.blockHeader?.hash;
  const outcome = block.refusal ?? attempt(chain, block);
  if (wanted === undefined) {
    const exception =
      block.expectException ??
      block[`expectException${network}`] ??
      block.expectExceptionALL ??
      ANY_EXCEPTION;
    const refusal = typeof outcome === "string" ? undefined : outcome;
    return compareRefusal(refusal, exception);
  }
  if (typeof outcome !== "string") {
    return compareRefusal(outcome, undefined);
  }
  return outcome === wanted ? undefined : `hash ${outcome} for ${wanted}`;
}

/** Hash of the block, or why it is refused. */
function attempt(chain: ProtocolChain, { rlp }: FixtureBlock): Hash | Refusal {
  try {
    return chain.importBlock(fromHex(rlp));
  } catch (error) {
    if (error instanceof InvalidBlockError) return error;
    throw error;
  }
}
