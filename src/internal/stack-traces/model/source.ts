import type { ContractFunction } from "./contract.js";

/** A Solidity file: its text, and the functions it declares (of contracts, and free ones). */
export class SourceFile {
  public readonly sourceName: string;
  public readonly content: string;
  public functions: readonly ContractFunction[] = [];
  #newlines: number[] | undefined;

  constructor(sourceName: string, content: string) {
    this.sourceName = sourceName;
    this.content = content;
  }

  /** The first function, in order of declaration, whose source text contains the range. */
  public functionAt(location: SourceLocation): ContractFunction | undefined {
    return this.functions.find((candidate) =>
      candidate.location.contains(location),
    );
  }

  /**
   * Line of an offset, from 1.
   *
   * @param offset In characters. The compiler's offsets are in bytes, and Hardhat takes them for
   * characters: in a file with wide characters its lines run ahead, and so do ours.
   */
  public lineAt(offset: number): number {
    const newlines = (this.#newlines ??= findNewlines(this.content));
    let low = 0;
    let high = newlines.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (newlines[middle] < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low + 1;
  }
}

/** Positions of the line breaks, counted in code points. */
function findNewlines(content: string): number[] {
  const newlines: number[] = [];
  let position = 0;
  for (const character of content) {
    if (character === "\n") {
      newlines.push(position);
    }
    position++;
  }
  return newlines;
}

/** A range of a source file. */
export class SourceLocation {
  public readonly file: SourceFile;
  public readonly offset: number;
  public readonly length: number;
  #function: ContractFunction | null | undefined;

  constructor(file: SourceFile, offset: number, length: number) {
    this.file = file;
    this.offset = offset;
    this.length = length;
  }

  public get line(): number {
    return this.file.lineAt(this.offset);
  }

  /** The function the range lies in. Only to be asked when the file's functions are known. */
  public get function(): ContractFunction | undefined {
    this.#function ??= this.file.functionAt(this) ?? null;
    return this.#function ?? undefined;
  }

  public get range(): [start: number, end: number] {
    return [this.offset, this.offset + this.length];
  }

  public contains(other: SourceLocation): boolean {
    return (
      this.file === other.file &&
      other.offset >= this.offset &&
      other.offset + other.length <= this.offset + this.length
    );
  }

  public equals(other: SourceLocation): boolean {
    return (
      this.file === other.file &&
      this.offset === other.offset &&
      this.length === other.length
    );
  }
}
