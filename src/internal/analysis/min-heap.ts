/** A binary heap: `pop` returns the least item by `compare`. */
export class MinHeap<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  public constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  public get size(): number {
    return this.#items.length;
  }

  public peek(): T | undefined {
    return this.#items[0];
  }

  public push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = Math.trunc((at - 1) / 2);
      if (this.#compare(items[at], items[parent]) >= 0) {
        return;
      }
      [items[at], items[parent]] = [items[parent], items[at]];
      at = parent;
    }
  }

  public pop(): T | undefined {
    const items = this.#items;
    const least = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) {
      return least;
    }
    items[0] = last;
    for (let at = 0; ;) {
      let child = 2 * at + 1;
      if (child >= items.length) {
        return least;
      }
      if (
        child + 1 < items.length &&
        this.#compare(items[child + 1], items[child]) < 0
      ) {
        child++;
      }
      if (this.#compare(items[child], items[at]) >= 0) {
        return least;
      }
      [items[at], items[child]] = [items[child], items[at]];
      at = child;
    }
  }
}
