import { createHash } from "node:crypto";

import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bn254 } from "@noble/curves/bn254.js";
import { p256 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";

export interface PrecompileInputs {
  readonly name: string;
  readonly id: number;
  /** Different inputs in a sample, 1 by default. */
  readonly inputs?: number;
  /** How often each is used, for what remembers nothing. */
  readonly rounds?: number;
  /** Benchmark sides that cannot do it. */
  readonly without?: readonly "ethereumjs"[];
  /** Hex of input `i`, which differs from all others. */
  make(i: number): string;
}

function hex(value: bigint, length = 32): string {
  return value.toString(16).padStart(length * 2, "0");
}

function hash(i: number): string {
  return createHash("sha256").update(`input ${i}`).digest("hex");
}

/** `length` bytes that look random. */
function noise(i: number, length: number): string {
  let bytes = "";
  for (let part = 0; bytes.length < length * 2; part++) {
    bytes += hash(i * 1000 + part);
  }
  return bytes.slice(0, length * 2);
}

function scalar(i: number): bigint {
  return BigInt(`0x${hash(i)}`);
}

function modexp(base: string, exponent: string, modulus: string): string {
  const lengths = [base, exponent, modulus].map((part) =>
    hex(BigInt(part.length / 2)),
  );
  return lengths.join("") + base + exponent + modulus;
}

/** With the highest and the lowest bit set. */
function odd(i: number, length: number): string {
  return `f${noise(i, length).slice(1, -1)}1`;
}

const SIGNATURE = Buffer.from(
  secp256k1.sign(Buffer.from(hash(0), "hex"), Buffer.from(hash(1), "hex"), {
    prehash: false,
  }),
).toString("hex");

const Bn1 = bn254.G1.Point;
const Bn2 = bn254.G2.Point;
const Bls1 = bls12_381.G1.Point;
const Bls2 = bls12_381.G2.Point;
const BLS_FIELD = 64;

function bn1(k: bigint): string {
  const { x, y } = Bn1.BASE.multiply(k % bn254.fields.Fr.ORDER).toAffine();
  return hex(x) + hex(y);
}

function bn2(k: bigint): string {
  const { x, y } = Bn2.BASE.multiply(k % bn254.fields.Fr.ORDER).toAffine();
  return [x.c1, x.c0, y.c1, y.c0].map((part) => hex(part)).join("");
}

function bls1(k: bigint): string {
  const order = bls12_381.fields.Fr.ORDER;
  const { x, y } = Bls1.BASE.multiply(k % order).toAffine();
  return hex(x, BLS_FIELD) + hex(y, BLS_FIELD);
}

function bls2(k: bigint): string {
  const order = bls12_381.fields.Fr.ORDER;
  const { x, y } = Bls2.BASE.multiply(k % order).toAffine();
  return [x.c0, x.c1, y.c0, y.c1].map((part) => hex(part, BLS_FIELD)).join("");
}

function several(count: number, part: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => part(n)).join("");
}

const known = new Map<string, string>();

/** Points that may come again in other places: they are costly to make. */
function pooled(name: string, k: number, make: (k: bigint) => string): string {
  const key = `${name} ${k}`;
  const value = known.get(key) ?? make(scalar(k));
  known.set(key, value);
  return value;
}

/** A field element of BLS12-381. */
function blsField(i: number): string {
  return hex(BigInt(`0x${noise(i, 48)}`) % bls12_381.fields.Fp.ORDER, 64);
}

/** [tau]₁ of the KZG ceremony: the polynomial x, whose proof is 1 everywhere. */
const TAU =
  "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81";
const TAU_HASH = `01${createHash("sha256").update(TAU, "hex").digest("hex").slice(2)}`;

function pointEvaluation(i: number): string {
  const z = hex(scalar(i) % bls12_381.fields.Fr.ORDER);
  const one = Buffer.from(Bls1.BASE.toBytes(true)).toString("hex");
  return TAU_HASH + z + z + TAU + one;
}

function p256Signature(i: number): string {
  const digest = Buffer.from(hash(i), "hex");
  const key = Buffer.from(hash(0), "hex");
  const signature = p256.sign(digest, key, { prehash: false });
  const [s, k] = [signature, p256.getPublicKey(key, false)].map((part) =>
    Buffer.from(part).toString("hex"),
  );
  return hash(i) + s + k.slice(2);
}

const FERMAT =
  hex(0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45n);
const BN_FIELD =
  hex(0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n);

export const PRECOMPILE_INPUTS: readonly PrecompileInputs[] = [
  {
    name: "ecrecover",
    id: 1,
    inputs: 30,
    make: (i) => hash(i) + hex(28n) + SIGNATURE,
  },
  {
    name: "sha256, 128 bytes",
    id: 2,
    rounds: 1000,
    make: (i) => noise(i, 128),
  },
  { name: "sha256, 64 kB", id: 2, rounds: 10, make: (i) => noise(i, 65_536) },
  {
    name: "ripemd160, 128 bytes",
    id: 3,
    rounds: 200,
    make: (i) => noise(i, 128),
  },
  {
    name: "ripemd160, 16 kB",
    id: 3,
    rounds: 10,
    make: (i) => noise(i, 16_384),
  },
  {
    name: "identity, 128 bytes",
    id: 4,
    rounds: 2000,
    make: (i) => noise(i, 128),
  },
  {
    name: "identity, 64 kB",
    id: 4,
    rounds: 200,
    make: (i) => noise(i, 65_536),
  },
  {
    name: "modexp, RSA-2048, e = 65537",
    id: 5,
    rounds: 40,
    make: (i) => modexp(noise(i, 256), "010001", odd(i, 256)),
  },
  {
    name: "modexp, inverse of 256 bits",
    id: 5,
    rounds: 40,
    make: (i) => modexp(noise(i, 32), FERMAT, BN_FIELD),
  },
  {
    name: "modexp, 256 bytes, even, 256-bit exponent",
    id: 5,
    rounds: 2,
    make: (i) =>
      modexp(noise(i, 256), "ff".repeat(32), `${odd(i, 256).slice(0, -1)}2`),
  },
  {
    name: "modexp, 1024 bytes, 256-bit exponent",
    id: 5,
    make: (i) => modexp(noise(i, 1024), "ff".repeat(32), odd(i, 1024)),
  },
  {
    name: "modexp, 32 bytes, 1024-byte exponent",
    id: 5,
    make: (i) => modexp(noise(i, 32), "ff".repeat(1024), odd(i, 32)),
  },
  {
    name: "bn254 add",
    id: 6,
    rounds: 100,
    make: (i) => bn1(scalar(i)) + bn1(scalar(i + 1)),
  },
  {
    name: "bn254 mul",
    id: 7,
    inputs: 20,
    make: (i) => pooled("bn1", i % 20, bn1) + hash(i),
  },
  ...[2, 8].map((pairs) => ({
    name: `bn254 pairing, ${pairs} pairs`,
    id: 8,
    inputs: 4,
    make: (i: number) =>
      several(
        pairs,
        (n) =>
          pooled("bn1", (i + n) % 37, bn1) + pooled("bn2", (i * n) % 31, bn2),
      ),
  })),
  {
    name: "blake2f, 12 rounds",
    id: 9,
    rounds: 1000,
    make: (i) => hex(12n, 4) + noise(i, 208) + "01",
  },
  {
    name: "blake2f, 100,000 rounds",
    id: 9,
    rounds: 4,
    make: (i) => hex(100_000n, 4) + noise(i, 208) + "00",
  },
  {
    name: "point evaluation",
    id: 10,
    inputs: 5,
    // Its library for proofs is not part of it.
    without: ["ethereumjs"],
    make: pointEvaluation,
  },
  {
    name: "BLS G1 add",
    id: 11,
    rounds: 50,
    make: (i) => bls1(scalar(i)) + bls1(scalar(i + 1)),
  },
  ...[1, 16, 128].map((count) => ({
    name: `BLS G1 msm, ${count}`,
    id: 12,
    inputs: count === 1 ? 10 : 1,
    make: (i: number) =>
      several(
        count,
        (n) => pooled("bls1", (i + n) % 131, bls1) + hash(i * 1000 + n),
      ),
  })),
  {
    name: "BLS G2 add",
    id: 13,
    rounds: 50,
    make: (i) => bls2(scalar(i % 9)) + bls2(scalar((i % 9) + 1)),
  },
  ...[1, 16].map((count) => ({
    name: `BLS G2 msm, ${count}`,
    id: 14,
    inputs: count === 1 ? 10 : 1,
    make: (i: number) =>
      several(
        count,
        (n) => pooled("bls2", (i + n) % 31, bls2) + hash(i * 1000 + n),
      ),
  })),
  ...[2, 8].map((pairs) => ({
    name: `BLS pairing, ${pairs} pairs`,
    id: 15,
    inputs: 3,
    make: (i: number) =>
      several(
        pairs,
        (n) =>
          pooled("bls1", (i + n) % 37, bls1) +
          pooled("bls2", (i * n) % 31, bls2),
      ),
  })),
  { name: "BLS map to G1", id: 16, inputs: 10, make: blsField },
  {
    name: "BLS map to G2",
    id: 17,
    inputs: 10,
    make: (i) => blsField(i) + blsField(i + 10_000),
  },
  { name: "P256VERIFY", id: 0x100, inputs: 20, make: p256Signature },
];
