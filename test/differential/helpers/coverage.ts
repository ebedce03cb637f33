import type { RunReport } from "./runner.js";

/** What sequences came to: proof that they are more than refused requests. */
export class Coverage {
  readonly #methods = new Map<string, { ok: number; error: number }>();
  readonly #messages = new Map<string, number>();
  readonly #deliberate = new Map<string, number>();
  #requests = 0;

  public add({ answers, deliberate }: RunReport): void {
    for (const { method, outcome } of answers) {
      this.#requests++;
      const row = this.#methods.get(method) ?? { ok: 0, error: 0 };
      row[outcome.error === undefined ? "ok" : "error"]++;
      this.#methods.set(method, row);
      if (outcome.error !== undefined) {
        const message = outcome.error.message
          .trim()
          .split("\n")[0]
          .replace(/0x[0-9a-f]+|\d+/gi, "#")
          .slice(0, 90);
        this.#messages.set(message, (this.#messages.get(message) ?? 0) + 1);
      }
    }
    for (const { name } of deliberate) {
      this.#deliberate.set(name, (this.#deliberate.get(name) ?? 0) + 1);
    }
  }

  public get requests(): number {
    return this.#requests;
  }

  public deliberate(): ReadonlyMap<string, number> {
    return this.#deliberate;
  }

  /** Share of a method's requests that were answered with a result. */
  public successShare(method: string): number {
    const row = this.#methods.get(method);
    return row === undefined ? 0 : row.ok / (row.ok + row.error);
  }

  public methods(): readonly string[] {
    return [...this.#methods.keys()];
  }

  public errorMessages(): number {
    return this.#messages.size;
  }

  public lines(): string[] {
    const sorted = <T>(
      map: ReadonlyMap<string, T>,
      weight: (value: T) => number,
    ): [string, T][] => [...map].sort((a, b) => weight(b[1]) - weight(a[1]));
    return [
      `${this.#requests} requests`,
      ...sorted(this.#methods, (r) => r.ok + r.error).map(
        ([method, { ok, error }]) =>
          `  ${method.padEnd(46)} ${String(ok).padStart(6)} ok ${String(error).padStart(6)} errors`,
      ),
      "errors by message",
      ...sorted(this.#messages, (n) => n).map(
        ([message, n]) => `  ${String(n).padStart(6)}  ${message}`,
      ),
      ...(this.#deliberate.size > 0 ? ["deliberate differences met"] : []),
      ...sorted(this.#deliberate, (n) => n).map(
        ([name, n]) => `  ${String(n).padStart(6)}  ${name}`,
      ),
    ];
  }
}
