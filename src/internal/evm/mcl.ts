/**
 * Elliptic curves in WebAssembly: the library mcl (npm: mcl-wasm), with one instance per curve. Its own
 * entry makes instances asynchronously and keeps one curve per process, but a precompile is called
 * from inside WebAssembly and cannot wait; so the module is taken out of the package and
 * instantiated here. The package's version is pinned, and test/evm/precompiles.ts compares every operation used
 * with an independent library.
 */
import { bytesOf } from "./bytes.js";
import { type MclExports, mclModule } from "./mcl-module.js";

/** Curve numbers of mcl. */
export const MCL_BN254 = 4;
export const MCL_BLS12_381 = 5;
export const MCL_P256 = 107;

/** MCLBN_COMPILED_TIME_VAR: field elements of six 64-bit units, scalars of four. */
const COMPILED_SIZES = 46;
/** MCL_MAP_TO_MODE_HASH_TO_CURVE: RFC 9380. */
const MAP_RFC9380 = 5;

/** Bytes of a field element, a scalar, and points in mcl's memory: (x, y, z). */
const FP = 48;
const FR = 32;
export const G1 = 3 * FP;
export const G2 = 6 * FP;
export const FP2 = 2 * FP;
const GT = 12 * FP;

const PAGE = 0x10000;
const INITIAL_PAGES = 32;

/** One curve. Numbers outside are big-endian bytes, addresses are in mcl's own memory. */
export class Mcl {
  readonly #exports: MclExports;
  readonly #memory: WebAssembly.Memory;
  readonly #fieldOrder: bigint;
  readonly #orderBytes: Uint8Array;
  /** Bytes of a coordinate outside. */
  readonly #size: number;
  /** Room for a number on its way in or out. */
  readonly #bytes: number;
  readonly #fields: number;
  readonly #target: number;
  readonly #allocated: number[] = [];

  constructor(curve: number, size: number, fieldOrder: bigint) {
    this.#memory = new WebAssembly.Memory({ initial: INITIAL_PAGES });
    const instance = new WebAssembly.Instance(mclModule(), {
      env: { memory: this.#memory },
    });
    this.#exports = instance.exports as unknown as MclExports;
    this.#exports.__wasm_call_ctors?.();
    const status = this.#exports.mclBn_init(curve, COMPILED_SIZES);
    if (status !== 0) throw new Error(`mcl: curve ${curve}: error ${status}`);
    this.#exports.mclBn_verifyOrderG1(0);
    this.#exports.mclBn_verifyOrderG2(0);
    if (curve === MCL_BLS12_381) {
      this.#exports.mclBn_setMapToMode(MAP_RFC9380);
    }
    this.#size = size;
    this.#fieldOrder = fieldOrder;
    this.#orderBytes = bytesOf(fieldOrder, size);
    this.#bytes = this.#exports.malloc(FP);
    this.#fields = this.#exports.malloc(3 * FP);
    this.#target = this.#exports.malloc(GT);
  }

  /** Runs `body`; what it allocates is free again afterwards. */
  public scope<T>(body: () => T): T {
    const before = this.#allocated.length;
    try {
      return body();
    } finally {
      for (const at of this.#allocated.splice(before)) this.#exports.free(at);
    }
  }

  /** Room until the end of the scope. */
  public alloc(size: number): number {
    const at = this.#exports.malloc(size);
    this.#allocated.push(at);
    return at;
  }

  #view(at: number, length: number): Uint8Array {
    if (at + length > this.#memory.buffer.byteLength) {
      throw new Error(`mcl: out of its ${PAGE}-byte pages`);
    }
    return new Uint8Array(this.#memory.buffer, at, length);
  }

  /** Writes the number to a field element; false when it is not below the field's order. */
  #setField(at: number, value: bigint): boolean {
    if (value >= this.#fieldOrder) return false;
    const hex = value.toString(16).padStart(this.#size * 2, "0");
    this.#view(this.#bytes, this.#size).set(Buffer.from(hex, "hex"));
    this.#exports.mclBnFp_setBigEndianMod(at, this.#bytes, this.#size);
    return true;
  }

  /** The same for the big-endian number in `length` bytes from `start` on. */
  #readField(
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): boolean {
    const first = start + length - this.#size;
    for (let i = start; i < first; i++) if (bytes[i] !== 0) return false;
    const order = this.#orderBytes;
    let i = 0;
    while (i < order.length && bytes[first + i] === order[i]) i++;
    if (i === order.length || bytes[first + i] > order[i]) return false;
    const number = bytes.subarray(first, first + this.#size);
    this.#view(this.#bytes, this.#size).set(number);
    this.#exports.mclBnFp_setBigEndianMod(at, this.#bytes, this.#size);
    return true;
  }

  /** Writes a field element as the big-endian number that ends before `end`; there are zeros before it. */
  #writeField(at: number, bytes: Uint8Array, end: number): void {
    const length = this.#exports.mclBnFp_getLittleEndian(this.#bytes, FP, at);
    const number = this.#view(this.#bytes, length);
    for (let i = 0; i < length; i++) bytes[end - 1 - i] = number[i];
  }

  #field(at: number): bigint {
    const length = this.#exports.mclBnFp_getLittleEndian(this.#bytes, FP, at);
    const bytes = Buffer.from(this.#view(this.#bytes, length)).reverse();
    return length === 0 ? 0n : BigInt(`0x${bytes.toString("hex")}`);
  }

  // --- G1

  /**
   * A point of G1 at `at`, whose coordinates are `length` big-endian bytes each from `start` on; false when it
   * is not on the curve. (0, 0) is the point at infinity.
   */
  public readG1(
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): boolean {
    if (isZero(bytes, start, 2 * length)) {
      this.#exports.mclBnG1_clear(at);
      return true;
    }
    if (!this.#readField(at, bytes, start, length)) return false;
    if (!this.#readField(at + FP, bytes, start + length, length)) return false;
    this.#exports.mclBnFp_setInt32(at + 2 * FP, 1);
    return this.#exports.mclBnG1_isValid(at) !== 0;
  }

  /** Both affine coordinates, `length` bytes each; zeros for the point at infinity. The point changes. */
  public writeG1(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(2 * length);
    if (!this.isZeroG1(at)) {
      this.#exports.mclBnG1_normalize(at, at);
      this.#writeField(at, bytes, length);
      this.#writeField(at + FP, bytes, 2 * length);
    }
    return bytes;
  }

  /** The point with this x on y² = x³ + 4 whose y is the greater or the lesser of the two; false for none. */
  public setCompressedG1(at: number, x: bigint, greater: boolean): boolean {
    if (!this.#setField(at, x)) return false;
    const { mclBnFp_mul, mclBnFp_add, mclBnFp_setInt32 } = this.#exports;
    const square = this.#fields;
    const constant = this.#fields + FP;
    mclBnFp_mul(square, at, at);
    mclBnFp_mul(square, square, at);
    mclBnFp_setInt32(constant, 4);
    mclBnFp_add(square, square, constant);
    const y = at + FP;
    if (this.#exports.mclBnFp_squareRoot(y, square) !== 0) return false;
    if (this.#field(y) * 2n > this.#fieldOrder !== greater) {
      this.#exports.mclBnFp_neg(y, y);
    }
    mclBnFp_setInt32(at + 2 * FP, 1);
    return true;
  }

  public isZeroG1(at: number): boolean {
    return this.#exports.mclBnG1_isZero(at) !== 0;
  }

  public isInGroupG1(at: number): boolean {
    return this.#exports.mclBnG1_isValidOrder(at) !== 0;
  }

  public baseG1(at: number): void {
    this.#exports.mclBnG1_getBasePoint(at);
  }

  public addG1(sum: number, a: number, b: number): void {
    this.#exports.mclBnG1_add(sum, a, b);
  }

  public multiplyG1(product: number, point: number, scalar: Uint8Array): void {
    const at = this.#scalars([scalar]);
    this.#exports.mclBnG1_mul(product, point, at);
  }

  /** Sum of points (one after the other at `points`, which change) times scalars. */
  public multiplySumG1(
    sum: number,
    points: number,
    scalars: readonly Uint8Array[],
  ): void {
    const at = this.#scalars(scalars);
    this.#exports.mclBnG1_mulVec(sum, points, at, scalars.length);
  }

  /** RFC 9380: map_to_curve, then clear_cofactor. False when the number is no field element. */
  public mapToG1(at: number, value: bigint): boolean {
    if (!this.#setField(this.#fields, value)) return false;
    return this.#exports.mclBnFp_mapToG1(at, this.#fields) === 0;
  }

  // --- G2: coordinates are pairs, the real part first

  /** A point from its four parts, `length` big-endian bytes each, from `start` on. */
  public readG2(
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    imaginaryFirst: boolean,
  ): boolean {
    if (isZero(bytes, start, 4 * length)) {
      this.#exports.mclBnG2_clear(at);
      return true;
    }
    for (let part = 0; part < 4; part++) {
      const place = imaginaryFirst ? part ^ 1 : part;
      const from = start + place * length;
      if (!this.#readField(at + part * FP, bytes, from, length)) return false;
    }
    this.#exports.mclBnFp_setInt32(at + 4 * FP, 1);
    this.#exports.mclBnFp_setInt32(at + 5 * FP, 0);
    return this.#exports.mclBnG2_isValid(at) !== 0;
  }

  /** All four parts, the real ones first. */
  public writeG2(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(4 * length);
    if (!this.isZeroG2(at)) {
      this.#exports.mclBnG2_normalize(at, at);
      for (let part = 0; part < 4; part++) {
        this.#writeField(at + part * FP, bytes, (part + 1) * length);
      }
    }
    return bytes;
  }

  public isZeroG2(at: number): boolean {
    return this.#exports.mclBnG2_isZero(at) !== 0;
  }

  public isInGroupG2(at: number): boolean {
    return this.#exports.mclBnG2_isValidOrder(at) !== 0;
  }

  public addG2(sum: number, a: number, b: number): void {
    this.#exports.mclBnG2_add(sum, a, b);
  }

  public copyG2(to: number, from: number): void {
    this.#view(to, G2).set(this.#view(from, G2));
  }

  public subtractG2(difference: number, a: number, b: number): void {
    this.#exports.mclBnG2_sub(difference, a, b);
  }

  public doubleG2(double: number, a: number): void {
    this.#exports.mclBnG2_dbl(double, a);
  }

  /** Two numbers at `at`: an element of the field below G2. */
  public setFp2(at: number, real: bigint, imaginary: bigint): void {
    this.#setField(at, real);
    this.#setField(at + FP, imaginary);
  }

  /** Conjugates the coordinates of the point, then multiplies x and y by the factors, which lie in a row. */
  public twistG2(at: number, factors: number): void {
    for (let part = 0; part < 3; part++) {
      const imaginary = at + (2 * part + 1) * FP;
      this.#exports.mclBnFp_neg(imaginary, imaginary);
    }
    const y = at + FP2;
    this.#exports.mclBnFp2_mul(at, at, factors);
    this.#exports.mclBnFp2_mul(y, y, factors + FP2);
  }

  public multiplySumG2(
    sum: number,
    points: number,
    scalars: readonly Uint8Array[],
  ): void {
    const at = this.#scalars(scalars);
    this.#exports.mclBnG2_mulVec(sum, points, at, scalars.length);
  }

  public mapToG2(at: number, real: bigint, imaginary: bigint): boolean {
    if (!this.#setField(this.#fields, real)) return false;
    if (!this.#setField(this.#fields + FP, imaginary)) return false;
    return this.#exports.mclBnFp2_mapToG2(at, this.#fields) === 0;
  }

  /** Whether the product of the pairings is one; none of the points may be at infinity. */
  public isPairingProductOne(g1: number, g2: number, count: number): boolean {
    if (count === 0) return true;
    this.#exports.mclBn_millerLoopVec(this.#target, g1, g2, count);
    this.#exports.mclBn_finalExp(this.#target, this.#target);
    return this.#exports.mclBnGT_isOne(this.#target) !== 0;
  }

  /** Scalars of 32 bytes, reduced by the group's order. */
  #scalars(scalars: readonly Uint8Array[]): number {
    const at = this.alloc(scalars.length * FR);
    scalars.forEach((scalar, i) => {
      this.#view(this.#bytes, FR).set(scalar);
      this.#exports.mclBnFr_setBigEndianMod(at + i * FR, this.#bytes, FR);
    });
    return at;
  }
}

function isZero(bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = start; i < start + length; i++) {
    if (bytes[i] !== 0) return false;
  }
  return true;
}

/** Makes the curve at its first use. */
function lazily(curve: number, size: number, fieldOrder: bigint): () => Mcl {
  let made: Mcl | undefined;
  return () => (made ??= new Mcl(curve, size, fieldOrder));
}

export const bn254 = lazily(
  MCL_BN254,
  32,
  0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n,
);

export const bls12381 = lazily(
  MCL_BLS12_381,
  48,
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn,
);

export const p256 = lazily(
  MCL_P256,
  32,
  0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
);
