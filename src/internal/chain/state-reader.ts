import type { StateProof } from "../evm/types.js";
import type { ChainCore } from "./chain-core.js";
import type { AccountProof } from "./chain-interface.js";
import type { Address, BlockReference, Hash } from "./types.js";

import { ChainError, INTERNAL_ERROR } from "./errors.js";

/** What proves that nothing is in an empty trie: rlp(""). */
const EMPTY_TRIE_NODE = Uint8Array.of(0x80);

/** Accounts and storage at a block, and what setters change at the latest one. */
export class StateReader {
  readonly #core: ChainCore;

  constructor(core: ChainCore) {
    this.#core = core;
  }

  public balance(address: Address, reference: BlockReference): bigint {
    const { state } = this.#core.timeline;
    const epoch = this.#epoch(reference);
    return epoch === undefined
      ? this.#core.pendingRun().account(address).balance
      : state.balance(address, epoch);
  }

  public nonce(address: Address, reference: BlockReference): bigint {
    const { state } = this.#core.timeline;
    const epoch = this.#epoch(reference);
    return epoch === undefined
      ? this.#pendingNonce(address)
      : state.nonce(address, epoch);
  }

  public code(address: Address, reference: BlockReference): Uint8Array {
    const { state } = this.#core.timeline;
    const epoch = this.#epoch(reference);
    return epoch === undefined
      ? this.#core.pendingRun().account(address).code
      : state.code(address, epoch);
  }

  public slot(address: Address, key: Hash, reference: BlockReference): Hash {
    const { state } = this.#core.timeline;
    const epoch = this.#epoch(reference);
    return epoch === undefined
      ? this.#core.pendingRun().slot(address, key)
      : state.slot(address, key, epoch);
  }

  public proof(
    address: Address,
    keys: readonly Hash[],
    reference: BlockReference,
  ): AccountProof {
    const { timeline, pending } = this.#core;
    const epoch = this.#epoch(reference);
    const make = (proof: StateProof, at: number): AccountProof => {
      const { balance, nonce, codeHash } = timeline.state.account(address, at);
      const storageProof = proof.storageProof.map((entry) =>
        entry.proof.length === 0
          ? { ...entry, proof: [EMPTY_TRIE_NODE] }
          : entry,
      );
      return { ...proof, storageProof, address, balance, nonce, codeHash };
    };
    if (epoch !== undefined) {
      return make(timeline.state.proof(address, keys, epoch), epoch);
    }
    this.#core.pendingRun();
    return pending.withCommitted(() => {
      const { state } = timeline;
      return make(state.proof(address, keys, state.epoch), state.epoch);
    });
  }

  public setBalance(address: Address, balance: bigint): void {
    const { timeline, pool, readSender } = this.#core;
    timeline.touch();
    timeline.state.setBalance(address, balance);
    pool.update(readSender);
  }

  public setNonce(address: Address, nonce: bigint): void {
    const { timeline, pool } = this.#core;
    if (!pool.isEmpty) {
      throw new ChainError(
        "Cannot set account nonce when the transaction pool is not empty",
        INTERNAL_ERROR,
      );
    }
    const existing = timeline.state.nonce(address);
    if (nonce < existing) {
      throw new ChainError(
        `New nonce (${nonce}) must not be smaller than the existing nonce (${existing})`,
      );
    }
    timeline.touch();
    timeline.state.setNonce(address, nonce);
  }

  public setCode(address: Address, code: Uint8Array): void {
    this.#core.timeline.touch();
    this.#core.timeline.state.setCode(address, code);
  }

  public setSlot(address: Address, key: Hash, value: Hash): void {
    this.#core.timeline.touch();
    this.#core.timeline.state.setSlot(address, key, value);
  }

  /**
   * The nonce after the pending block. When the whole pool is certain to be in it, and nobody but
   * the sender moves the nonce, that is known without executing anything.
   */
  #pendingNonce(address: Address): bigint {
    const { pool, timeline, minGasPrice } = this.#core;
    const { state } = timeline;
    if (!pool.hasPending) {
      return state.nonce(address);
    }
    const last = pool.pendingOf(address).at(-1);
    const { template } = this.#core.pendingInputs();
    const baseFee = template.baseFeePerGas ?? 0n;
    const isCertain =
      last !== undefined &&
      state.code(address).length === 0 &&
      pool.isCertain(address, state.balance(address), {
        gasLimit: template.gasLimit,
        lowestFee: baseFee > minGasPrice ? baseFee : minGasPrice,
      });
    return isCertain
      ? last.nonce + 1n
      : this.#core.pendingRun().account(address).nonce;
  }

  /** undefined: pending. */
  #epoch(reference: BlockReference): number | undefined {
    const block = this.#core.minedBlock(reference);
    return block === undefined ? undefined : this.#core.timeline.epochOf(block);
  }
}
