import type { ErrorSource } from "./model/compiled-code.js";

import { decodeAbi } from "../abi/abi-decoder.js";
import { formatAbiValue } from "../abi/abi-format.js";
import { parseAbiType } from "../abi/abi-types.js";

const ERROR_SELECTOR = "08c379a0";
const PANIC_SELECTOR = "4e487b71";

export function isErrorData(data: Uint8Array): boolean {
  return selector(data) === ERROR_SELECTOR;
}

/** The code of a `Panic(uint256)`; undefined for other data. */
export function panicCode(data: Uint8Array): bigint | undefined {
  if (selector(data) !== PANIC_SELECTOR) {
    return undefined;
  }
  const [code] = decodeAbi([{ kind: "uint", bits: 256 }], data.subarray(4));
  return code?.kind === "number" ? code.value : undefined;
}

/** What a message says of data that is neither a reason string nor a panic. */
export function describeCustomError(
  errors: ErrorSource,
  data: Uint8Array,
): string {
  const wanted = selector(data);
  const known = wanted === undefined ? undefined : errors.errorFor(wanted);
  if (known === undefined) {
    const hex = Buffer.from(data).toString("hex");
    return `reverted with an unrecognized custom error (return data: 0x${hex})`;
  }
  const values = decodeAbi(
    known.parameters.map(parseAbiType),
    data.subarray(4),
  );
  return `reverted with custom error '${known.name}(${values.map(formatAbiValue).join(", ")})'`;
}

function selector(data: Uint8Array): string | undefined {
  return data.length < 4
    ? undefined
    : Buffer.from(data.subarray(0, 4)).toString("hex");
}
