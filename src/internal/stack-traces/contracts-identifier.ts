import type { CodeGap, KnownCode } from "./model/compiled-code.js";

import { instructionSize } from "./model/bytecode.js";

const PUSH20 = 0x73;
const REVERT = 0xfd;
const INVALID = 0xfe;

const MAX_REMEMBERED = 4096;

/**
 * Finds out which contract a code belongs to. Known codes are compared with the gaps (addresses of
 * libraries, immutables) left out; a code that is the same up to its metadata counts too, since the
 * metadata changes with comments and paths.
 */
export class ContractsIdentifier<CodeT extends KnownCode> {
  readonly #codes: CodeT[] = [];
  readonly #exact = new Map<string, CodeT>();
  readonly #remembered = new Map<string, CodeT | null>();

  public add(known: CodeT): void {
    this.#codes.push(known);
    this.#exact.set(toKey(known.code), known);
    this.#remembered.clear();
  }

  /** @param isCreation `code` is init code, with the constructor's arguments behind it. */
  public identify(code: Uint8Array, isCreation: boolean): CodeT | undefined {
    if (code.length === 0) {
      return undefined;
    }
    const key = `${isCreation ? "+" : "-"}${toKey(code)}`;
    const remembered = this.#remembered.get(key);
    if (remembered !== undefined) {
      return remembered ?? undefined;
    }
    const found = this.#search(withoutOwnAddress(code), isCreation);
    if (this.#remembered.size >= MAX_REMEMBERED) {
      this.#remembered.clear();
    }
    this.#remembered.set(key, found ?? null);
    return found;
  }

  #search(code: Uint8Array, isCreation: boolean): CodeT | undefined {
    const exact = this.#exact.get(toKey(code));
    if (exact !== undefined) {
      return exact;
    }
    let longest = 0;
    let inMetadata: CodeT | undefined;
    let prefix: CodeT | undefined;
    for (const known of this.#codes) {
      const common = commonLength(code, known);
      if (common === known.code.length) {
        if (common === code.length) {
          return known;
        }
        // Only creation code has anything behind it. A contract's code is no prefix of another's,
        // because of the metadata.
        if (isCreation && known.isDeployment) {
          prefix = known;
        }
      }
      if (common >= longest) {
        longest = common;
        inMetadata = known;
      }
    }
    return prefix ?? (reachesMetadata(code, longest) ? inMetadata : undefined);
  }
}

function toKey(code: Uint8Array): string {
  return Buffer.from(code.buffer, code.byteOffset, code.length).toString(
    "latin1",
  );
}

/** Deployment writes a library's own address into its first instruction; the compiler says zero. */
function withoutOwnAddress(code: Uint8Array): Uint8Array {
  return code[0] === PUSH20
    ? Uint8Array.from(code).fill(0, 1, Math.min(21, code.length))
    : code;
}

/** How many bytes are the same from the start on, gaps left out. */
function commonLength(
  code: Uint8Array,
  { code: known, gaps }: KnownCode,
): number {
  const end = Math.min(code.length, known.length);
  let index = 0;
  while (index < end) {
    if (code[index] === known[index]) {
      index++;
      continue;
    }
    const gap = gapAt(gaps, index);
    if (gap === undefined) {
      return index;
    }
    index = Math.min(end, gap.start + gap.length);
  }
  return end;
}

function gapAt(gaps: readonly CodeGap[], index: number): CodeGap | undefined {
  return gaps.find(
    ({ start, length }) => index >= start && index < start + length,
  );
}

/** Solidity ends its code with REVERT INVALID or with INVALID alone; the metadata comes behind. */
function reachesMetadata(code: Uint8Array, length: number): boolean {
  for (let pc = 0; pc < length; pc += instructionSize(code[pc] ?? 0)) {
    if (code[pc] === REVERT && code[pc + 1] === INVALID) {
      return true;
    }
  }
  return false;
}
