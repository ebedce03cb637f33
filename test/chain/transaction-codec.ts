import type { UnsignedTransaction } from "../../src/internal/chain/transaction-codec.js";
import type {
  AccessListEntry,
  Address,
  Hash,
} from "../../src/internal/chain/types.js";

import { expect } from "chai";
import fc from "fast-check";

import { ChainError, INVALID_PARAMS } from "../../src/internal/chain/errors.js";
import { fromHex, toHex } from "../../src/internal/chain/hex.js";
import {
  fakeSignTransaction,
  recoverAuthority,
  signTransaction,
} from "../../src/internal/chain/transaction-codec.js";
import { decodeTransaction } from "../../src/internal/chain/transaction-decoder.js";
import { ALICE, BOB, PRIVATE_KEYS } from "./helpers/chain.js";

const NO_FIELDS = {
  gasPrice: undefined,
  maxFeePerGas: undefined,
  maxPriorityFeePerGas: undefined,
  maxFeePerBlobGas: undefined,
  blobVersionedHashes: undefined,
  accessList: undefined,
  authorizationList: undefined,
};
const TO: Address = "0x1111111111111111111111111111111111111111";
const PLAIN = {
  ...NO_FIELDS,
  chainId: 31_337n,
  nonce: 3n,
  gasLimit: 100_000n,
  to: TO,
  value: 5n,
  data: Uint8Array.of(1, 2, 3),
} as const;
const IMPERSONATED: Address = "0x0000000000000000000000000000000000990001";
/** Signed by Bob. */
const AUTHORIZATION = {
  chainId: 31_337n,
  address: "0x3333333333333333333333333333333333333333",
  nonce: 7n,
  yParity: 0,
  r: 0x7ff44d68a66a6bec53150aa347e3f57f02ddf5ab6c8e26292b3166fbfb93101an,
  s: 0x2330b795e46d7999b3dcac20bb6732385efaffb2db0c6f7e3ae08b594ad7719an,
} as const;
const KEY = fromHex(PRIVATE_KEYS[0]);

const hex = (size: number): fc.Arbitrary<`0x${string}`> =>
  fc.uint8Array({ minLength: size, maxLength: size }).map(toHex);
const uint = (bits: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** bits - 1n }),
    fc.bigInt({ min: 0n, max: 200n }),
  );
const accessList = fc.array(
  fc.record({
    address: hex(20),
    storageKeys: fc.array(hex(32), { maxLength: 3 }),
  }),
  { maxLength: 3 },
);
const authorization = fc.record({
  chainId: uint(256n),
  address: hex(20),
  nonce: uint(64n),
  yParity: fc.nat(1),
  r: uint(256n),
  s: uint(256n),
});
const common = {
  chainId: uint(64n),
  nonce: uint(64n),
  gasLimit: uint(64n),
  to: hex(20),
  value: uint(256n),
  data: fc.uint8Array({ maxLength: 200 }),
};
const dynamic = { maxFeePerGas: uint(128n), maxPriorityFeePerGas: uint(128n) };

const transaction: fc.Arbitrary<UnsignedTransaction> = fc
  .oneof(
    fc.record({
      ...common,
      type: fc.constant(0 as const),
      chainId: fc.option(uint(60n), { nil: undefined }),
      to: fc.option(hex(20), { nil: undefined }),
      gasPrice: uint(128n),
    }),
    fc.record({
      ...common,
      type: fc.constant(1 as const),
      to: fc.option(hex(20), { nil: undefined }),
      gasPrice: uint(128n),
      accessList,
    }),
    fc.record({
      ...common,
      ...dynamic,
      type: fc.constant(2 as const),
      to: fc.option(hex(20), { nil: undefined }),
      accessList,
    }),
    fc.record({
      ...common,
      ...dynamic,
      type: fc.constant(4 as const),
      accessList,
      authorizationList: fc.array(authorization, { maxLength: 3 }),
    }),
  )
  .map((fields) => ({ ...NO_FIELDS, ...fields }));

describe("Transaction codec", function () {
  it("reads back what it writes, sender included", function () {
    fc.assert(
      fc.property(transaction, (unsigned) => {
        const signed = signTransaction(unsigned, ALICE, KEY);
        expect(decodeTransaction(signed.encoded)).to.deep.equal(signed);
      }),
    );
  });

  // Hashes of Hardhat's network for the same requests.
  const ACCESS_LIST: readonly AccessListEntry[] = [
    {
      address: "0x2222222222222222222222222222222222222222",
      storageKeys: [`0x${"05".padStart(64, "0")}`, `0x${"ff".repeat(32)}`],
    },
  ];
  const FEES = {
    maxFeePerGas: 2_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
  };
  const known: [string, UnsignedTransaction, Hash, Hash][] = [
    [
      "legacy",
      { ...PLAIN, type: 0, gasPrice: 2_000_000_000n },
      "0x0e0289062258e6e4cf94b9c974605cae43b6585af3f56b550f975e7c25d408f7",
      "0x099dd65a5a81f0bcb11953486c4ffa19361e1aaa469e1ae9873462ee00455eda",
    ],
    [
      "access list",
      { ...PLAIN, type: 1, gasPrice: 2_000_000_000n, accessList: ACCESS_LIST },
      "0x5451a6a7e96af4b2a5402dce00776a5afb503b991730c9ca185858af32f19887",
      "0x629d8d43d7fc9af01a8f4906ea63ed4fe51bb3270a696a28d372b602d177bd22",
    ],
    [
      "dynamic fee",
      { ...PLAIN, ...FEES, type: 2, accessList: ACCESS_LIST },
      "0x1dc7cdc56663cf1cb110a34dacc8d506c2bd00457de43ad0c0c85f3196a30b2e",
      "0xbdd70d2bd05bf26103277ed0831bcbbb7a72e68b20d2fb68820e56f6450f7be5",
    ],
    [
      "set code",
      {
        ...PLAIN,
        ...FEES,
        type: 4,
        accessList: [],
        authorizationList: [AUTHORIZATION],
      },
      "0xfbd7b5a067bb6446a908d9ac1ad9f8c323410d80b78131af67d303cbc2b0b488",
      "0x0225a4d032d777b4c378eae3168994ff419c49afdcaca6e6958ada94561e447c",
    ],
  ];
  for (const [name, unsigned, real, fake] of known) {
    it(`gives ${name} transactions Hardhat's hashes`, function () {
      expect(signTransaction(unsigned, ALICE, KEY).hash).to.equal(real);
      expect(fakeSignTransaction(unsigned, IMPERSONATED).hash).to.equal(fake);
    });
  }

  it("shows an impersonated sender's address in the signature", function () {
    const legacy = fakeSignTransaction(
      { ...PLAIN, type: 0, gasPrice: 1n },
      IMPERSONATED,
    );
    expect([legacy.r, legacy.s, legacy.v]).to.deep.equal([
      0x990001n,
      0x990001n,
      0xf4f5n,
    ]);
    const typed = fakeSignTransaction(
      { ...PLAIN, ...FEES, type: 2, accessList: [] },
      IMPERSONATED,
    );
    expect([typed.r, typed.s, typed.v]).to.deep.equal([
      0x990001n,
      0x990001n,
      28n,
    ]);
  });

  it("recovers who signed an authorization", function () {
    const authority = recoverAuthority(AUTHORIZATION);
    expect(authority.authority).to.equal(BOB);
    expect(recoverAuthority({ ...authority, yParity: 2 }).authority).to.equal(
      undefined,
    );
    expect(recoverAuthority({ ...authority, r: 0n }).authority).to.equal(
      undefined,
    );
  });

  it("ignores bytes after the transaction, as Hardhat does", function () {
    const signed = signTransaction(
      { ...PLAIN, type: 0, gasPrice: 1n },
      ALICE,
      KEY,
    );
    const longer = Uint8Array.of(...signed.encoded, 1, 2, 3);
    expect(decodeTransaction(longer)).to.deep.equal(signed);
  });

  it("refuses the high half of s", function () {
    const signed = signTransaction(
      { ...PLAIN, type: 0, gasPrice: 1n },
      ALICE,
      KEY,
    );
    const order =
      0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const flipped = toHex(signed.encoded).replace(
      signed.s.toString(16).padStart(64, "0"),
      (order - signed.s).toString(16).padStart(64, "0"),
    );
    expect(flipped).not.to.equal(toHex(signed.encoded));
    expect(() => decodeTransaction(fromHex(flipped))).to.throw(
      ChainError,
      "Invalid Signature",
    );
  });

  for (const [raw, message] of [
    ["0x", "input too short"],
    ["0x02", "input too short"],
    ["0x12c0", "Invalid transaction type 18."],
    ["0x80", "Invalid transaction type 128."],
    ["0xc0", "input too short"],
    ["0x02c8808080808080", "input too short"],
  ]) {
    it(`refuses ${raw}: ${message}`, function () {
      expect(() => decodeTransaction(fromHex(raw)))
        .to.throw(ChainError, message)
        .with.property("code", INVALID_PARAMS);
    });
  }
});
