/**
 * Sums of points of G1 or G2 times scalars, by Straus' method: the doublings are shared.
 *
 * A scalar is split into digits to a base that an endomorphism multiplies with. On G1, k = a + b z² and the parts
 * of 128 bits belong to P and -phi(P), one in each lane. On G2, k = a + b |z| + c |z|² + d |z|³, and the parts of 64 bits
 * belong to P, -psi(P), psi²(P) and -psi³(P).
 */
import { POINT, Y, addPoints, copyPoint, doublePoint, negatePoint, onTwist, phi, psi, setInfinity } from "./curve";
import { join, swap } from "./field";
import { PAIR } from "./multiply";

/** Bytes of a scalar in its parts, each little-endian. */
export const SCALAR_BYTES: usize = 32;

/** Points at a time: that is what the tables are for. */
export const MSM_POINTS: usize = 64;

/** Signed digits of four bits, and one for the carry. */
const WINDOW = 4;
const ENTRIES: usize = 1 + 8;
const TABLE: usize = ENTRIES * POINT;

const G1_DIGITS: usize = 33;
const G2_DIGITS: usize = 17;
/** Of all parts of MSM_POINTS scalars: the more of 2 * G1_DIGITS and 4 * G2_DIGITS each. */
const DIGITS: usize = memory.data(64 * 4 * 17, 16);

let tables: usize = 0;

/** Where 4 * MSM_POINTS tables may lie. */
export const TABLES_BYTES: usize = 4 * MSM_POINTS * TABLE;

export function useTables(at: usize): void {
  tables = at;
}

/** Digits from -7 to 8 of a part of `size` bytes. */
function recode(digits: usize, part: usize, size: usize): void {
  let carry: i32 = 0;
  for (let i: usize = 0; i < size * 2; i++) {
    let digit = (((load<u8>(part + (i >> 1)) as i32) >> (((i & 1) as i32) << 2)) & 15) + carry;
    carry = digit > 8 ? 1 : 0;
    digit -= carry << WINDOW;
    store<i8>(digits + i, digit as i8);
  }
  store<i8>(digits + size * 2, carry as i8);
}

/** The multiples 0 to 8 of a point. */
function fillTable(table: usize, p: usize): void {
  setInfinity(table);
  copyPoint(table + POINT, p);
  for (let i: usize = 2; i < ENTRIES; i++) {
    const entry = table + i * POINT;
    if (i & 1) addPoints(entry, entry - POINT, p);
    else doublePoint(entry, table + (i >> 1) * POINT);
  }
}

const SUMMAND: usize = memory.data(384, 16);

/** Adds what one digit in each lane stands for. */
function addMultiples(sum: usize, table: usize, digit0: i32, digit1: i32): void {
  if ((digit0 | digit1) == 0) return;
  const first = table + (abs(digit0) as usize) * POINT, second = table + (abs(digit1) as usize) * POINT;
  for (let i: usize = 0; i < POINT; i += PAIR) join(SUMMAND + i, first + i, 0, second + i, 1);
  const signs = i64x2(digit0 < 0 ? i64.MIN_VALUE : 0, digit1 < 0 ? i64.MIN_VALUE : 0);
  for (let i: usize = Y; i < Y + PAIR; i += 16) {
    v128.store(SUMMAND + i, v128.xor(v128.load(SUMMAND + i), signs));
  }
  addPoints(sum, sum, SUMMAND);
}

const P: usize = memory.data(384, 16);

/** sum += up to MSM_POINTS points times their scalars. Points of G1 are in both lanes, and so is the sum. */
export function addProducts(sum: usize, points: usize, scalars: usize, count: usize): void {
  if (onTwist) addProductsG2(sum, points, scalars, count);
  else addProductsG1(sum, points, scalars, count);
}

const PARTIAL: usize = memory.data(384, 16);

function addProductsG1(sum: usize, points: usize, scalars: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const point = points + i * POINT, scalar = scalars + i * SCALAR_BYTES;
    phi(P, point);
    negatePoint(P);
    for (let j: usize = 0; j < POINT; j += PAIR) join(P + j, point + j, 0, P + j, 1);
    fillTable(tables + i * TABLE, P);
    recode(DIGITS + 2 * i * G1_DIGITS, scalar, 16);
    recode(DIGITS + (2 * i + 1) * G1_DIGITS, scalar + 16, 16);
  }
  setInfinity(PARTIAL);
  for (let place = G1_DIGITS; place-- > 0;) {
    for (let i = 0; i < WINDOW; i++) doublePoint(PARTIAL, PARTIAL);
    for (let i: usize = 0; i < count; i++) {
      const digits = DIGITS + 2 * i * G1_DIGITS + place;
      addMultiples(PARTIAL, tables + i * TABLE, load<i8>(digits), load<i8>(digits + G1_DIGITS));
    }
  }
  for (let i: usize = 0; i < POINT; i += PAIR) swap(P + i, PARTIAL + i);
  addPoints(PARTIAL, PARTIAL, P);
  addPoints(sum, sum, PARTIAL);
}

function addProductsG2(sum: usize, points: usize, scalars: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const table = tables + 4 * i * TABLE;
    fillTable(table, points + i * POINT);
    for (let part: usize = 0; part < 4; part++) {
      recode(DIGITS + (4 * i + part) * G2_DIGITS, scalars + i * SCALAR_BYTES + part * 8, 8);
      if (part == 0) continue;
      for (let entry: usize = 0; entry < TABLE; entry += POINT) {
        const at = table + part * TABLE + entry;
        psi(at, at - TABLE);
        negatePoint(at);
      }
    }
  }
  setInfinity(PARTIAL);
  for (let place = G2_DIGITS; place-- > 0;) {
    for (let i = 0; i < WINDOW; i++) doublePoint(PARTIAL, PARTIAL);
    for (let i: usize = 0; i < 4 * count; i++) {
      const digit = load<i8>(DIGITS + i * G2_DIGITS + place);
      addMultiples(PARTIAL, tables + i * TABLE, digit, digit);
    }
  }
  addPoints(sum, sum, PARTIAL);
}
