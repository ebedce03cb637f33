import type { Hash } from "../../src/internal/chain/types.js";

import { RLP } from "@ethereumjs/rlp";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";

import {
  verifyBlobSidecar,
  versionedHash,
} from "../../src/internal/chain/blob-sidecar.js";
import { ChainError } from "../../src/internal/chain/errors.js";
import { fromHex, toHex } from "../../src/internal/chain/hex.js";
import { signHash } from "../../src/internal/chain/signatures.js";
import { signingHash } from "../../src/internal/chain/transaction-codec.js";
import {
  addressOf,
  ALICE,
  BOB,
  PRIVATE_KEYS,
  request,
  testChain,
} from "./helpers/chain.js";

const GWEI = 10n ** 9n;
const INFINITY = Uint8Array.of(0xc0, ...new Uint8Array(47));

/** Blobs of constant polynomials: the commitment is the constant times the generator, the proof is nothing. */
function sidecarOf(constants: readonly bigint[]): {
  blobs: Uint8Array[];
  commitments: Uint8Array[];
  proofs: Uint8Array[];
} {
  return {
    blobs: constants.map((constant) => {
      const element = fromHex(`0x${constant.toString(16).padStart(64, "0")}`);
      const blob = new Uint8Array(131_072);
      for (let i = 0; i < 4_096; i++) {
        blob.set(element, 32 * i);
      }
      return blob;
    }),
    commitments: constants.map((constant) =>
      constant === 0n
        ? INFINITY
        : bls12_381.G1.Point.BASE.multiply(constant).toBytes(true),
    ),
    proofs: constants.map(() => INFINITY),
  };
}

interface BlobFields {
  readonly nonce?: bigint;
  readonly maxFeePerGas?: bigint;
  readonly maxFeePerBlobGas?: bigint;
}

function blobTransaction(
  constants: readonly bigint[],
  {
    nonce = 0n,
    maxFeePerGas = 10n * GWEI,
    maxFeePerBlobGas = 100n,
  }: BlobFields = {},
): Uint8Array {
  const { blobs, commitments, proofs } = sidecarOf(constants);
  const hashes = commitments.map(versionedHash);
  const to = addressOf(0x1111);
  const { r, s, yParity } = signHash(
    signingHash({
      type: 3,
      chainId: 31_337n,
      nonce,
      gasLimit: 100_000n,
      to,
      value: 0n,
      data: new Uint8Array(0),
      gasPrice: undefined,
      maxFeePerGas,
      maxPriorityFeePerGas: GWEI < maxFeePerGas ? GWEI : maxFeePerGas,
      maxFeePerBlobGas,
      blobVersionedHashes: hashes,
      accessList: [],
      authorizationList: undefined,
    }),
    fromHex(PRIVATE_KEYS[0]),
    ALICE,
  );
  const payload = [
    31_337n,
    nonce,
    GWEI < maxFeePerGas ? GWEI : maxFeePerGas,
    maxFeePerGas,
    100_000n,
    fromHex(to),
    0n,
    new Uint8Array(0),
    [],
    maxFeePerBlobGas,
    hashes.map(fromHex),
    yParity,
    r,
    s,
  ];
  const body = RLP.encode([payload, blobs, commitments, proofs]);
  const raw = new Uint8Array(body.length + 1);
  raw[0] = 3;
  raw.set(body, 1);
  return raw;
}

describe("Blob transactions", function () {
  this.timeout(60_000);

  it("are mined, and move the price of blobs as Hardhat's do", function () {
    const chain = testChain();
    const send = (
      constants: bigint[],
      nonce: bigint,
    ): (bigint | undefined)[] => {
      const { mined } = chain.sendRawTransaction(
        blobTransaction(constants, { nonce }),
      );
      const { header } = mined[0].block;
      return [header.blobGasUsed, header.excessBlobGas];
    };
    // Recorded from Hardhat's network; the last one is held up by EIP-7918.
    expect(send([0n, 5n], 0n)).to.deep.equal([0x40000n, 0n]);
    expect(send([1n, 2n, 3n, 4n, 5n, 6n], 1n)).to.deep.equal([0xc0000n, 0n]);
    expect(send([1n, 2n, 3n, 4n, 5n, 6n, 7n], 2n)).to.deep.equal([
      0xe0000n,
      0x40000n,
    ]);
    expect(send([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n], 3n)).to.deep.equal([
      0x120000n,
      0x8aaaan,
    ]);
    const [transaction] = chain.latest.transactions;
    expect(transaction.from).to.equal(ALICE);
    expect(transaction.blobVersionedHashes).to.have.length(9);
  });

  const refused: [string, () => Uint8Array, string][] = [
    [
      "with a blob fee below the price",
      () => blobTransaction([1n], { maxFeePerBlobGas: 0n }),
      "Transaction maxFeePerBlobGas (0) is too low for the next block, which has a baseFeePerBlobGas of 1",
    ],
    [
      "with the wrong nonce",
      () => blobTransaction([1n], { nonce: 5n }),
      "Nonce too high. Expected nonce to be 0 but got 5. Note that transactions can't be queued when automining.",
    ],
    [
      "with too many blobs",
      () => blobTransaction(Array.from({ length: 10 }, (_, i) => BigInt(i))),
      "Transaction has higher blob gas usage than is remaining in block",
    ],
    ["without blobs", () => blobTransaction([]), "empty blobs"],
    [
      "with a fee below the base fee",
      () => blobTransaction([1n], { maxFeePerGas: 1n }),
      "gas price is less than basefee",
    ],
  ];
  for (const [name, make, message] of refused) {
    it(`are refused ${name}`, function () {
      const chain = testChain();
      expect(() => chain.sendRawTransaction(make())).to.throw(
        ChainError,
        message,
      );
      expect(chain.latestNumber).to.equal(0n);
      expect(chain.nonce(ALICE)).to.equal(0n);
      // The chain goes on as if nothing had happened.
      expect(
        chain.sendRawTransaction(blobTransaction([1n])).own?.result.status,
      ).to.equal(0);
    });
  }

  it("are refused when the sidecar does not belong to them", function () {
    const raw = blobTransaction([1n, 2n]);
    const at = toHex(raw).indexOf("00".repeat(31) + "01") / 2 - 1 + 31;
    raw[at] ^= 2;
    expect(() => testChain().sendRawTransaction(raw))
      .to.throw(ChainError, "Failed to RLP decode Eip4844PooledTransaction.")
      .with.property("code", -32602);
  });

  it("are neither queued nor taken in requests", function () {
    const chain = testChain({ automine: false });
    expect(() => chain.sendRawTransaction(blobTransaction([1n]))).to.throw(
      ChainError,
      "issues/5024",
    );
    expect(() =>
      chain.sendTransaction(request({ from: BOB, to: BOB, type: 3n })),
    ).to.throw(ChainError, "issues/5023");
  });
});

describe("Blob sidecars", function () {
  it("are wrong with another commitment, proof, blob or hash", function () {
    const sidecar = sidecarOf([3n]);
    const other = sidecarOf([4n]);
    const hashes: Hash[] = sidecar.commitments.map(versionedHash);
    expect(verifyBlobSidecar(hashes, sidecar)).to.equal(true);
    expect(
      verifyBlobSidecar(hashes, { ...sidecar, blobs: other.blobs }),
    ).to.equal(false);
    expect(
      verifyBlobSidecar(hashes, { ...sidecar, proofs: other.commitments }),
    ).to.equal(false);
    expect(
      verifyBlobSidecar(hashes, { ...sidecar, commitments: other.commitments }),
    ).to.equal(false);
    expect(
      verifyBlobSidecar(other.commitments.map(versionedHash), sidecar),
    ).to.equal(false);
    expect(verifyBlobSidecar([], sidecar)).to.equal(false);
    // Elements are numbers below the order of the field.
    const tooBig = sidecar.blobs[0].slice();
    tooBig.fill(0xff, 0, 32);
    expect(verifyBlobSidecar(hashes, { ...sidecar, blobs: [tooBig] })).to.equal(
      false,
    );
  });
});
