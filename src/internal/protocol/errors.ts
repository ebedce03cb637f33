/** What makes a block invalid, a name for each rule: test suites say which one they expect. */

/** Of a block. */
export type BlockFault =
  // Its bytes and its place.
  | "encoding"
  | "size"
  | "parent"
  // Its header, given its parent's.
  | "number"
  | "timestamp"
  | "header fields"
  | "gas limit"
  | "gas used above the limit"
  | "base fee"
  | "extra data"
  | "DAO extra data"
  | "difficulty"
  | "nonce"
  | "ommers after the merge"
  | "excess blob gas"
  // Its ommers.
  | "too many ommers"
  | "ommer is an ancestor"
  | "ommer was named already"
  | "ommer's parent"
  // What it is made of.
  | "ommers' hash"
  | "transactions root"
  | "withdrawals root"
  | "blob gas used"
  // What it does.
  | "gas used"
  | "receipts root"
  | "logs bloom"
  | "state root"
  | "requests hash"
  | "deposit event"
  | "system contract's code"
  | "system contract's call"
  | "access list's size"
  | "access list";

/** Of one of its transactions. */
export type TransactionFault =
  | "transaction encoding"
  | "transaction type"
  | "signature"
  | "chain id"
  | "nonce too low"
  | "nonce too high"
  | "nonce overflow"
  | "funds"
  | "gas limit above the block's"
  | "gas limit above the cap"
  | "intrinsic gas"
  | "floor gas"
  | "fee below the base fee"
  | "priority fee above the fee"
  | "sender has code"
  | "initcode size"
  | "blob count"
  | "blob version"
  | "blob fee"
  | "no blobs"
  | "blob transaction creates"
  | "no authorizations"
  | "authorization transaction creates";

export type Fault = BlockFault | TransactionFault;

/** Why something is not taken. */
export interface Refusal<F extends Fault = Fault> {
  readonly fault: F;
  /** For people: what was expected and what came. */
  readonly detail: string;
}

export type TransactionRefusal = Refusal<TransactionFault>;

/** The block breaks a rule of the protocol: nothing of it is kept. */
export class InvalidBlockError extends Error implements Refusal {
  public override readonly name = "InvalidBlockError";
  public readonly fault: Fault;
  public readonly detail: string;

  constructor({ fault, detail }: Refusal, transaction?: number) {
    const where =
      transaction === undefined ? "" : `transaction ${transaction}: `;
    super(`${where}${fault}: ${detail}`);
    this.fault = fault;
    this.detail = detail;
  }
}

/** @throws InvalidBlockError */
export function refuse(fault: BlockFault, detail: string): never {
  throw new InvalidBlockError({ fault, detail });
}

/** Throws unless `actual` is `expected`. */
export function expectEqual(
  fault: BlockFault,
  expected: bigint | number | string | undefined,
  actual: bigint | number | string | undefined,
): void {
  if (expected !== actual) {
    refuse(fault, `expected ${expected ?? "none"}, got ${actual ?? "none"}`);
  }
}
