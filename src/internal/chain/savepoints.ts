import type { ChainCore } from "./chain-core.js";
import type { Clock } from "./clock.js";
import type { MempoolSnapshot } from "./mempool.js";
import type { Address, Hash } from "./types.js";

/** Everything that `evm_revert` brings back. */
export interface Savepoint {
  readonly blockNumber: number;
  readonly epoch: number;
  readonly clock: ReturnType<Clock["save"]>;
  readonly coinbase: Address;
  readonly pool: MempoolSnapshot;
  readonly nextBaseFee: bigint | undefined;
  readonly prevRandao: Hash;
  readonly beaconRoot: Hash;
}

export function takeSavepoint(core: ChainCore): Savepoint {
  return {
    blockNumber: core.store.latestNumber,
    epoch: core.timeline.save(),
    clock: core.clock.save(),
    coinbase: core.coinbase,
    pool: core.pool.save(),
    nextBaseFee: core.nextBaseFeeOverride,
    prevRandao: core.prevRandao.next,
    beaconRoot: core.beaconRoot.next,
  };
}

export function restoreSavepoint(core: ChainCore, savepoint: Savepoint): void {
  core.pending.discard();
  core.callRuns.discard();
  core.store.revert(savepoint.blockNumber);
  core.timeline.revert(savepoint.epoch, core.latest);
  core.clock.restore(savepoint.clock);
  core.coinbase = savepoint.coinbase;
  core.pool.restore(savepoint.pool);
  core.nextBaseFeeOverride = savepoint.nextBaseFee;
  core.prevRandao.next = savepoint.prevRandao;
  core.beaconRoot.next = savepoint.beaconRoot;
}

/** The snapshots of evm_snapshot: numbered from 1, each good for one revert. */
export class Snapshots {
  readonly #core: ChainCore;
  readonly #savepoints = new Map<bigint, Savepoint>();
  #next = 1n;

  constructor(core: ChainCore) {
    this.#core = core;
  }

  public take(): bigint {
    const id = this.#next++;
    this.#savepoints.set(id, takeSavepoint(this.#core));
    return id;
  }

  /** A savepoint that uses up a number, as automined transactions do. */
  public takeInternal(): Savepoint {
    this.#next++;
    return takeSavepoint(this.#core);
  }

  /** Later snapshots are gone too, even when there is no such snapshot. */
  public revert(id: bigint): boolean {
    const savepoint = this.#savepoints.get(id);
    for (const other of this.#savepoints.keys()) {
      if (other >= id) {
        this.#savepoints.delete(other);
      }
    }
    if (savepoint === undefined) {
      return false;
    }
    restoreSavepoint(this.#core, savepoint);
    return true;
  }
}
