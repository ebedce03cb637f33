import type { StorageLayout } from "../../src/internal/analysis/storage-layout.js";
import type { Hash } from "../../src/internal/chain/types.js";

import { createRequire } from "node:module";

import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";

import {
  Preimages,
  variablesInSlot,
} from "../../src/internal/analysis/slot-names.js";

const ALICE = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

const SOURCE = `
pragma solidity 0.8.28;
contract Vault {
  struct Position { uint128 shares; uint64 opened; address owner; uint256[2] limits; }
  uint112 reserve0;
  uint112 reserve1;
  uint32 last;
  mapping(address => uint256) balanceOf;
  mapping(address => mapping(uint256 => bool)) allowed;
  Position[] positions;
  mapping(string => Position) named;
  uint8[40] packed;
  string title;
  mapping(int24 => int128) ticks;
  mapping(bytes4 => uint64[]) queues;
}`;

const word = (value: bigint | string): Uint8Array =>
  Buffer.from(BigInt(value).toString(16).padStart(64, "0"), "hex");

describe("names of slots", function () {
  this.timeout(60_000);
  let layout: StorageLayout;
  let preimages: Preimages;

  /** keccak256 of the parts, remembered as the executing contract would. */
  function hash(...parts: Uint8Array[]): bigint {
    const preimage = Buffer.concat(parts);
    const digest: Hash = `0x${Buffer.from(keccak_256(preimage)).toString("hex")}`;
    preimages.add(digest, preimage);
    return BigInt(digest);
  }

  const paths = (slot: bigint): string[] =>
    variablesInSlot(layout, preimages, slot).map(({ path }) => path);

  before(() => {
    const solc = createRequire(import.meta.url)("solc-0.8.28");
    const output = JSON.parse(
      solc.compile(
        JSON.stringify({
          language: "Solidity",
          sources: { "Vault.sol": { content: SOURCE } },
          settings: {
            outputSelection: { "*": { "*": ["storageLayout"] } },
          },
        }),
      ),
    );
    layout = output.contracts["Vault.sol"].Vault.storageLayout;
  });

  beforeEach(() => {
    preimages = new Preimages();
  });

  it("names every variable that shares a slot, with its bytes", () => {
    expect(variablesInSlot(layout, preimages, 0n)).to.deep.equal([
      { path: "reserve0", type: "uint112", offset: 0, bytes: 14 },
      { path: "reserve1", type: "uint112", offset: 14, bytes: 14 },
      { path: "last", type: "uint32", offset: 28, bytes: 4 },
    ]);
  });

  it("names values of mappings and of mappings of mappings", () => {
    const inner = hash(word(ALICE), word(2n));
    expect(paths(hash(word(ALICE), word(1n)))).to.deep.equal([
      `balanceOf[${ALICE}]`,
    ]);
    expect(paths(hash(word(7n), word(inner)))).to.deep.equal([
      `allowed[${ALICE}][7]`,
    ]);
  });

  it("names an array's length and its elements' members", () => {
    const start = hash(word(3n));
    expect(paths(3n)).to.deep.equal(["positions.length"]);
    // A position takes four slots: two values, an address, two limits.
    expect(paths(start)).to.deep.equal([
      "positions[0].shares",
      "positions[0].opened",
    ]);
    expect(paths(start + 4n * 5n + 3n)).to.deep.equal([
      "positions[5].limits[1]",
    ]);
  });

  it("names values under keys that are strings, numbers below zero, short bytes", () => {
    const position = hash(Buffer.from("main pool"), word(4n));
    expect(paths(position + 1n)).to.deep.equal(['named["main pool"].owner']);
    const tick = hash(word(BigInt.asUintN(256, -60n)), word(8n));
    expect(paths(tick)).to.deep.equal(["ticks[-60]"]);
    const key = Buffer.from("a9059cbb".padEnd(64, "0"), "hex");
    const queue = hash(key, word(9n));
    expect(paths(queue)).to.deep.equal(["queues[0xa9059cbb].length"]);
    expect(paths(hash(word(queue)) + 1n)).to.deep.equal([
      "queues[0xa9059cbb][4]",
      "queues[0xa9059cbb][5]",
      "queues[0xa9059cbb][6]",
      "queues[0xa9059cbb][7]",
    ]);
  });

  it("names packed elements, and none past the end", () => {
    expect(paths(5n)).to.have.length(32);
    expect(paths(6n)).to.deep.equal(
      [32, 33, 34, 35, 36, 37, 38, 39].map((i) => `packed[${i}]`),
    );
  });

  it("names the data of a long string", () => {
    expect(paths(hash(word(7n)) + 2n)).to.deep.equal(["title"]);
  });

  it("names nothing it does not know", () => {
    expect(paths(hash(Buffer.from("eip1967.something")))).to.deep.equal([]);
    expect(paths(2n ** 200n)).to.deep.equal([]);
    expect(paths(hash(word(ALICE), word(99n)))).to.deep.equal([]);
  });
});
