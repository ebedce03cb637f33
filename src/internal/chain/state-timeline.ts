import type { ChainState } from "../evm/types.js";
import type { BlockImplementation } from "./block.js";

/**
 * Which epoch of the state belongs to which block. A block seals an epoch (its root is of that one);
 * setters used after it write to the following epoch, which still belongs to the block for readers,
 * until the next block begins.
 */
export class StateTimeline {
  public readonly state: ChainState;
  /** Changes with everything that may change what a reader at the latest block sees. */
  public version = 0;
  /** The last epoch that is sealed; all later ones are empty unless `#isDirty`. */
  #sealed: number;
  #isDirty = false;

  constructor(state: ChainState) {
    this.state = state;
    this.#sealed = state.epoch;
  }

  /** Epoch that reads at a block see. */
  public epochOf(block: BlockImplementation): number {
    return block.readEpoch ?? this.state.epoch;
  }

  /** A setter is about to write. */
  public touch(): void {
    this.#isDirty = true;
    this.version++;
  }

  /** Seals what setters wrote, if anything; what comes next can be undone by `revert`. */
  public save(): number {
    if (this.#isDirty) {
      this.#seal();
    }
    return this.#sealed;
  }

  /** The next block's writes follow. `latest` is its parent. */
  public beginBlock(latest: BlockImplementation): void {
    latest.readEpoch = this.save();
    this.version++;
  }

  public sealBlock(block: BlockImplementation): void {
    this.#seal();
    block.sealEpoch = this.#sealed;
    this.version++;
  }

  /** Undoes everything after `epoch`, which `save` returned; `latest` is the latest block again. */
  public revert(epoch: number, latest: BlockImplementation): void {
    this.state.revert(epoch);
    this.#sealed = epoch;
    this.#isDirty = false;
    latest.readEpoch = undefined;
    this.version++;
  }

  #seal(): void {
    this.#sealed = this.state.epoch;
    this.state.nextEpoch();
    this.#isDirty = false;
  }
}
