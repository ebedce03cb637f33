/**
 * Precompiles on the curve BLS12-381: EIP-2537. What our own module does not do, or not on this processor, the library
 * does. The core has checked the input's length.
 */
import {
  mclG1Msm,
  mclG2Msm,
  mclMapFp2ToG2,
  mclPairing,
} from "./bls-library.js";
import { ownBls12381 } from "./bls12381.js";
import { bytesOf, WORD } from "./bytes.js";

export {
  mclG1Add as blsG1Add,
  mclG2Add as blsG2Add,
  mclMapFpToG1 as blsMapFpToG1,
} from "./bls-library.js";

/** 0x0c: sum of point times scalar. */
export function blsG1Msm(input: Uint8Array): Uint8Array | undefined {
  const own = ownBls12381();
  return own ? own.multiScalar(false, input) : mclG1Msm(input);
}

/** 0x0e */
export function blsG2Msm(input: Uint8Array): Uint8Array | undefined {
  const own = ownBls12381();
  return own ? own.multiScalar(true, input) : mclG2Msm(input);
}

/** 0x0f: whether the product of the pairings is one. */
export function blsPairing(input: Uint8Array): Uint8Array | undefined {
  const own = ownBls12381();
  if (!own) return mclPairing(input);
  const isOne = own.isPairingProductOne(input);
  return isOne === undefined ? undefined : bytesOf(isOne ? 1n : 0n, WORD);
}

/** 0x11 */
export function blsMapFp2ToG2(input: Uint8Array): Uint8Array | undefined {
  const own = ownBls12381();
  return own ? own.mapToG2(input) : mclMapFp2ToG2(input);
}
