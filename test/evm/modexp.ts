import { expect } from "chai";
import fc from "fast-check";

import {
  bytes,
  callPrecompile,
  expectPrice,
  hex,
} from "./helpers/precompile.js";

const MODEXP = 5;
const BYZANTIUM = 4;
const BERLIN = 9;
const PRAGUE = 16;
const OSAKA = 17;
const OUT_OF_GAS = 0x24;
const ERROR = 0x33;

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (modulus === 0n) return 0n;
  let result = 1n % modulus;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function input(
  base: Uint8Array,
  exponent: Uint8Array,
  modulus: Uint8Array,
): Uint8Array {
  const lengths = [base, exponent, modulus].map(({ length }) =>
    hex(BigInt(length)),
  );
  return bytes(...lengths, base, exponent, modulus);
}

const number = (data: Uint8Array): bigint =>
  data.length === 0 ? 0n : BigInt(`0x${Buffer.from(data).toString("hex")}`);

const anyBytes = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength }),
    fc.uint8Array({ minLength: maxLength, maxLength }),
    // Zeros in front, and bytes of all ones: carries.
    fc
      .tuple(fc.nat({ max: maxLength }), fc.nat({ max: maxLength }))
      .map(([zeros, ones]) =>
        Uint8Array.from([
          ...Array(zeros).fill(0),
          ...Array(ones).fill(255),
        ]).slice(0, maxLength),
      ),
  );

describe("MODEXP", () => {
  const check = (
    base: Uint8Array,
    exponent: Uint8Array,
    modulus: Uint8Array,
  ): void => {
    const { ok, output } = callPrecompile(
      MODEXP,
      input(base, exponent, modulus),
      PRAGUE,
    );
    const expected = power(number(base), number(exponent), number(modulus));
    expect(ok).to.equal(true);
    const digits = modulus.length === 0 ? "" : hex(expected, modulus.length);
    expect(output).to.equal(digits);
  };

  it("equals big integers for odd moduli of every length that the core does, and beyond", () => {
    fc.assert(
      fc.property(
        anyBytes(80),
        anyBytes(40),
        anyBytes(136),
        (base, exponent, modulus) => {
          if (modulus.length > 0) modulus[modulus.length - 1] |= 1;
          check(base, exponent, modulus);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("equals big integers for any modulus", () => {
    fc.assert(fc.property(anyBytes(40), anyBytes(36), anyBytes(40), check), {
      numRuns: 300,
    });
  });

  it("reads zeros past the end of the input", () => {
    // 2^(256^2) mod 0x…00: the modulus is cut off but for its first byte.
    const lengths = [1n, 3n, 4n].map((length) => hex(length)).join("");
    const cut = bytes(lengths, "02", "01", "");
    const { output } = callPrecompile(MODEXP, cut, PRAGUE);
    expect(output).to.equal("00000000");
    const whole = bytes(lengths, "02", "010000", "00010001");
    expect(callPrecompile(MODEXP, whole, PRAGUE).output).to.equal(
      hex(power(2n, 65_536n, 65_537n), 4),
    );
  });

  it("knows the inverse by Fermat", () => {
    const prime =
      0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
    const word = (x: bigint): Uint8Array => bytes(hex(x));
    const { output } = callPrecompile(
      MODEXP,
      input(word(3n), word(prime - 2n), word(prime)),
    );
    expect((BigInt(`0x${output}`) * 3n) % prime).to.equal(1n);
  });

  it("costs by EIP-198, EIP-2565 and EIP-7883", () => {
    const square = (bits: number): Uint8Array =>
      input(
        Buffer.alloc(bits / 8, 0xff),
        Buffer.from("02", "hex"),
        Buffer.alloc(bits / 8, 0xfd),
      );
    // The examples of EIP-7883: nagydani-n-square.
    const table = [
      [512, 200n, 500n],
      [1024, 200n, 512n],
      [2048, 341n, 2048n],
      [4096, 1365n, 8192n],
    ] as const;
    for (const [bits, berlin, osaka] of table) {
      expectPrice(MODEXP, square(bits), BERLIN, berlin);
      expectPrice(MODEXP, square(bits), OSAKA, osaka);
    }
    // EIP-198's own examples.
    const fermat = bytes(
      hex(1n),
      hex(32n),
      hex(32n),
      "03",
      "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e",
      "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
    );
    expectPrice(MODEXP, fermat, BYZANTIUM, 13_056n);
    expect(callPrecompile(MODEXP, fermat, BYZANTIUM, 13_055n).status).to.equal(
      OUT_OF_GAS,
    );
  });

  it("refuses what EIP-7823 bounds, from Osaka on", () => {
    for (const at of [0, 1, 2]) {
      const lengths = [1n, 1n, 1n].map((length, i) =>
        hex(i === at ? 1025n : length),
      );
      const data = bytes(...lengths, Buffer.alloc(1027, 3));
      expect(callPrecompile(MODEXP, data, OSAKA).status).to.equal(ERROR);
      expect(callPrecompile(MODEXP, data, PRAGUE).ok).to.equal(true);
    }
  });

  it("runs out of gas for lengths that no one can pay", () => {
    const huge = bytes(hex(0n), hex(1n << 255n), hex(1n));
    expect(callPrecompile(MODEXP, huge, PRAGUE).status).to.equal(OUT_OF_GAS);
    const noNumber = bytes(hex(1n << 64n), hex(0n), hex(1n));
    expect(callPrecompile(MODEXP, noNumber, PRAGUE).status).to.equal(ERROR);
    // Nothing to multiply costs the least, whatever the exponent's length.
    const empty = bytes(hex(0n), hex(1n << 255n), hex(0n));
    expectPrice(MODEXP, empty, PRAGUE, 200n);
  });
});
