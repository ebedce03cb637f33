/** The WebAssembly module inside the package mcl-wasm, and what is used of it. Pointers are addresses in its memory. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export interface MclExports {
  __wasm_call_ctors?(): void;
  malloc(size: number): number;
  free(at: number): void;
  mclBn_init(curve: number, sizes: number): number;
  mclBn_setMapToMode(mode: number): number;
  mclBn_verifyOrderG1(verify: number): void;
  mclBn_verifyOrderG2(verify: number): void;
  mclBnFp_setBigEndianMod(x: number, bytes: number, length: number): number;
  mclBnFp_getLittleEndian(bytes: number, max: number, x: number): number;
  mclBnFp_setInt32(x: number, value: number): void;
  mclBnFp_squareRoot(y: number, x: number): number;
  mclBnFp_mul(z: number, x: number, y: number): void;
  mclBnFp_add(z: number, x: number, y: number): void;
  mclBnFp_neg(y: number, x: number): void;
  mclBnFp_mapToG1(point: number, x: number): number;
  mclBnFp2_mul(z: number, x: number, y: number): void;
  mclBnFp2_mapToG2(point: number, x: number): number;
  mclBnFr_setBigEndianMod(x: number, bytes: number, length: number): number;
  mclBnG1_clear(x: number): void;
  mclBnG1_isZero(x: number): number;
  mclBnG1_isValid(x: number): number;
  mclBnG1_isValidOrder(x: number): number;
  mclBnG1_normalize(y: number, x: number): void;
  mclBnG1_add(z: number, x: number, y: number): void;
  mclBnG1_mul(z: number, x: number, scalar: number): void;
  mclBnG1_mulVec(z: number, x: number, scalars: number, count: number): void;
  mclBnG1_getBasePoint(x: number): void;
  mclBnG2_clear(x: number): void;
  mclBnG2_isZero(x: number): number;
  mclBnG2_isValid(x: number): number;
  mclBnG2_isValidOrder(x: number): number;
  mclBnG2_normalize(y: number, x: number): void;
  mclBnG2_add(z: number, x: number, y: number): void;
  mclBnG2_sub(z: number, x: number, y: number): void;
  mclBnG2_dbl(y: number, x: number): void;
  mclBnG2_mulVec(z: number, x: number, scalars: number, count: number): void;
  mclBn_millerLoopVec(z: number, x: number, y: number, count: number): void;
  mclBn_finalExp(y: number, x: number): void;
  mclBnGT_isOne(x: number): number;
}

let compiled: WebAssembly.Module | undefined;

export function mclModule(): WebAssembly.Module {
  if (compiled === undefined) {
    const path = require.resolve("mcl-wasm/dist/mcl_c.js");
    const match = /wasmBase64 = '([^']+)'/.exec(readFileSync(path, "utf8"));
    if (match === null) {
      throw new Error(`expected a WebAssembly module in ${path}, got none`);
    }
    compiled = new WebAssembly.Module(Buffer.from(match[1], "base64"));
  }
  return compiled;
}
