/** Seeded randomness (xorshift over 32-bit state, splitmix seeding): the same seed gives the same run anywhere. */
export class Random {
  #state: number;

  constructor(seed: number | string) {
    let h = 0x9e3779b9;
    for (const character of String(seed)) {
      h = Math.imul(h ^ character.charCodeAt(0), 0x85ebca6b);
      h ^= h >>> 13;
    }
    this.#state = h | 1;
    for (let i = 0; i < 8; i++) {
      this.uint32();
    }
  }

  public uint32(): number {
    let t = (this.#state = (this.#state + 0x6d2b79f5) | 0);
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 ≤ result < bound. */
  public below(bound: number): number {
    return Math.floor((this.uint32() / 2 ** 32) * bound);
  }

  /** Both ends included. */
  public between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  public chance(probability: number): boolean {
    return this.uint32() / 2 ** 32 < probability;
  }

  public pick<T>(items: readonly T[]): T {
    if (items.length === 0) {
      throw new Error("Random.pick: expected at least one item, got none");
    }
    return items[this.below(items.length)];
  }

  public weighted<T>(items: readonly (readonly [number, T])[]): T {
    const total = items.reduce((sum, [weight]) => sum + weight, 0);
    let at = (this.uint32() / 2 ** 32) * total;
    for (const [weight, item] of items) {
      at -= weight;
      if (at < 0) {
        return item;
      }
    }
    return items[items.length - 1][1];
  }

  /** `length` bytes as 0x hex. */
  public hex(length: number): string {
    let digits = "";
    while (digits.length < length * 2) {
      digits += this.uint32().toString(16).padStart(8, "0");
    }
    return `0x${digits.slice(0, length * 2)}`;
  }

  /** A word, with the corners of the field far likelier than chance. */
  public word(): string {
    const corner = this.weighted<() => bigint>([
      [6, () => BigInt(this.below(5))],
      [3, () => BigInt(this.hex(32))],
      [2, () => BigInt(this.hex(this.between(1, 31)))],
      [1, () => (1n << 256n) - BigInt(this.between(1, 3))],
      [1, () => (1n << 255n) - BigInt(this.below(2))],
      [1, () => 1n << BigInt(64 * this.between(1, 3))],
    ])();
    return `0x${corner.toString(16)}`;
  }

  public subset<T>(items: readonly T[], count: number): T[] {
    const rest = [...items];
    const chosen: T[] = [];
    while (chosen.length < count && rest.length > 0) {
      chosen.push(rest.splice(this.below(rest.length), 1)[0]);
    }
    return chosen;
  }
}
