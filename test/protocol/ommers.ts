import type { BlockHeader } from "../../src/internal/chain/types.js";

import { expect } from "chai";

import { encodeHeader } from "../../src/internal/chain/header.js";
import { toHash } from "../../src/internal/chain/hex.js";
import { keccakHash } from "../../src/internal/evm/keccak.js";
import {
  type BlockFault,
  InvalidBlockError,
} from "../../src/internal/protocol/errors.js";
import {
  type Ancestor,
  blockRewards,
  validateOmmers,
} from "../../src/internal/protocol/ommers.js";
import { testAddress } from "../helpers/blocks.js";

const ETHER = 10n ** 18n;

function header(fields: Partial<BlockHeader>): BlockHeader {
  const zero = toHash(0n);
  return {
    parentHash: zero,
    sha3Uncles: zero,
    miner: testAddress(1),
    stateRoot: zero,
    transactionsRoot: zero,
    receiptsRoot: zero,
    logsBloom: `0x${"00".repeat(256)}`,
    difficulty: 131_072n,
    number: 0n,
    gasLimit: 5_000n,
    gasUsed: 0n,
    timestamp: 0n,
    extraData: "0x",
    mixHash: zero,
    nonce: "0x0000000000000000",
    baseFeePerGas: undefined,
    withdrawalsRoot: undefined,
    blobGasUsed: undefined,
    excessBlobGas: undefined,
    parentBeaconBlockRoot: undefined,
    requestsHash: undefined,
    blockAccessListHash: undefined,
    slotNumber: undefined,
    ...fields,
  };
}

function child(
  parent: Ancestor | undefined,
  ommers: readonly BlockHeader[] = [],
): Ancestor {
  const own = header({
    number: parent === undefined ? 0n : parent.header.number + 1n,
    ...(parent === undefined ? {} : { parentHash: parent.hash }),
  });
  return {
    header: own,
    hash: keccakHash(encodeHeader(own)),
    ommers,
    parent,
  };
}

/** Ancestors of block 10, from block 9 to the genesis block. */
function line(
  ommersOf: (number: number) => BlockHeader[] = () => [],
): Ancestor[] {
  const blocks = [child(undefined)];
  for (let i = 1; i < 10; i++) blocks.unshift(child(blocks[0], ommersOf(i)));
  return blocks;
}

/** A brother of block `number`. */
function brother(blocks: readonly Ancestor[], number: number): BlockHeader {
  const parent = blocks[9 - (number - 1)];
  return header({
    number: BigInt(number),
    parentHash: parent.hash,
    extraData: "0xb0",
  });
}

function validate(
  ommers: readonly BlockHeader[],
  blocks: readonly Ancestor[],
): bigint[] {
  const parents: bigint[] = [];
  validateOmmers(ommers, blocks[0], (_, { header: { number } }) =>
    parents.push(number),
  );
  return parents;
}

describe("ommers", function () {
  it("are brothers of the six blocks before", function () {
    const blocks = line();
    for (let number = 4; number <= 9; number++) {
      expect(validate([brother(blocks, number)], blocks)).to.deep.equal([
        BigInt(number - 1),
      ]);
    }
    expect(
      validate([brother(blocks, 9), brother(blocks, 4)], blocks),
    ).to.deep.equal([8n, 3n]);
  });

  const wrong: Readonly<
    Record<
      string,
      readonly [BlockFault, (blocks: readonly Ancestor[]) => BlockHeader[]]
    >
  > = {
    "of a block too long ago": [
      "ommer's parent",
      (blocks) => [brother(blocks, 3)],
    ],
    "of the block itself": [
      "ommer's parent",
      (blocks) => [brother(blocks, 10)],
    ],
    "that are ancestors": [
      "ommer is an ancestor",
      (blocks) => [blocks[2].header],
    ],
    "named twice": [
      "ommer was named already",
      (blocks) => [brother(blocks, 8), brother(blocks, 8)],
    ],
    "of nobody": [
      "ommer's parent",
      () => [header({ number: 8n, parentHash: toHash(0xbadn) })],
    ],
    "three at a time": [
      "too many ommers",
      (blocks) => [7, 8, 9].map((i) => brother(blocks, i)),
    ],
  };
  for (const [what, [fault, make]] of Object.entries(wrong)) {
    it(`are refused: ${what}`, function () {
      const blocks = line();
      expect(() => validate(make(blocks), blocks))
        .to.throw(InvalidBlockError)
        .with.property("fault", fault);
    });
  }

  it("are refused when an ancestor has named them", function () {
    const blocks = line();
    const known = brother(blocks, 7);
    const again = line((number) => (number === 9 ? [known] : []));
    expect(() => validate([known], again)).to.throw(
      InvalidBlockError,
      "was named already",
    );
  });

  it("earn the less the older they are, and who names them a 32nd", function () {
    const ommers = [9n, 4n].map((number) =>
      header({ number, miner: testAddress(Number(number)) }),
    );
    const block = header({ number: 10n, miner: testAddress(0) });
    expect(blockRewards(block, ommers, 2n * ETHER)).to.deep.equal([
      [testAddress(9), (2n * ETHER * 7n) / 8n],
      [testAddress(4), (2n * ETHER * 2n) / 8n],
      [testAddress(0), 2n * ETHER + ETHER / 8n],
    ]);
  });
});
