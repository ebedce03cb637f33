/**
 * A map that forgets: two generations, the older one dropped when the younger one is full. Reading
 * moves an entry to the younger generation, so what is in use stays. O(1), no lists to maintain.
 */
export class BoundedMap<K, V> {
  readonly #capacity: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** Holds between `capacity` and twice as many entries. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  public get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) {
      return young;
    }
    const old = this.#old.get(key);
    if (old !== undefined) {
      this.set(key, old);
    }
    return old;
  }

  public set(key: K, value: V): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
