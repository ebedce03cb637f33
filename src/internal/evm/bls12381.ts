/**
 * BLS12-381 in WebAssembly of our own: assembly/bls12381, for what takes more than three times as long in libraries as in
 * EDR (measured: mcl-wasm 2.4.1, wasmcurves 0.2.2). It needs fused multiply-add, which processors without it only
 * approximate; there, and for whatever is short, the library mcl does the work.
 */
import { readFileSync } from "node:fs";

import { numberAt, WORD } from "./bytes.js";
import { findCore } from "./wasm.js";

interface BlsExports {
  readonly memory: WebAssembly.Memory;
  readonly OUTPUT: WebAssembly.Global<"i32">;
  readonly PAIRING_ROOM: WebAssembly.Global<"i32">;
  prepare(): number;
  reserve(bytes: number): number;
  multiScalar(
    inG2: number,
    input: number,
    scalars: number,
    count: number,
  ): number;
  pairing(input: number, work: number, count: number): number;
  mapToG2(input: number): number;
}

/** Bytes of points, and of a scalar with them. */
export const G1_BYTES = 128;
export const G2_BYTES = 256;
const ALIGNMENT = 16;

/** Order of the groups. */
export const ORDER =
  0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
/** -z of the curve's parameter z. */
const PARAMETER = 0xd201000000010000n;
const HALF_BITS = 64n;

/** Inputs and outputs are the EIP's; an invalid input has no output. */
export class Bls12381 {
  readonly #exports: BlsExports;

  constructor(exports: BlsExports) {
    this.#exports = exports;
  }

  /** Room for the input and for more after it. */
  #place(input: Uint8Array, more: number): { at: number; after: number } {
    const length = Math.ceil(input.length / ALIGNMENT) * ALIGNMENT;
    const at = this.#exports.reserve(length + more);
    if (at === 0) throw new Error("BLS12-381: out of memory");
    new Uint8Array(this.#exports.memory.buffer, at).set(input);
    return { at, after: at + length };
  }

  #output(length: number): Uint8Array {
    const { memory, OUTPUT } = this.#exports;
    return new Uint8Array(memory.buffer, OUTPUT.value, length).slice();
  }

  /** Sum of points times scalars. */
  public multiScalar(inG2: boolean, input: Uint8Array): Uint8Array | undefined {
    const pointBytes = inG2 ? G2_BYTES : G1_BYTES;
    const size = pointBytes + WORD;
    const count = input.length / size;
    const { at, after } = this.#place(input, count * WORD);
    const { memory, multiScalar } = this.#exports;
    const view = new DataView(memory.buffer, after, count * WORD);
    for (let i = 0; i < count; i++) {
      const scalar = numberAt(input, i * size + pointBytes, WORD) % ORDER;
      const parts = inG2 ? digitsOf(scalar) : halvesOf(scalar);
      parts.forEach((part, j) => {
        view.setBigUint64(i * WORD + j * 8, part, true);
      });
    }
    return multiScalar(inG2 ? 1 : 0, at, after, count) !== 0
      ? this.#output(pointBytes)
      : undefined;
  }

  /** Whether the product of the pairings is one. */
  public isPairingProductOne(input: Uint8Array): boolean | undefined {
    const count = input.length / (G1_BYTES + G2_BYTES);
    const { PAIRING_ROOM, pairing } = this.#exports;
    const { at, after } = this.#place(input, count * PAIRING_ROOM.value);
    const result = pairing(at, after, count);
    return result < 0 ? undefined : result === 1;
  }

  public mapToG2(input: Uint8Array): Uint8Array | undefined {
    const { at } = this.#place(input, 0);
    return this.#exports.mapToG2(at) !== 0 ? this.#output(G2_BYTES) : undefined;
  }
}

/** Two numbers a, b of 128 bits, in halves of 64: the scalar is a + b z². */
function halvesOf(scalar: bigint): bigint[] {
  const square = PARAMETER * PARAMETER;
  const [a, b] = [scalar % square, scalar / square];
  return [a, a >> HALF_BITS, b, b >> HALF_BITS].map((half) =>
    BigInt.asUintN(64, half),
  );
}

/** The scalar's four digits to the base |z|, the least significant first. */
function digitsOf(scalar: bigint): bigint[] {
  const digits: bigint[] = [];
  for (let rest = scalar; digits.length < 4; rest /= PARAMETER) {
    digits.push(rest % PARAMETER);
  }
  return digits;
}

let made: Bls12381 | undefined | null = null;

/** The module, made at its first use; undefined where it does not work. */
export function ownBls12381(): Bls12381 | undefined {
  if (made === null) made = make();
  return made;
}

function make(): Bls12381 | undefined {
  const bytes = readFileSync(findCore("bls12381"));
  // Fused multiply-add is part of WebAssembly's relaxed vectors, which an engine may lack.
  if (!WebAssembly.validate(bytes)) return undefined;
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, {
    env: {
      abort: () => {
        throw new Error("BLS12-381: a defect");
      },
    },
  });
  const exports = instance.exports as unknown as BlsExports;
  return exports.prepare() !== 0 ? new Bls12381(exports) : undefined;
}
