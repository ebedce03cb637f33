import type { Hash } from "./types.js";

import { keccakHash, keccakOfHash } from "../evm/keccak.js";

/** Endless reproducible hashes: each is the keccak of the one before. */
export class HashGenerator {
  #next: Hash;

  constructor(next: Hash) {
    this.#next = next;
  }

  public static fromSeed(seed: string): HashGenerator {
    return new HashGenerator(keccakHash(Buffer.from(seed, "utf8")));
  }

  public get next(): Hash {
    return this.#next;
  }

  /** What follows `value` is its keccak. */
  public set next(value: Hash) {
    this.#next = value;
  }

  public advance(): void {
    this.#next = keccakOfHash(this.#next);
  }
}
