import { createHash } from "node:crypto";

import { p256 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import fc from "fast-check";

import {
  bytes,
  callPrecompile,
  expectPrice,
  hex,
  OSAKA,
} from "./helpers/precompile.js";

const OUT_OF_GAS = 0x24;
const ERROR = 0x33;
const FRONTIER = 0;
const BYZANTIUM = 4;
const PETERSBURG = 6;
const ISTANBUL = 7;
const LONDON = 10;
const PRAGUE = 16;

const FORKS = Array.from({ length: 18 }, (_, fork) => fork);

describe("precompiles", () => {
  it("are at the addresses of their fork, and nowhere else", () => {
    const lastOf = (fork: number): number =>
      fork >= 16
        ? 0x11
        : fork >= 15
          ? 10
          : fork >= ISTANBUL
            ? 9
            : fork >= BYZANTIUM
              ? 8
              : 4;
    for (const fork of FORKS) {
      for (const id of [
        0, 1, 4, 5, 8, 9, 10, 11, 0x11, 0x12, 0xff, 0x100, 0x101,
      ]) {
        // Too little gas for any of them; an account without code takes none.
        const { status } = callPrecompile(id, new Uint8Array(0), fork, 1n);
        const isThere =
          (id >= 1 && id <= lastOf(fork)) || (id === 0x100 && fork >= OSAKA);
        expect(status !== 0, `${id} on fork ${fork}`).to.equal(isThere);
      }
    }
  });

  describe("ecrecover", () => {
    const digest = keccak_256(Buffer.from("hello"));
    const secret = keccak_256(Buffer.from("secret"));
    const address = Buffer.from(
      keccak_256(secp256k1.getPublicKey(secret, false).slice(1)).slice(12),
    ).toString("hex");
    const signed = secp256k1.sign(digest, secret, {
      prehash: false,
      format: "recovered",
    });
    const v = BigInt(27 + signed[0]);
    const rs = signed.slice(1);

    it("recovers the signer, and costs 3000", () => {
      const input = bytes(digest, hex(v), rs);
      expect(callPrecompile(1, input).output).to.equal(
        address.padStart(64, "0"),
      );
      expectPrice(1, input, LONDON, 3000n);
    });

    it("recovers what any signature stands for, as an independent library does", () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 32, maxLength: 32 }),
          fc.uint8Array({ minLength: 32, maxLength: 32 }),
          fc.uint8Array({ minLength: 32, maxLength: 32 }),
          fc.constantFrom(0, 1),
          (hash, r, s, recovery) => {
            let expected = "";
            try {
              const signature = Uint8Array.from([recovery, ...r, ...s]);
              const key = secp256k1.Signature.fromBytes(signature, "recovered")
                .recoverPublicKey(hash)
                .toBytes(false);
              expected = Buffer.from(keccak_256(key.slice(1)).slice(12))
                .toString("hex")
                .padStart(64, "0");
            } catch {
              // No point has this x.
            }
            const { ok, output } = callPrecompile(
              1,
              bytes(hash, hex(BigInt(27 + recovery)), r, s),
            );
            expect(ok).to.equal(true);
            expect(output).to.equal(expected);
          },
        ),
        { numRuns: 40 },
      );
    });

    it("gives nothing for a signature that cannot be, without failing", () => {
      const order = secp256k1.Point.Fn.ORDER;
      const r = BigInt(`0x${Buffer.from(rs.slice(0, 32)).toString("hex")}`);
      const s = BigInt(`0x${Buffer.from(rs.slice(32)).toString("hex")}`);
      const bad: readonly (readonly [bigint, bigint, bigint])[] = [
        [26n, r, s],
        [29n, r, s],
        [0n, r, s],
        [1n, r, s],
        [v + (1n << 64n), r, s],
        [v, 0n, s],
        [v, r, 0n],
        [v, order, s],
        [v, r, order],
        [v, (1n << 256n) - 1n, s],
      ];
      for (const [a, b, c] of bad) {
        const outcome = callPrecompile(
          1,
          bytes(digest, hex(a), hex(b), hex(c)),
        );
        expect(outcome).to.include({ ok: true, output: "" });
      }
      expect(callPrecompile(1, new Uint8Array(0))).to.include({
        ok: true,
        output: "",
      });
    });

    it("accepts the other half of s, and ignores what follows the input", () => {
      const order = secp256k1.Point.Fn.ORDER;
      const s = BigInt(`0x${Buffer.from(rs.slice(32)).toString("hex")}`);
      const input = bytes(
        digest,
        hex(55n - v),
        rs.slice(0, 32),
        hex(order - s),
        "ffff",
      );
      expect(callPrecompile(1, input).output).to.equal(
        address.padStart(64, "0"),
      );
    });
  });

  describe("hashes and identity", () => {
    const anyData = fc.uint8Array({ maxLength: 300 });

    it("SHA-256 equals node:crypto at every length, and costs 60 and 12 a word", () => {
      for (let length = 0; length <= 200; length++) {
        const data = Buffer.alloc(length, length ^ 0x5a);
        const expected = createHash("sha256").update(data).digest("hex");
        expect(callPrecompile(2, data).output, `${length}`).to.equal(expected);
      }
      const long = Buffer.alloc(70_000, 7);
      expect(callPrecompile(2, long).output).to.equal(
        createHash("sha256").update(long).digest("hex"),
      );
      expectPrice(2, Buffer.alloc(33, 1), LONDON, 84n);
    });

    it("RIPEMD-160 equals node:crypto, and costs 600 and 120 a word", () => {
      fc.assert(
        fc.property(anyData, (data) => {
          const expected = createHash("ripemd160").update(data).digest("hex");
          expect(callPrecompile(3, data).output).to.equal(
            expected.padStart(64, "0"),
          );
        }),
        { numRuns: 30 },
      );
      expectPrice(3, Buffer.alloc(33, 1), LONDON, 840n);
    });

    it("identity gives the input, and costs 15 and 3 a word", () => {
      fc.assert(
        fc.property(anyData, (data) => {
          expect(callPrecompile(4, data).output).to.equal(
            Buffer.from(data).toString("hex"),
          );
        }),
        { numRuns: 30 },
      );
      expectPrice(4, Buffer.alloc(33, 1), LONDON, 21n);
    });
  });

  describe("BLAKE2F", () => {
    // EIP-152's test vectors 4 to 7 share all but the rounds and the flag.
    const state =
      "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5" +
      "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b";
    const message = Buffer.from("616263".padEnd(256, "0"), "hex");
    const input = (rounds: number, flag: string): Uint8Array =>
      bytes(hex(BigInt(rounds), 4), state, message, "03".padEnd(32, "0"), flag);

    it("equals EIP-152's examples", () => {
      const table: readonly (readonly [number, string, string])[] = [
        [
          0,
          "01",
          "08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b",
        ],
        [
          12,
          "01",
          "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        ],
        [
          12,
          "00",
          "75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d2875298743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735",
        ],
        [
          1,
          "01",
          "b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fba551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421",
        ],
      ];
      for (const [rounds, flag, expected] of table) {
        expect(callPrecompile(9, input(rounds, flag)).output).to.equal(
          expected,
        );
      }
    });

    it("costs one a round, and fails for another length or flag", () => {
      expectPrice(9, input(1200, "01"), LONDON, 1200n);
      expect(
        callPrecompile(9, input(1200, "01"), LONDON, 1199n).status,
      ).to.equal(OUT_OF_GAS);
      expect(callPrecompile(9, input(1, "02")).status).to.equal(ERROR);
      expect(callPrecompile(9, input(1, "01").subarray(1)).status).to.equal(
        ERROR,
      );
      expect(callPrecompile(9, bytes(input(1, "01"), "00")).status).to.equal(
        ERROR,
      );
    });
  });

  describe("P256VERIFY", () => {
    const secret = keccak_256(Buffer.from("p256"));
    const key = p256.getPublicKey(secret, false).slice(1);
    const digest = keccak_256(Buffer.from("message"));
    const signature = p256.sign(digest, secret, {
      prehash: false,
      lowS: false,
    });
    const good = bytes(digest, signature, key);
    const one = hex(1n);

    it("is 1 for a good signature, and costs 6900", () => {
      expect(callPrecompile(0x100, good)).to.include({ ok: true, output: one });
      expectPrice(0x100, good, OSAKA, 6900n);
      const order = p256.Point.Fn.ORDER;
      const s = BigInt(`0x${Buffer.from(signature.slice(32)).toString("hex")}`);
      const other = bytes(digest, signature.slice(0, 32), hex(order - s), key);
      expect(callPrecompile(0x100, other).output).to.equal(one);
    });

    it("is nothing for anything else, without failing", () => {
      for (let at = 0; at < good.length; at += 7) {
        const changed = Uint8Array.from(good);
        changed[at] ^= 1;
        expect(callPrecompile(0x100, changed), `${at}`).to.include({
          ok: true,
          output: "",
        });
      }
      const zeros = bytes(digest, signature, Buffer.alloc(64));
      for (const input of [
        zeros,
        good.subarray(1),
        bytes(good, "00"),
        new Uint8Array(0),
      ]) {
        expect(callPrecompile(0x100, input)).to.include({
          ok: true,
          output: "",
        });
      }
    });

    it("equals an independent library for random keys and digests", () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 32, maxLength: 32 }),
          fc.uint8Array({ minLength: 32, maxLength: 32 }),
          (seed, hash) => {
            const sk = keccak_256(seed);
            const pk = p256.getPublicKey(sk, false).slice(1);
            const sig = p256.sign(hash, sk, { prehash: false, lowS: false });
            expect(callPrecompile(0x100, bytes(hash, sig, pk)).output).to.equal(
              one,
            );
            expect(callPrecompile(0x100, bytes(seed, sig, pk)).output).to.equal(
              "",
            );
          },
        ),
        { numRuns: 15 },
      );
    });
  });

  it("prices of the pairing curves follow EIP-1108", () => {
    expectPrice(6, new Uint8Array(0), BYZANTIUM, 500n);
    expectPrice(6, new Uint8Array(0), ISTANBUL, 150n);
    expectPrice(7, new Uint8Array(0), PETERSBURG, 40_000n);
    expectPrice(7, new Uint8Array(0), ISTANBUL, 6000n);
    expectPrice(8, Buffer.alloc(384), PETERSBURG, 260_000n);
    expectPrice(8, Buffer.alloc(384), ISTANBUL, 113_000n);
    expect(callPrecompile(8, new Uint8Array(0), FRONTIER).status).to.equal(0);
    expect(callPrecompile(8, new Uint8Array(0), PRAGUE).output).to.equal(
      hex(1n),
    );
  });
});
