/** Collects what the connections of a run execute, for the report. */
import type { RecordedTransaction } from "../analysis/types.js";
import type { RecordedEvent } from "../analysis/virtual-blocks.js";
import type { Chain, MinedBlock } from "../chain/chain-interface.js";
import type { AccessSet, Address, Transaction } from "../chain/types.js";

import { Preimages } from "../analysis/slot-names.js";

export interface RecordedConnection {
  readonly network: string;
  readonly events: readonly RecordedEvent[];
}

class ConnectionRecorder implements RecordedConnection {
  public readonly network: string;
  public readonly events: RecordedEvent[] = [];
  /** Code of every account that was touched since the last boundary. */
  #codes = new Map<Address, Uint8Array>();
  readonly #preimages: Preimages;

  constructor(network: string, preimages: Preimages) {
    this.network = network;
    this.#preimages = preimages;
  }

  public record(chain: Chain, { block, executed }: MinedBlock): void {
    const { accessSets, ...execution } = block.execution;
    if (executed.length === 0 || accessSets === undefined) {
      return;
    }
    const transactions = executed.map(
      ({ transaction, result }, index): RecordedTransaction => ({
        hash: transaction.hash,
        from: transaction.from,
        to: transaction.to,
        selector: selectorOf(transaction),
        gasUsed: result.gasUsed,
        status: block.receipts[index].status,
        accessSet: accessSets[index],
      }),
    );
    for (const accessSet of accessSets) {
      this.#rememberCodes(chain, accessSet);
      for (const { hash, preimage } of accessSet.preimages) {
        this.#preimages.add(hash, preimage);
      }
    }
    this.events.push({
      kind: "block",
      block: {
        kind: "mined",
        number: block.number,
        transactions,
        execution,
        codes: this.#codes,
      },
    });
  }

  /** After a revert, another contract may get an address that was recorded already. */
  public boundary(): void {
    this.#codes = new Map();
    if (this.events.at(-1)?.kind !== "boundary") {
      this.events.push({ kind: "boundary" });
    }
  }

  #rememberCodes(chain: Chain, { accounts }: AccessSet): void {
    for (const { address, readsCode, codeChanged } of accounts) {
      if (codeChanged || (readsCode && !this.#codes.has(address))) {
        const code = chain.code(address);
        if (code.length > 0) {
          this.#codes.set(address, code);
        }
      }
    }
  }
}

/** What a run executed, connection by connection. */
export class Recorder {
  /** Facts about keccak256, so one collection serves all connections. */
  public readonly preimages: Preimages = new Preimages();
  readonly #connections: ConnectionRecorder[] = [];

  public get connections(): readonly RecordedConnection[] {
    return this.#connections;
  }

  /** Records every block that `chain` mines from here on. It must run with `record: true`. */
  public attach(chain: Chain, network: string): void {
    const connection = new ConnectionRecorder(network, this.preimages);
    this.#connections.push(connection);
    chain.listen({
      block: (mined) => connection.record(chain, mined),
      timeline: () => connection.boundary(),
    });
  }
}

/** The recorder of this process while a report is being made. */
let active: Recorder | undefined;

export function activeRecorder(): Recorder | undefined {
  return active;
}

/** Until the returned function is called, connections that are made record into `recorder`. */
export function startRecording(recorder: Recorder): () => void {
  active = recorder;
  return () => {
    active = undefined;
  };
}

function selectorOf({ data }: Transaction): RecordedTransaction["selector"] {
  return data.length < 4
    ? "0x"
    : `0x${Buffer.from(data.subarray(0, 4)).toString("hex")}`;
}
