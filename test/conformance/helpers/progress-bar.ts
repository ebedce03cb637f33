/** A line that says how far a long run is: a bar on a terminal, now and then a line elsewhere. */
const WIDTH = 30;
/** Shorter runs show nothing. */
const PATIENCE_MS = 2_000;
const QUIET_MS = 15_000;

export class ProgressBar {
  readonly #total: number;
  readonly #start = performance.now();
  #said = this.#start;
  #done = 0;

  constructor(total: number) {
    this.#total = total;
  }

  /** One more file is done. */
  public advance(text: string): void {
    this.#done++;
    const now = performance.now();
    if (now - this.#start < PATIENCE_MS) {
      return;
    }
    const line = `${this.#done}/${this.#total} files, ${text}`;
    if (process.stdout.isTTY) {
      const filled = Math.round((this.#done / this.#total) * WIDTH);
      process.stdout.write(
        `\r[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${line}\x1b[K`,
      );
    } else if (now - this.#said >= QUIET_MS) {
      this.#said = now;
      console.log(line);
    }
  }

  /** A line of its own, above the bar. */
  public print(line: string): void {
    this.close();
    console.log(line);
  }

  public close(): void {
    if (process.stdout.isTTY) {
      process.stdout.write("\r\x1b[K");
    }
  }
}
