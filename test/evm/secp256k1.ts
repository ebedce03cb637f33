import { expect } from "chai";
import fc from "fast-check";
import { signRecoverable } from "tiny-secp256k1";

import { loadSigner } from "../../src/internal/chain/recoverable-signer.js";

describe("Signer of recoverable signatures", () => {
  const sign = loadSigner();

  it("signs as tiny-secp256k1 does, whatever the hash and the key", () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    // Below the order, and not zero.
    const key = bytes.map((value) => {
      const valid = Uint8Array.from(value);
      valid[0] &= 0x7f;
      valid[31] |= 1;
      return valid;
    });
    fc.assert(
      fc.property(bytes, key, (hash, privateKey) => {
        const { signature, recoveryId } = sign(hash, privateKey);
        const expected = signRecoverable(hash, privateKey);
        expect(Buffer.from(signature)).to.deep.equal(
          Buffer.from(expected.signature),
        );
        expect(recoveryId).to.equal(expected.recoveryId);
      }),
      { numRuns: 300 },
    );
  });

  it("refuses keys that are no scalars", () => {
    for (const byte of [0, 0xff]) {
      expect(() =>
        sign(new Uint8Array(32).fill(9), new Uint8Array(32).fill(byte)),
      ).to.throw("expected one in 1..n-1");
    }
  });
});
