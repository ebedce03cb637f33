/** The lines that a method's log is made of: indented, and with titles that line up. */
import type { Block } from "../chain/types.js";

interface Line {
  readonly title: string | undefined;
  readonly text: string;
}

export class LogLines {
  #lines: Line[] = [];
  #indentation = 0;
  /** Width of the widest title so far: titles stay aligned over the life of a network. */
  #titleWidth = 0;

  public indented(add: () => void): void {
    this.#indentation += 2;
    try {
      add();
    } finally {
      this.#indentation -= 2;
    }
  }

  public add(text: string): void {
    this.#lines.push({ title: undefined, text: this.indent(text) });
  }

  public addTitled(title: string, text: string): void {
    const indentedTitle = " ".repeat(this.#indentation) + title;
    this.#titleWidth = Math.max(this.#titleWidth, indentedTitle.length);
    this.#lines.push({ title: indentedTitle, text });
  }

  public replaceLast(text: string): void {
    this.#lines[this.#lines.length - 1] = {
      title: undefined,
      text: this.indent(text),
    };
  }

  /** Every line of the text, at the current indentation. */
  public indent(text: string): string {
    if (text === "") {
      return text;
    }
    const margin = " ".repeat(this.#indentation);
    return text
      .split("\n")
      .map((line) => margin + line)
      .join("\n");
  }

  /** The lines collected since the last call. */
  public take(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines.map(({ title, text }) =>
      title === undefined
        ? text
        : `${`${title}:`.padEnd(this.#titleWidth + 1)} ${text}`,
    );
  }
}

/** Wei for people: "1 wei", "1.5 gwei", "2. ETH" (the point stays, as in Hardhat's logs). */
export function formatWei(wei: bigint): string {
  if (wei === 0n) {
    return "0 ETH";
  }
  if (wei < 100_000n) {
    return `${wei} wei`;
  }
  return wei < 100_000_000_000_000n
    ? `${decimal(wei, 9)} gwei`
    : `${decimal(wei, 18)} ETH`;
}

/** At most four decimals, without trailing zeros; like Hardhat's, without leading ones either. */
function decimal(wei: bigint, exponent: number): string {
  const unit = 10n ** BigInt(exponent);
  const decimals = (wei % unit) / 10n ** BigInt(exponent - 4);
  return `${wei / unit}.${decimals.toString().replace(/0+$/, "")}`;
}

const paint =
  (code: number) =>
  (text: string): string =>
    `\u001B[${code}m${text}\u001B[0m`;

export const bold: (text: string) => string = paint(1);
export const red: (text: string) => string = paint(31);
export const green: (text: string) => string = paint(32);
export const yellow: (text: string) => string = paint(33);

/** How the log tells of an empty block. */
export function emptyBlockText(block: Block): string {
  const baseFee =
    block.baseFeePerGas === undefined
      ? ""
      : ` with base fee ${block.baseFeePerGas}`;
  return `Mined empty block #${block.number}${baseFee}`;
}

export function emptyRangeText(first: bigint, last: bigint): string {
  return `Mined empty block range #${first} to #${last}`;
}
