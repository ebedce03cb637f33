import type { Address, Hash } from "../../src/internal/chain/types.js";

import { RLP } from "@ethereumjs/rlp";
import { bytesToHex } from "@ethereumjs/util";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { verifyProof } from "./helpers/verify-proof.js";

const EMPTY_ROOT: Hash =
  "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

const address = (value: number): Address =>
  `0x${value.toString(16).padStart(40, "0")}`;
const word = (value: bigint | number): Hash =>
  `0x${value.toString(16).padStart(64, "0")}`;
const path = (hex: string): Uint8Array =>
  keccak_256(Buffer.from(hex.slice(2), "hex"));

const toNumber = (bytes: Uint8Array): bigint =>
  bytes.length === 0 ? 0n : BigInt(bytesToHex(bytes));

describe("proofs", () => {
  it("show what is in the state and what is not, at every epoch", () => {
    const state = getEngine().createState();
    const epochs: { epoch: number; root: Hash }[] = [];
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 60; i++) {
        state.setBalance(address(round * 40 + i), BigInt(i) ** 9n);
        state.setSlot(
          address(i % 5),
          word(round * 30 + i),
          word(i % 7 === 0 ? 0 : i * (round + 1)),
        );
      }
      epochs.push({ epoch: state.epoch, root: state.root() });
      state.nextEpoch();
    }
    for (const { epoch, root } of epochs.reverse()) {
      for (let i = 0; i < 700; i += 7) {
        const keys = i < 21 ? [word(i), word(i + 1), word(2 ** 40)] : [];
        const proof = state.proof(address(i), keys, epoch);
        const account = state.account(address(i), epoch);
        const value = verifyProof(root, path(address(i)), proof.accountProof);
        expect(value === undefined).to.equal(!account.exists);
        if (value !== undefined) {
          const [nonce, balance, storageRoot, codeHash] = RLP.decode(
            value,
          ) as Uint8Array[];
          expect(toNumber(nonce)).to.equal(account.nonce);
          expect(toNumber(balance)).to.equal(account.balance);
          expect(bytesToHex(storageRoot)).to.equal(proof.storageHash);
          expect(bytesToHex(codeHash)).to.equal(account.codeHash);
        }
        for (const { key, value: slot, proof: nodes } of proof.storageProof) {
          expect(slot).to.equal(state.slot(address(i), key, epoch));
          const proven = verifyProof(proof.storageHash, path(key), nodes);
          expect(
            proven === undefined
              ? 0n
              : toNumber(RLP.decode(proven) as Uint8Array),
          ).to.equal(BigInt(slot));
        }
      }
    }
    state.close();
  });

  it("are empty in an empty state, and for an account without storage", () => {
    const state = getEngine().createState();
    const nothing = state.proof(address(1), [word(0)]);
    expect(nothing.accountProof).to.deep.equal([]);
    expect(nothing.storageHash).to.equal(EMPTY_ROOT);
    expect(nothing.storageProof).to.deep.equal([
      { key: word(0), value: word(0), proof: [] },
    ]);
    state.setNonce(address(1), 1n);
    const single = state.proof(address(1), [word(0)]);
    expect(single.accountProof).to.have.lengthOf(1);
    expect(single.storageHash).to.equal(EMPTY_ROOT);
    expect(single.storageProof[0].proof).to.deep.equal([]);
    state.close();
  });

  it("may be longer than the scratch", () => {
    const state = getEngine().createState();
    const keys = Array.from({ length: 3000 }, (_, i) => word(i));
    for (const key of keys) state.setSlot(address(9), key, word(7));
    const proof = state.proof(address(9), keys);
    expect(proof.storageProof).to.have.lengthOf(3000);
    for (const { key, proof: nodes } of proof.storageProof) {
      const value = verifyProof(proof.storageHash, path(key), nodes);
      expect(value).to.deep.equal(Uint8Array.of(7));
    }
    state.close();
  });
});
