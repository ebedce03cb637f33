/** Blocks that lost the race, named by a later one: which ones may be, and what they earn. */
import type { Address, BlockHeader, Hash } from "../chain/types.js";

import { encodeHeader } from "../chain/header.js";
import { keccakHash } from "../evm/keccak.js";
import { refuse } from "./errors.js";

const MAXIMUM_OMMERS = 2;
/** How many generations back an ommer's parent may be. */
const GENERATIONS = 7;

/** A block on the way from the one at hand to the genesis block. */
export interface Ancestor {
  readonly hash: Hash;
  readonly header: BlockHeader;
  readonly ommers: readonly BlockHeader[];
  readonly parent: Ancestor | undefined;
}

/**
 * @param validate of an ommer's header, given its parent
 * @throws InvalidBlockError
 */
export function validateOmmers(
  ommers: readonly BlockHeader[],
  parent: Ancestor,
  validate: (ommer: BlockHeader, parent: Ancestor) => void,
): void {
  if (ommers.length > MAXIMUM_OMMERS) {
    refuse(
      "too many ommers",
      `expected at most ${MAXIMUM_OMMERS}, got ${ommers.length}`,
    );
  }
  if (ommers.length === 0) {
    return;
  }
  const ancestors = new Map<Hash, Ancestor>();
  const named = new Set<Hash>();
  let ancestor: Ancestor | undefined = parent;
  for (let i = 0; i < GENERATIONS && ancestor !== undefined; i++) {
    ancestors.set(ancestor.hash, ancestor);
    for (const ommer of ancestor.ommers) {
      named.add(hashOf(ommer));
    }
    ancestor = ancestor.parent;
  }
  for (const ommer of ommers) {
    const hash = hashOf(ommer);
    if (ancestors.has(hash)) {
      refuse("ommer is an ancestor", hash);
    }
    if (named.has(hash)) {
      refuse("ommer was named already", hash);
    }
    named.add(hash);
    const its = ancestors.get(ommer.parentHash);
    if (its === undefined || its === parent) {
      refuse(
        "ommer's parent",
        `expected the child of an ancestor two to seven generations ago, got ${hash}`,
      );
    }
    validate(ommer, its);
  }
}

function hashOf(header: BlockHeader): Hash {
  return keccakHash(encodeHeader(header));
}

/** Who gets how much (in wei) for a block. */
export function blockRewards(
  { miner, number }: BlockHeader,
  ommers: readonly BlockHeader[],
  reward: bigint,
): [Address, bigint][] {
  const forNaming = (reward / 32n) * BigInt(ommers.length);
  return [
    ...ommers.map((ommer): [Address, bigint] => [
      ommer.miner,
      ((8n + ommer.number - number) * reward) / 8n,
    ]),
    [miner, reward + forNaming],
  ];
}
