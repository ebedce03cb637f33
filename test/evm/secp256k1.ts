import type { Secp256k1 } from "../../src/internal/evm/secp256k1.js";

import { expect } from "chai";
import fc from "fast-check";

import {
  nativeSecp256k1,
  wasmSecp256k1,
} from "../../src/internal/evm/secp256k1.js";

describe("libraries for secp256k1", () => {
  const wasm = wasmSecp256k1();
  let native: Secp256k1;

  before(function () {
    try {
      native = nativeSecp256k1();
    } catch {
      // The optional package has nothing for this platform: there is nothing to compare with.
      this.skip();
    }
  });

  const word = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const ORDER =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  const edges = [
    "00".repeat(32),
    `${"00".repeat(31)}01`,
    ORDER,
    `${ORDER.slice(0, -1)}0`,
    "ff".repeat(32),
  ].map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
  const anyWord = fc.oneof(
    { arbitrary: word, weight: 4 },
    fc.constantFrom(...edges),
  );
  const answer = <T>(action: () => T): T | "failed" => {
    try {
      return action();
    } catch {
      return "failed";
    }
  };

  it("sign as RFC 6979 says", () => {
    // Made with @noble/curves.
    const probe = new Uint8Array(32).fill(1);
    for (const { sign } of [native, wasm]) {
      const { signature, recoveryId } = sign(probe, probe);
      expect(Buffer.from(signature).toString("hex")).to.equal(
        "c64b1924157748652733c41294e5f6e395c3626a8e911f3742a4b8ad4fdb922f" +
          "347ba5cdd629027ef5846eb85c9452f6312e0aea697625d66b202448f3e9618f",
      );
      expect(recoveryId).to.equal(0);
    }
  });

  it("sign alike, whatever the hash and the key", () => {
    fc.assert(
      fc.property(word, anyWord, (hash, key) => {
        // The nonces of older versions differ for hashes above the order: one in 2^128.
        hash[0] &= 0x7f;
        const one = answer(() => native.sign(hash, key));
        const other = answer(() => wasm.sign(hash, key));
        expect(one).to.deep.equal(other);
      }),
      { numRuns: 200 },
    );
  });

  it("recover alike, from signatures and from anything else", () => {
    fc.assert(
      fc.property(
        anyWord,
        anyWord,
        anyWord,
        fc.integer({ min: 0, max: 3 }),
        (hash, r, s, recoveryId) => {
          const signature = Buffer.concat([r, s]);
          expect(native.recover(hash, signature, recoveryId)).to.deep.equal(
            wasm.recover(hash, signature, recoveryId),
          );
        },
      ),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(word, word, (hash, key) => {
        const { signature, recoveryId } = native.sign(hash, key);
        const publicKey = native.publicKeyOf(key);
        expect(native.recover(hash, signature, recoveryId)).to.deep.equal(
          publicKey,
        );
        expect(wasm.recover(hash, signature, recoveryId)).to.deep.equal(
          publicKey,
        );
      }),
      { numRuns: 50 },
    );
  });

  it("know which keys there are", () => {
    fc.assert(
      fc.property(anyWord, (key) => {
        expect(native.publicKeyOf(key)).to.deep.equal(wasm.publicKeyOf(key));
      }),
      { numRuns: 100 },
    );
  });
});
