/** Fixtures whose blocks come as `engine_newPayload` brings them. */
import { Hardfork } from "@ethereumjs/common";
import { expect } from "chai";

import { toHex } from "../../src/internal/chain/hex.js";
import {
  decodeBlock,
  decodeGenesisHeader,
} from "../../src/internal/protocol/block-codec.js";
import {
  EthereumjsChain,
  FUNDS,
  plainAccount,
  SENDERS,
} from "../protocol/helpers/ethereumjs-chain.js";
import { engineCases } from "./helpers/engine-case.js";
import { SEQUENTIAL } from "./helpers/ways.js";

const quantity = (value: bigint | undefined): string =>
  `0x${(value ?? 0n).toString(16)}`;

/** A block of one transfer and a withdrawal, in the form of a fixture with `changes` to the request. */
async function run(
  changes: {
    readonly payload?: object;
    readonly rest?: readonly unknown[];
    readonly blobs?: readonly string[];
    readonly validationError?: string;
  } = {},
): Promise<string | undefined> {
  const genesis = new Map(SENDERS.map((at) => [at, plainAccount(FUNDS)]));
  const producer = await EthereumjsChain.create(Hardfork.Cancun, genesis);
  const { genesisRlp } = producer;
  const rlp = await producer.build({
    requests: [{ sender: 0, to: SENDERS[1], value: 5n }],
    withdrawals: [{ address: SENDERS[2], amount: 6n }],
  });
  const { header, hash, transactions } = decodeBlock(rlp);
  const payload = {
    parentHash: header.parentHash,
    feeRecipient: header.miner,
    stateRoot: header.stateRoot,
    receiptsRoot: header.receiptsRoot,
    logsBloom: header.logsBloom,
    blockNumber: quantity(header.number),
    gasLimit: quantity(header.gasLimit),
    gasUsed: quantity(header.gasUsed),
    timestamp: quantity(header.timestamp),
    extraData: header.extraData,
    prevRandao: header.mixHash,
    baseFeePerGas: quantity(header.baseFeePerGas),
    blobGasUsed: quantity(header.blobGasUsed),
    excessBlobGas: quantity(header.excessBlobGas),
    blockHash: hash,
    transactions: transactions.map(({ encoded }) => toHex(encoded)),
    withdrawals: [
      {
        index: "0x0",
        validatorIndex: "0x0",
        address: SENDERS[2],
        amount: "0x6",
      },
    ],
    ...changes.payload,
  };
  const { validationError } = changes;
  const fixture = {
    network: "Cancun",
    pre: Object.fromEntries(
      SENDERS.map((at) => [
        at,
        { balance: quantity(FUNDS), nonce: "0x0", code: "0x", storage: {} },
      ]),
    ),
    genesisRLP: toHex(genesisRlp),
    lastblockhash: validationError === undefined ? hash : header.parentHash,
    engineNewPayloads: [
      {
        params: [
          payload,
          ...(changes.rest ?? [
            changes.blobs ?? [],
            header.parentBeaconBlockRoot,
          ]),
        ],
        ...(validationError === undefined ? {} : { validationError }),
      },
    ],
  };
  expect(decodeGenesisHeader(genesisRlp).number).to.equal(0n);
  const [testCase] = engineCases("test", fixture, "test.json");
  return testCase.run(SEQUENTIAL);
}

describe("engine fixtures", function () {
  it("pass with the block that they describe", async function () {
    expect(await run()).to.equal(undefined);
  });

  const HASH = "BlockException.INVALID_BLOCK_HASH";
  const BLOBS = "BlockException.INVALID_VERSIONED_HASHES";
  const wrong: Readonly<
    Record<string, Parameters<typeof run>[0] & { validationError: string }>
  > = {
    "another hash": {
      payload: { blockHash: `0x${"12".repeat(32)}` },
      validationError: HASH,
    },
    "another state root": {
      payload: { stateRoot: `0x${"12".repeat(32)}` },
      validationError: HASH,
    },
    "no transaction": { payload: { transactions: [] }, validationError: HASH },
    "blobs that are not there": {
      blobs: [`0x01${"12".repeat(31)}`],
      validationError: BLOBS,
    },
    "another beacon root": {
      rest: [[], `0x${"12".repeat(32)}`],
      validationError: HASH,
    },
    "no number": {
      payload: { blockNumber: undefined },
      validationError: "-32602",
    },
  };
  for (const [what, changes] of Object.entries(wrong)) {
    it(`are refused with ${what}, and pass if that was expected`, async function () {
      const other = "BlockException.INVALID_GASLIMIT";
      expect(await run({ ...changes, validationError: undefined })).to.match(
        /^block 0: refused: /,
      );
      expect(await run(changes)).to.equal(undefined);
      expect(await run({ ...changes, validationError: other })).to.match(
        /^block 0: refused: .*, expected BlockException.INVALID_GASLIMIT$/,
      );
    });
  }

  it("fail when the block was to be refused", async function () {
    expect(await run({ validationError: "BlockException.X" })).to.equal(
      "block 0: accepted, expected BlockException.X",
    );
  });
});
