import { expect } from "chai";
import fc from "fast-check";

import { getEngine } from "../../src/internal/evm/engine.js";

const MODULUS = 1n << 256n;
const SIGN = 1n << 255n;
const MAX = MODULUS - 1n;

const wrap = (x: bigint): bigint => BigInt.asUintN(256, x);
const signed = (x: bigint): bigint => BigInt.asIntN(256, x);
const bool = (x: boolean): bigint => (x ? 1n : 0n);
const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = wrap(result * square);
    square = wrap(square * square);
  }
  return result;
}

/** What each opcode means, by the yellow paper, on unsigned numbers below 2^256. */
const MEANING: ReadonlyMap<
  string,
  readonly [
    opcode: number,
    arity: number,
    (a: bigint, b: bigint, c: bigint) => bigint,
  ]
> = new Map([
  ["ADD", [0x01, 2, (a, b) => wrap(a + b)]],
  ["MUL", [0x02, 2, (a, b) => wrap(a * b)]],
  ["SUB", [0x03, 2, (a, b) => wrap(a - b)]],
  ["DIV", [0x04, 2, (a, b) => (b === 0n ? 0n : a / b)]],
  ["SDIV", [0x05, 2, (a, b) => (b === 0n ? 0n : wrap(signed(a) / signed(b)))]],
  ["MOD", [0x06, 2, (a, b) => (b === 0n ? 0n : a % b)]],
  [
    "SMOD",
    [
      0x07,
      2,
      (a, b) => {
        if (b === 0n) return 0n;
        const rest = magnitude(signed(a)) % magnitude(signed(b));
        return wrap(signed(a) < 0n ? -rest : rest);
      },
    ],
  ],
  ["ADDMOD", [0x08, 3, (a, b, c) => (c === 0n ? 0n : (a + b) % c)]],
  ["MULMOD", [0x09, 3, (a, b, c) => (c === 0n ? 0n : (a * b) % c)]],
  ["EXP", [0x0a, 2, (a, b) => power(a, b)]],
  [
    "SIGNEXTEND",
    [
      0x0b,
      2,
      (a, b) => (a > 30n ? b : wrap(BigInt.asIntN(Number(a) * 8 + 8, b))),
    ],
  ],
  ["LT", [0x10, 2, (a, b) => bool(a < b)]],
  ["GT", [0x11, 2, (a, b) => bool(a > b)]],
  ["SLT", [0x12, 2, (a, b) => bool(signed(a) < signed(b))]],
  ["SGT", [0x13, 2, (a, b) => bool(signed(a) > signed(b))]],
  ["EQ", [0x14, 2, (a, b) => bool(a === b)]],
  ["ISZERO", [0x15, 1, (a) => bool(a === 0n)]],
  [
    "BYTE",
    [0x1a, 2, (a, b) => (a > 31n ? 0n : (b >> (248n - 8n * a)) & 0xffn)],
  ],
  ["SHL", [0x1b, 2, (a, b) => (a > 255n ? 0n : wrap(b << a))]],
  ["SHR", [0x1c, 2, (a, b) => (a > 255n ? 0n : b >> a)]],
  ["SAR", [0x1d, 2, (a, b) => wrap(signed(b) >> (a > 255n ? 255n : a))]],
  [
    "CLZ",
    [0x1e, 1, (a) => BigInt(256 - (a === 0n ? 0 : a.toString(2).length))],
  ],
]);

/** Where carries, limbs and signs change; each with its neighbours. */
const CORNERS: readonly bigint[] = [
  0n,
  32n,
  64n,
  96n,
  128n,
  160n,
  192n,
  224n,
  255n,
  256n,
]
  .map((bits) => 1n << bits)
  .flatMap((x) => [x - 1n, x, x + 1n])
  .concat([
    0n,
    SIGN,
    SIGN - 1n,
    MAX,
    MAX - 1n,
    10n,
    10n ** 18n,
    10n ** 36n,
    31n,
    32n,
  ])
  // Digits that make the quotient's estimate too high, by one and by two (Knuth, exercise 4.3.1-21).
  .concat([
    0x7fffffff8000000000000000n << 64n,
    0x800000000000000000000001n,
    0x7fffffffn << 224n,
  ])
  // The same for digits of 64 bits: what the lower limbs take away, and a quotient digit of all ones.
  .concat([
    (1n << 191n) + (1n << 64n) - 1n,
    ((1n << 64n) - 1n) << 191n,
    SIGN + (1n << 128n) - 1n,
    ((1n << 63n) - 1n) << 191n,
  ])
  .map(wrap);

const word = fc.oneof(
  fc.constantFrom(...CORNERS),
  fc.bigInt({ min: 0n, max: MAX }),
  // Numbers of every length, which uniform ones are not.
  fc
    .tuple(fc.bigInt({ min: 0n, max: MAX }), fc.integer({ min: 0, max: 255 }))
    .map(([x, shift]) => x >> BigInt(shift)),
  // Few bits set, or few clear.
  fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 4 }),
      fc.boolean(),
    )
    .map(([bits, invert]) => {
      const x = bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);
      return invert ? MAX - x : x;
    }),
);

describe("256-bit arithmetic of the core", () => {
  const { exports, view, scratch } = getEngine().core;

  function compute(opcode: number, a: bigint, b: bigint, c: bigint): bigint {
    view.setWord(scratch, a);
    view.setWord(scratch + 32, b);
    view.setWord(scratch + 64, c);
    const known = exports.u256Operation(
      opcode,
      scratch,
      scratch + 32,
      scratch + 64,
      scratch + 96,
    );
    expect(known).to.equal(1);
    return view.word(scratch + 96);
  }

  function check(name: string, a: bigint, b: bigint, c: bigint): void {
    const [opcode, , meaning] = MEANING.get(name)!;
    const got = compute(opcode, a, b, c);
    const expected = meaning(a, b, c);
    if (got !== expected) {
      expect.fail(
        `${name}(${[a, b, c].map((x) => `0x${x.toString(16)}`).join(", ")}): ` +
          `expected 0x${expected.toString(16)}, got 0x${got.toString(16)}`,
      );
    }
  }

  it("refuses an opcode that is no arithmetic", () => {
    expect(
      exports.u256Operation(0x00, scratch, scratch, scratch, scratch),
    ).to.equal(0);
  });

  for (const [name, [, arity]] of MEANING) {
    it(`${name} of corner values`, () => {
      const others = arity > 1 ? CORNERS : [0n];
      const thirds = arity > 2 ? CORNERS.filter((_, i) => i % 3 === 0) : [0n];
      for (const a of CORNERS) {
        for (const b of others) for (const c of thirds) check(name, a, b, c);
      }
    });

    it(`${name} of random values`, () => {
      fc.assert(
        fc.property(word, word, word, (a, b, c) => check(name, a, b, c)),
        { numRuns: 2000 },
      );
    });

    if (arity > 1) {
      it(`${name} of equal and neighbouring operands`, () => {
        fc.assert(
          fc.property(word, fc.integer({ min: -2, max: 2 }), word, (a, d, c) =>
            check(name, a, wrap(a + BigInt(d)), c),
          ),
          { numRuns: 300 },
        );
      });
    }
  }

  it("shifts by every amount", () => {
    for (let n = 0n; n <= 260n; n++) {
      for (const x of [
        MAX,
        SIGN,
        1n,
        0x123456789abcdef0fedcba9876543210n << 100n,
      ]) {
        for (const name of ["SHL", "SHR", "SAR"]) check(name, n, x, 0n);
      }
    }
  });

  it("satisfies q * b + r = a for every division", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        fc.pre(b !== 0n);
        const quotient = compute(0x04, a, b, 0n);
        const rest = compute(0x06, a, b, 0n);
        expect(rest < b).to.equal(true);
        expect(quotient * b + rest).to.equal(a);
      }),
      { numRuns: 3000 },
    );
  });
});
