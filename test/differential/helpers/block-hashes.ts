import type { Outcome } from "./types.js";

/** keccak256(rlp([])): of a block in which nothing happened. */
const EMPTY_LIST_HASH =
  "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

const HASH = /0x[0-9a-f]{64}/g;

interface AmsterdamBlock {
  readonly hash: string | null;
  readonly parentHash: string;
  readonly blockAccessListHash: string;
}

/**
 * From Amsterdam on, hashes of blocks differ between the sides, because EDR makes the hash of the
 * access list up. What corresponds is learned from blocks that both sides show for the same
 * request; then one side's answers are told in the other's hashes, and compared in full.
 */
export class BlockHashes {
  readonly #toReference = new Map<string, string>();
  readonly #toSubject = new Map<string, string>();

  /** Whether any hash differed. */
  public get isUsed(): boolean {
    return this.#toReference.size > 0;
  }

  /** Learns from two answers to the same request. */
  public learn(reference: unknown, subject: unknown): void {
    if (!isObject(reference) || !isObject(subject)) {
      return;
    }
    if (isAmsterdamBlock(reference) && isAmsterdamBlock(subject)) {
      this.#learnBlock(reference, subject);
    }
    for (const [key, value] of Object.entries(reference)) {
      this.learn(value, subject[key]);
    }
  }

  #learnBlock(reference: AmsterdamBlock, subject: AmsterdamBlock): void {
    const lists = [reference, subject].map((b) => b.blockAccessListHash);
    if (!lists.includes(EMPTY_LIST_HASH)) {
      this.#add(lists[0], lists[1]);
    }
    this.#add(reference.parentHash, subject.parentHash);
    if (reference.hash !== null && subject.hash !== null) {
      this.#add(reference.hash, subject.hash);
    }
  }

  #add(reference: string, subject: string): void {
    if (reference === subject || this.#toReference.has(subject)) {
      return;
    }
    this.#toReference.set(subject, reference);
    this.#toSubject.set(reference, subject);
  }

  /** The subject's answer in the reference's hashes. */
  public outcomeForReference(outcome: Outcome): Outcome {
    return this.forReference(outcome) as Outcome;
  }

  public forReference(value: unknown): unknown {
    return this.isUsed ? replace(value, this.#toReference) : value;
  }

  public forSubject(value: unknown): unknown {
    return this.isUsed ? replace(value, this.#toSubject) : value;
  }
}

function replace(value: unknown, hashes: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") {
    return value.length < 66
      ? value
      : value.replace(HASH, (hash) => hashes.get(hash) ?? hash);
  }
  if (Array.isArray(value)) {
    return value.map((item) => replace(item, hashes));
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replace(item, hashes)]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isAmsterdamBlock(
  value: Record<string, unknown>,
): value is Record<string, unknown> & AmsterdamBlock {
  return typeof value.blockAccessListHash === "string";
}
