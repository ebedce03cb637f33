/** Blocks of every fork built by @ethereumjs/vm are accepted as they are, and with any field changed they are not. */
import type { BlockHeader, Hex } from "../../src/internal/chain/types.js";
import type { ChainState } from "../../src/internal/evm/types.js";

import { Hardfork } from "@ethereumjs/common";
import { expect } from "chai";

import {
  encodeHeader,
  NO_REQUESTS_HASH,
} from "../../src/internal/chain/header.js";
import { toHash, toHex } from "../../src/internal/chain/hex.js";
import { RlpReader } from "../../src/internal/chain/rlp-reader.js";
import { RlpWriter } from "../../src/internal/chain/rlp-writer.js";
import { getEngine } from "../../src/internal/evm/engine.js";
import {
  decodeBlock,
  decodeGenesisHeader,
} from "../../src/internal/protocol/block-codec.js";
import { InvalidBlockError } from "../../src/internal/protocol/errors.js";
import { ProtocolChain } from "../../src/internal/protocol/protocol-chain.js";
import { scheduleByName } from "../../src/internal/protocol/rules.js";
import { bytes } from "../helpers/blocks.js";
import {
  type BlockPlan,
  EthereumjsChain,
  FUNDS,
  type Genesis,
  plainAccount,
  SENDERS,
} from "./helpers/ethereumjs-chain.js";
import {
  CONSOLIDATIONS,
  DEPOSITS,
  SYSTEM_CODES,
  WITHDRAWALS,
} from "./helpers/system-contracts.js";

const FORKS: Readonly<Record<string, Hardfork>> = {
  Frontier: Hardfork.Chainstart,
  Homestead: Hardfork.Homestead,
  EIP150: Hardfork.TangerineWhistle,
  EIP158: Hardfork.SpuriousDragon,
  Byzantium: Hardfork.Byzantium,
  Petersburg: Hardfork.Petersburg,
  Istanbul: Hardfork.Istanbul,
  Berlin: Hardfork.Berlin,
  London: Hardfork.London,
  Paris: Hardfork.Paris,
  Shanghai: Hardfork.Shanghai,
  Cancun: Hardfork.Cancun,
  Prague: Hardfork.Prague,
  Osaka: Hardfork.Osaka,
};

const SEEN: Hex = "0x000000000000000000000000000000000000aced";
/** Counts in slot 0, puts BLOCKHASH of the parent into slot 1, DIFFICULTY into slot 2, logs its input's first word. */
const SEES: Hex =
  "0x6000546001016000556001430340600155446002556000356000526020600060206000a100";

const word = (value: number): string => value.toString(16).padStart(64, "0");
/** Input of the deposit contract's stand-in: the event's data. */
const DEPOSIT: Hex = `0x${[160, 256, 320, 384, 512].map(word).join("")}${[
  [48, 64],
  [32, 32],
  [8, 32],
  [96, 96],
  [8, 32],
]
  .map(([size, room]) => word(size) + "ab".repeat(size).padEnd(room * 2, "0"))
  .join("")}`;

const PLANS: readonly BlockPlan[] = [
  {
    requests: [
      { sender: 0, to: SEEN, data: `0x${word(7)}` },
      { sender: 1, to: SENDERS[2], value: 12_345n },
    ],
    withdrawals: [
      { address: SENDERS[0], amount: 3n },
      { address: "0x00000000000000000000000000000000000f00d5", amount: 9n },
      { address: "0x00000000000000000000000000000000000f00d6", amount: 0n },
    ],
  },
  { requests: [] },
  {
    requests: [
      {
        sender: 0,
        to: undefined,
        data: "0x6001600055600a600052600160 1ff3".replaceAll(" ", "") as Hex,
      },
      { sender: 2, to: SEEN, data: `0x${word(8)}` },
      { sender: 2, to: SEEN, gasLimit: 30_000n },
    ],
  },
];

/** From Prague on: what the contracts of requests are asked for. */
const REQUESTS: BlockPlan = {
  requests: [
    { sender: 0, to: DEPOSITS, data: DEPOSIT },
    { sender: 1, to: WITHDRAWALS, value: 1n, data: `0x${"c1".repeat(56)}` },
    { sender: 2, to: CONSOLIDATIONS, value: 1n, data: `0x${"d2".repeat(96)}` },
    { sender: 0, to: DEPOSITS, data: DEPOSIT },
  ],
};

const isSince = (fork: string, since: string): boolean => {
  const names = Object.keys(FORKS);
  return names.indexOf(fork) >= names.indexOf(since);
};

function genesisOf(fork: string): Genesis {
  const accounts: [Hex, ReturnType<typeof plainAccount>][] = SENDERS.map(
    (sender) => [sender, plainAccount(FUNDS)],
  );
  accounts.push([
    SEEN,
    { balance: 5n, code: SEES, storage: { [toHash(0n)]: "0x29" } },
  ]);
  if (isSince(fork, "Cancun")) {
    for (const [address, code] of SYSTEM_CODES) {
      accounts.push([address, { balance: 0n, code, storage: {} }]);
    }
  }
  return new Map(accounts);
}

function writeGenesis(state: ChainState, genesis: Genesis): void {
  for (const [address, { balance, code, storage }] of genesis) {
    state.setBalance(address, balance);
    state.setCode(address, bytes(code));
    for (const [key, value] of Object.entries(storage) as [Hex, Hex][]) {
      state.setSlot(address, key, toHash(BigInt(value)));
    }
  }
  state.nextEpoch();
}

/** Fields that the rest of the block determines, changed. */
function mistakes(header: BlockHeader): Partial<BlockHeader>[] {
  const other = toHash(0xbadn);
  return [
    { parentHash: other },
    { sha3Uncles: other },
    { stateRoot: other },
    { transactionsRoot: other },
    { receiptsRoot: other },
    { logsBloom: `0x${"01".repeat(256)}` },
    { difficulty: header.difficulty + 1n },
    { number: header.number + 1n },
    { gasUsed: header.gasUsed + 1n },
    { gasUsed: header.gasLimit + 1n },
    { gasLimit: header.gasLimit * 2n },
    { gasLimit: 4_999n },
    { timestamp: 0n },
    { extraData: `0x${"ee".repeat(33)}` },
    ...(header.baseFeePerGas === undefined
      ? [{ baseFeePerGas: 1_000n }]
      : [{ baseFeePerGas: header.baseFeePerGas + 1n }]),
    ...(header.withdrawalsRoot === undefined
      ? []
      : [{ withdrawalsRoot: other }]),
    ...(header.excessBlobGas === undefined
      ? []
      : [
          { blobGasUsed: 131_072n },
          { excessBlobGas: 131_072n },
          { parentBeaconBlockRoot: other },
        ]),
    ...(header.requestsHash === undefined ? [] : [{ requestsHash: other }]),
    ...(header.difficulty === 0n
      ? [{ nonce: "0x0000000000000001" as Hex }]
      : []),
  ];
}

const writer = new RlpWriter();

/** The block with another header. */
function withHeader(rlp: Uint8Array, header: BlockHeader): Uint8Array {
  const items = RlpReader.ofList(rlp);
  const parts: Uint8Array[] = [];
  while (!items.done) parts.push(items.encoded());
  parts[0] = Uint8Array.from(encodeHeader(header));
  writer.reset();
  const end = writer.mark();
  parts.toReversed().forEach((part) => writer.raw(part));
  writer.list(end);
  return writer.finish();
}

describe("protocol against @ethereumjs/vm", function () {
  this.timeout(60_000);

  for (const [fork, hardfork] of Object.entries(FORKS)) {
    it(fork, async function () {
      const genesis = genesisOf(fork);
      const producer = await EthereumjsChain.create(hardfork, genesis);
      const state = getEngine().createState();
      writeGenesis(state, genesis);
      const chain = new ProtocolChain({
        schedule: scheduleByName(fork),
        genesis: decodeGenesisHeader(producer.genesisRlp),
        state,
      });
      const plans = isSince(fork, "Prague") ? [...PLANS, REQUESTS] : PLANS;
      const requestHashes = new Set<string | undefined>();
      for (const plan of plans) {
        const rlp = await producer.build(plan);
        const { header, hash } = decodeBlock(rlp);
        requestHashes.add(header.requestsHash);
        for (const mistake of mistakes(header)) {
          expect(
            () => chain.importBlock(withHeader(rlp, { ...header, ...mistake })),
            `${fork}, ${Object.keys(mistake).join()}`,
          ).to.throw(InvalidBlockError);
        }
        expect(chain.importBlock(rlp)).to.equal(hash);
        expect(chain.head.hash).to.equal(hash);
        expect(state.root()).to.equal(header.stateRoot);
      }
      if (isSince(fork, "Prague")) {
        expect([...requestHashes]).to.have.length(2);
        expect([...requestHashes]).to.include(NO_REQUESTS_HASH);
      }
      state.close();
    });
  }

  it("refuses what is no block", async function () {
    const genesis = genesisOf("Shanghai");
    const producer = await EthereumjsChain.create(Hardfork.Shanghai, genesis);
    const state = getEngine().createState();
    writeGenesis(state, genesis);
    const chain = new ProtocolChain({
      schedule: scheduleByName("Shanghai"),
      genesis: decodeGenesisHeader(producer.genesisRlp),
      state,
    });
    const rlp = await producer.build(PLANS[0]);
    for (let length = 0; length < rlp.length; length += 37) {
      expect(() => chain.importBlock(rlp.subarray(0, length))).to.throw(
        InvalidBlockError,
        "encoding",
      );
    }
    expect(() => chain.importBlock(Uint8Array.of(...rlp, 0))).to.throw(
      InvalidBlockError,
      "encoding: unexpected length",
    );
    expect(toHex(bytes(chain.importBlock(rlp)))).to.equal(chain.head.hash);
    state.close();
  });
});
