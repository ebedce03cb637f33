/**
 * Libraries behind the precompiles, loaded when a contract first needs them: together they would
 * cost more at start than everything else in the core. A precompile is called from inside WebAssembly,
 * so loading must be synchronous; `require` loads ES modules too on every Node that Hardhat 3 runs on.
 */
import type * as Ripemd from "@noble/hashes/legacy.js";
import type * as TinySecp256k1 from "tiny-secp256k1";
import type { NativeLibrary } from "./secp256k1.js";

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

function lazily<T>(name: string): () => T {
  let library: T | undefined;
  return () => (library ??= require(name) as T);
}

export const loadRipemd = lazily<typeof Ripemd>("@noble/hashes/legacy.js");
export const loadTinySecp256k1 = lazily<typeof TinySecp256k1>("tiny-secp256k1");
/** The addon alone: the package's main file has a fallback that is slower than ours. */
export const loadNativeSecp256k1 = lazily<NativeLibrary>(
  "secp256k1/bindings.js",
);
