import { opcode } from "./opcodes.js";

/**
 * A small assembler. Items:
 * - a mnemonic (`"ADD"`), a number, bigint or 0x string (shortest PUSH; PUSH1 0 for zero, so that
 *   the code runs on every fork),
 * - `{ label }` (a JUMPDEST), `{ ref }` (PUSH2 of the label's position),
 * - `{ raw }` (bytes as they are).
 */
export type AssemblyItem =
  | string
  | number
  | bigint
  | { readonly label: string }
  | { readonly ref: string }
  | { readonly raw: string };

export function assemble(items: readonly AssemblyItem[]): string {
  const bytes: number[] = [];
  const labels = new Map<string, number>();
  const references: { readonly position: number; readonly label: string }[] =
    [];
  for (const item of items) {
    if (typeof item === "string" && !item.startsWith("0x")) {
      bytes.push(opcode(item).byte);
    } else if (
      typeof item === "string" ||
      typeof item === "number" ||
      typeof item === "bigint"
    ) {
      pushValue(bytes, BigInt(item));
    } else if ("label" in item) {
      if (labels.has(item.label)) {
        throw new Error(`assemble: label "${item.label}" is defined twice`);
      }
      labels.set(item.label, bytes.length);
      bytes.push(0x5b);
    } else if ("ref" in item) {
      references.push({ position: bytes.length + 1, label: item.ref });
      bytes.push(0x61, 0, 0);
    } else {
      bytes.push(...Buffer.from(item.raw.replace(/^0x/, ""), "hex"));
    }
  }
  for (const { position, label } of references) {
    const target = labels.get(label);
    if (target === undefined) {
      throw new Error(`assemble: label "${label}" is not defined`);
    }
    bytes[position] = target >> 8;
    bytes[position + 1] = target & 0xff;
  }
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

function pushValue(bytes: number[], value: bigint): void {
  if (value < 0n) {
    value = BigInt.asUintN(256, value);
  }
  let hex = value.toString(16);
  if (hex.length % 2 === 1) {
    hex = `0${hex}`;
  }
  const width = hex.length / 2;
  bytes.push(0x5f + width, ...Buffer.from(hex, "hex"));
}

/** Initcode that runs `before` and deploys `runtime` (0x hex). */
export function initcodeFor(
  runtime: string,
  before: readonly AssemblyItem[] = [],
): string {
  const size = (runtime.length - 2) / 2;
  const head = (offset: number): string =>
    assemble([
      ...before,
      ...([
        { raw: push2(size) },
        { raw: push2(offset) },
        0,
        "CODECOPY",
      ] as const),
      ...([{ raw: push2(size) }, 0, "RETURN"] as const),
    ]);
  const offset = (head(0).length - 2) / 2;
  return head(offset) + runtime.slice(2);
}

function push2(value: number): string {
  return `0x61${value.toString(16).padStart(4, "0")}`;
}
