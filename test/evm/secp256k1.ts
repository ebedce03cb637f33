import type { Secp256k1 } from "../../src/internal/evm/secp256k1.js";

import { expect } from "chai";
import fc from "fast-check";

import {
  isSound,
  loadLatest,
  loadTiny,
} from "../../src/internal/evm/secp256k1.js";

describe("libraries for secp256k1", () => {
  const latest = loadLatest();
  const tiny = loadTiny();
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

  it("answer as they should", () => {
    for (const check of Object.values(isSound)) {
      expect(check(latest)).to.equal(true);
      expect(check(tiny)).to.equal(true);
    }
  });

  it("are not taken when they answer otherwise", () => {
    const sign: Secp256k1["sign"] = (hash, key) => {
      const { signature, recoveryId } = latest.sign(hash, key);
      return { signature: signature.fill(0, 0, 1), recoveryId };
    };
    const nothing = (): undefined => undefined;
    expect(isSound.sign({ ...latest, sign })).to.equal(false);
    expect(isSound.recover({ ...latest, recover: nothing })).to.equal(false);
    expect(isSound.publicKeyOf({ ...latest, publicKeyOf: nothing })).to.equal(
      false,
    );
  });

  it("sign alike, whatever the hash and the key", () => {
    fc.assert(
      fc.property(anyWord, anyWord, (hash, key) => {
        const one = answer(() => latest.sign(hash, key));
        const other = answer(() => tiny.sign(hash, key));
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
          expect(latest.recover(hash, signature, recoveryId)).to.deep.equal(
            tiny.recover(hash, signature, recoveryId),
          );
        },
      ),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(word, word, (hash, key) => {
        const { signature, recoveryId } = latest.sign(hash, key);
        const publicKey = latest.publicKeyOf(key);
        expect(latest.recover(hash, signature, recoveryId)).to.deep.equal(
          publicKey,
        );
        expect(tiny.recover(hash, signature, recoveryId)).to.deep.equal(
          publicKey,
        );
      }),
      { numRuns: 50 },
    );
  });

  it("know which keys there are", () => {
    fc.assert(
      fc.property(anyWord, (key) => {
        expect(latest.publicKeyOf(key)).to.deep.equal(tiny.publicKeyOf(key));
      }),
      { numRuns: 100 },
    );
  });
});
