/**
 * A chain of blocks that are taken as they come, checked by the protocol's rules. The state is a line
 * of epochs: to execute a block on an older one, what came after it is undone, and what lies between
 * is executed again.
 */
import type { BlockHeader, Hash } from "../chain/types.js";
import type { ChainState } from "../evm/types.js";
import type { ProtocolBlock } from "./block-codec.js";
import type { ExecuteTransactions } from "./block-processor.js";
import type { Ancestor } from "./ommers.js";
import type { ProtocolRules, ProtocolSchedule } from "./rules.js";

import { PARIS } from "../chain/hardforks.js";
import { encodeHeader } from "../chain/header.js";
import { RlpError } from "../chain/rlp-reader.js";
import { keccakHash } from "../evm/keccak.js";
import { decodeBlock } from "./block-codec.js";
import { executeBlock } from "./block-processor.js";
import { expectEqual, refuse } from "./errors.js";
import { validateHeader } from "./header-rules.js";
import { validateOmmers } from "./ommers.js";

export interface ProtocolChainOptions {
  readonly schedule: ProtocolSchedule;
  readonly genesis: BlockHeader;
  /** Holds the genesis block's state. */
  readonly state: ChainState;
  readonly execute?: ExecuteTransactions;
}

interface Node extends Ancestor {
  /** undefined: the genesis block. */
  readonly block: ProtocolBlock | undefined;
  readonly parent: Node | undefined;
  readonly totalDifficulty: bigint;
}

/** A block whose effects the state holds, and the epoch that they end with. */
interface Applied {
  readonly node: Node;
  readonly epoch: number;
}

const OLDEST_BLOCK_HASH = 256n;

export class ProtocolChain {
  readonly #options: ProtocolChainOptions;
  readonly #nodes = new Map<Hash, Node>();
  /** From the genesis block to the one that the state is after. */
  readonly #applied: Applied[] = [];
  #head: Node;

  /** @throws InvalidBlockError when the state is not the genesis block's. */
  constructor(options: ProtocolChainOptions) {
    this.#options = options;
    const { genesis, state } = options;
    expectEqual("state root", state.root(), genesis.stateRoot);
    this.#head = {
      hash: keccakHash(encodeHeader(genesis)),
      header: genesis,
      ommers: [],
      block: undefined,
      parent: undefined,
      totalDifficulty: genesis.difficulty,
    };
    this.#nodes.set(this.#head.hash, this.#head);
    this.#seal(this.#head);
  }

  /** The last block of the heaviest chain; after the merge, the newest one. */
  public get head(): { readonly hash: Hash; readonly header: BlockHeader } {
    return this.#head;
  }

  /**
   * Takes a block. A block that is known is not looked at again.
   * @throws InvalidBlockError: nothing of it is kept.
   */
  public importBlock(rlp: Uint8Array): Hash {
    const block = decode(rlp);
    const { hash, header } = block;
    if (this.#nodes.has(hash)) {
      return hash;
    }
    const parent = this.#nodes.get(header.parentHash);
    if (parent === undefined) {
      refuse("parent", `expected a known block, got ${header.parentHash}`);
    }
    const rules = this.#validate(header, parent);
    validateOmmers(block.ommers, parent, (ommer, its) =>
      this.#validate(ommer, its as Node),
    );
    const node: Node = {
      hash,
      header,
      ommers: block.ommers,
      block,
      parent,
      totalDifficulty: parent.totalDifficulty + header.difficulty,
    };
    this.#moveTo(parent);
    this.#apply(node, rules);
    this.#nodes.set(hash, node);
    if (
      rules.fork >= PARIS ||
      node.totalDifficulty > this.#head.totalDifficulty
    ) {
      this.#head = node;
    }
    return hash;
  }

  #rulesOf(header: BlockHeader, parent: Node): ProtocolRules {
    return this.#options.schedule.rulesAt({
      number: header.number,
      timestamp: header.timestamp,
      parentTotalDifficulty: parent.totalDifficulty,
    });
  }

  #validate(header: BlockHeader, parent: Node): ProtocolRules {
    const rules = this.#rulesOf(header, parent);
    validateHeader(header, parent.header, rules);
    return rules;
  }

  /** Executes the block on its parent, whose effects the state holds. */
  #apply(node: Node, rules: ProtocolRules): void {
    const { state, schedule, execute } = this.#options;
    const { block } = node;
    if (block === undefined) {
      throw new Error("expected a block to execute, got the genesis block");
    }
    try {
      executeBlock(state, block, {
        rules,
        chainId: schedule.chainId,
        blockHash: (number) => this.#hashBefore(node, number),
        execute,
      });
    } catch (error) {
      state.revert(this.#applied[this.#applied.length - 1].epoch);
      throw error;
    }
    this.#seal(node);
  }

  #seal(node: Node): void {
    const { state } = this.#options;
    this.#applied.push({ node, epoch: state.epoch });
    state.nextEpoch();
  }

  /** Brings the state to where it was after `target`. */
  #moveTo(target: Node): void {
    const missing: Node[] = [];
    let node: Node | undefined = target;
    let index = -1;
    while (node !== undefined && index === -1) {
      index = this.#indexOf(node);
      if (index === -1) {
        missing.push(node);
        node = node.parent;
      }
    }
    if (index < this.#applied.length - 1) {
      this.#applied.length = index + 1;
      this.#options.state.revert(this.#applied[index].epoch);
    }
    for (const next of missing.reverse()) {
      if (next.parent !== undefined) {
        this.#apply(next, this.#rulesOf(next.header, next.parent));
      }
    }
  }

  #indexOf(node: Node): number {
    const index = Number(
      node.header.number - this.#applied[0].node.header.number,
    );
    return this.#applied[index]?.node === node ? index : -1;
  }

  /** BLOCKHASH in `node`: the ancestors are those that the state holds. */
  #hashBefore(node: Node, number: bigint): Hash | undefined {
    const current = node.header.number;
    if (number >= current || number + OLDEST_BLOCK_HASH < current) {
      return undefined;
    }
    const first = this.#applied[0].node.header.number;
    return number < first
      ? undefined
      : this.#applied[Number(number - first)].node.hash;
  }
}

function decode(rlp: Uint8Array): ProtocolBlock {
  try {
    return decodeBlock(rlp);
  } catch (error) {
    if (error instanceof RlpError) {
      refuse("encoding", error.message);
    }
    throw error;
  }
}
