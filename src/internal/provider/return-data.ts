/** Reads what a reverted execution returned: `Error(string)` and `Panic(uint256)`. */
const ERROR_SELECTOR = "08c379a0";
const PANIC_SELECTOR = "4e487b71";

const PANIC_REASONS: ReadonlyMap<bigint, string> = new Map([
  [0x1n, "Assertion error"],
  [0x11n, "Arithmetic operation overflowed outside of an unchecked block"],
  [0x12n, "Division or modulo division by zero"],
  [
    0x21n,
    "Tried to convert a value into an enum, but the value was too big or negative",
  ],
  [0x22n, "Incorrectly encoded storage byte array"],
  [0x31n, ".pop() was called on an empty array"],
  [0x32n, "Array accessed at an out-of-bounds or negative index"],
  [
    0x41n,
    "Too much memory was allocated, or an array was created that is too large",
  ],
  [0x51n, "Called a zero-initialized variable of internal function type"],
]);

export type RevertReason =
  | { readonly kind: "empty" }
  | { readonly kind: "error"; readonly reason: string }
  | { readonly kind: "panic"; readonly code: bigint }
  /** A custom error, or bytes of no known shape. */
  | { readonly kind: "other" };

function selectorOf(data: Uint8Array): string {
  return Buffer.from(data.subarray(0, 4)).toString("hex");
}

function wordAt(data: Uint8Array, offset: number): bigint | undefined {
  const word = data.subarray(offset, offset + 32);
  return word.length === 32
    ? BigInt(`0x${Buffer.from(word).toString("hex")}`)
    : undefined;
}

/** The string argument of `Error(string)`; undefined when the bytes are no such call. */
function decodeString(data: Uint8Array): string | undefined {
  const offset = wordAt(data, 4);
  if (offset === undefined || offset > BigInt(data.length)) {
    return undefined;
  }
  const start = 4 + Number(offset);
  const length = wordAt(data, start);
  if (length === undefined || length > BigInt(data.length - start - 32)) {
    return undefined;
  }
  const bytes = data.subarray(start + 32, start + 32 + Number(length));
  return new TextDecoder().decode(bytes);
}

export function decodeRevert(data: Uint8Array): RevertReason {
  if (data.length === 0) {
    return { kind: "empty" };
  }
  const selector = selectorOf(data);
  if (selector === ERROR_SELECTOR) {
    const reason = decodeString(data);
    if (reason !== undefined) {
      return { kind: "error", reason };
    }
  } else if (selector === PANIC_SELECTOR) {
    const code = wordAt(data, 4);
    if (code !== undefined) {
      return { kind: "panic", code };
    }
  }
  return { kind: "other" };
}

/** What a panic code means; undefined: not one of Solidity's. */
export function panicReason(code: bigint): string | undefined {
  return PANIC_REASONS.get(code);
}

/** What Hardhat says of a panic: "reverted with panic code 0x11 (…)". */
export function panicMessage(code: bigint): string {
  const reason = panicReason(code);
  const hex = `0x${code.toString(16)}`;
  return reason === undefined
    ? `reverted with unknown panic code ${hex}`
    : `reverted with panic code ${hex} (${reason})`;
}
