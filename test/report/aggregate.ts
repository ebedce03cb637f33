import type { RecordedTransaction } from "../../src/internal/analysis/types.js";
import type { Address, Hash } from "../../src/internal/chain/types.js";
import type { RecordedConnection } from "../../src/internal/report/recorder.js";

import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";

import { Preimages } from "../../src/internal/analysis/slot-names.js";
import { aggregate } from "../../src/internal/report/aggregate.js";
import { ContractIndex } from "../../src/internal/report/contract-index.js";
import { formatReport } from "../../src/internal/report/format-terminal.js";
import { reportToJson } from "../../src/internal/report/json.js";

const TOKEN: Address = `0x${"70".repeat(20)}`;
const ALICE: Address = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const hash = (value: bigint | number): Hash =>
  `0x${value.toString(16).padStart(64, "0")}`;

// The immutable at bytes 2 to 34 is zero in solc's output and not in the deployed code.
const COMPILED = `61${"00".repeat(33)}5b00`;
const DEPLOYED = Buffer.from(`6100${"ab".repeat(32)}5b00`, "hex");

const contracts = new ContractIndex([
  {
    name: "Token",
    abi: [],
    evm: {
      deployedBytecode: {
        object: COMPILED,
        immutableReferences: { "7": [{ start: 2, length: 32 }] },
      },
      methodIdentifiers: { "transfer(address,uint256)": "a9059cbb" },
    },
    storageLayout: {
      storage: [
        { label: "balanceOf", offset: 0, slot: "0", type: "t_mapping" },
        { label: "totalSupply", offset: 0, slot: "1", type: "t_uint256" },
      ],
      types: {
        t_mapping: {
          encoding: "mapping",
          label: "mapping(address => uint256)",
          numberOfBytes: "32",
          key: "t_address",
          value: "t_uint256",
        },
        t_address: {
          encoding: "inplace",
          label: "address",
          numberOfBytes: "20",
        },
        t_uint256: {
          encoding: "inplace",
          label: "uint256",
          numberOfBytes: "32",
        },
      },
    },
  },
]);

const preimages = new Preimages();
const balanceKey = (() => {
  const preimage = Buffer.from(
    ALICE.slice(2).padStart(64, "0") + "00".repeat(32),
    "hex",
  );
  const key: Hash = `0x${Buffer.from(keccak_256(preimage)).toString("hex")}`;
  preimages.add(key, preimage);
  return key;
})();

function transfer(sender: number, key: Hash): RecordedTransaction {
  return {
    hash: hash(sender),
    from: `0x${sender.toString(16).padStart(40, "0")}`,
    to: TOKEN,
    selector: "0xa9059cbb",
    gasUsed: 50_000n,
    status: 1,
    accessSet: {
      accounts: [],
      preimages: [],
      slots: [
        {
          address: TOKEN,
          key,
          before: hash(sender),
          after: hash(sender + 1),
          read: true,
          written: true,
        },
      ],
    },
  };
}

const codes = new Map([[TOKEN, DEPLOYED]]);

const CONNECTION: RecordedConnection = {
  network: "default",
  events: [
    {
      kind: "block",
      block: {
        kind: "mined",
        number: 7n,
        transactions: [
          transfer(1, balanceKey),
          transfer(2, balanceKey),
          transfer(3, hash(1)),
          transfer(4, hash(99)),
        ],
        execution: {
          mode: "parallel",
          reason: undefined,
          workers: 2,
          incarnations: 5,
          aborts: 1,
          milliseconds: 2,
          sequentialMilliseconds: 3,
        },
        codes,
      },
    },
    { kind: "boundary" },
    {
      kind: "block",
      block: {
        kind: "mined",
        number: 8n,
        transactions: [transfer(5, hash(1))],
        execution: undefined,
        codes,
      },
    },
    {
      kind: "block",
      block: {
        kind: "mined",
        number: 9n,
        transactions: [transfer(6, hash(1))],
        execution: undefined,
        codes,
      },
    },
  ],
};

const report = aggregate([CONNECTION], preimages, contracts, {
  virtualBlockSize: 100,
});

describe("parallel report", () => {
  it("names a contract by the code that its address had at the time", () => {
    const [event] = CONNECTION.events;
    const both = aggregate(
      [
        {
          network: "default",
          events: [
            event,
            { kind: "boundary" },
            ...(event.kind === "block"
              ? [{ ...event, block: { ...event.block, codes: new Map() } }]
              : []),
          ],
        },
      ],
      preimages,
      contracts,
      { virtualBlockSize: 100 },
    );
    expect(both.blocks).to.have.length(2);
    expect(both.locations.map(({ name }) => name)).to.include.members([
      "Token.balanceOf[0xf39f…2266]",
      `0x7070…7070.slot 0x${BigInt(balanceKey).toString(16).slice(0, 6)}…${balanceKey.slice(-4)}`,
    ]);
    const note = "Slots stay numbers";
    expect(formatReport(both, { blocks: 1, locations: 9 })).to.include(note);
    expect(formatReport(report, { blocks: 1, locations: 9 })).not.to.include(
      note,
    );
  });

  it("describes each block, mined or virtual", () => {
    expect(
      report.blocks.map((block) => [
        block.kind,
        block.number,
        block.transactions,
        block.gas,
        block.conflicts,
        block.criticalPath.gas,
        block.speedupBound,
      ]),
    ).to.deep.equal([
      ["mined", 7, 4, 200_000, 1, 100_000, 2],
      ["virtual", 8, 2, 100_000, 1, 100_000, 1],
    ]);
    expect(report.blocks[0].criticalPath.transactions).to.deep.equal([
      { index: 0, hash: hash(1), call: "Token.transfer", gas: 50_000 },
      { index: 1, hash: hash(2), call: "Token.transfer", gas: 50_000 },
    ]);
  });

  it("names variables, mapping keys included", () => {
    expect(
      report.locations.map(({ name, conflicts, blocks }) => [
        name,
        conflicts,
        blocks,
      ]),
    ).to.deep.equal([
      ["Token.balanceOf[0xf39f…2266]", 1, 1],
      ["Token.totalSupply", 1, 1],
    ]);
  });

  it("tells measured speedup from the bound", () => {
    expect(report.blocks[0].execution?.speedupMeasured).to.equal(1.5);
    expect(report.blocks[1].execution).to.equal(null);
    expect(report.summary).to.deep.include({
      minedBlocks: 1,
      virtualBlocks: 1,
      transactions: 6,
      speedupBound: 1.5,
      speedupMeasured: 1.5,
    });
  });

  it("is JSON with sorted keys that says its schema", () => {
    const text = reportToJson(report);
    expect(JSON.parse(text)).to.deep.equal(report);
    expect(Object.keys(JSON.parse(text))).to.deep.equal([
      "blocks",
      "locations",
      "schemaVersion",
      "summary",
    ]);
  });

  it("prints a table of blocks and one of locations", () => {
    const text = formatReport(report, { blocks: 10, locations: 10 });
    expect(text).to.include(
      "6 transactions in 1 mined block and 1 virtual block",
    );
    expect(text).to.match(/1:7 +│ +4 │ 200,000 │ +1 │ +100,000 │ 2\.00x/);
    expect(text).to.match(/Token\.totalSupply +│ slot/);
    expect(text).to.include("Measured on this machine");
  });

  it("ranks by conflicts what saves nothing alone, and leaves the test's own transfers to JSON", () => {
    const location = (name: string, saved: number, conflicts: number) => ({
      name,
      kind: "slot" as const,
      causes: [name === "funds" ? ("funding" as const) : ("slot" as const)],
      blocks: 1,
      readers: 1,
      writers: 1,
      conflicts,
      pathGasSaved: saved,
    });
    const text = formatReport(
      {
        ...report,
        locations: [
          location("funds", 90_000, 1),
          location("counter", 80_000, 3),
          location("rare", 10, 1),
          location("reserve", 0, 500),
        ],
      },
      { blocks: 1, locations: 10 },
    );
    const rows = ["counter", "reserve", "rare"].map((name) =>
      text.indexOf(name),
    );
    expect(rows).to.deep.equal([...rows].sort((a, b) => a - b));
    expect(rows[0]).to.be.greaterThan(0);
    expect(text).not.to.include("funds");
    expect(text).to.include("(1 more in --json)");
  });

  it("says how many rows it left out", () => {
    const text = formatReport(report, { blocks: 1, locations: 1 });
    expect(text).to.include("(the 1 largest; 1 more in --json)");
    expect(text).to.include("(1 more in --json)");
  });

  it("says that nothing ran", () => {
    const empty = aggregate([], preimages, contracts, { virtualBlockSize: 1 });
    expect(formatReport(empty, { blocks: 1, locations: 1 })).to.include(
      "nothing to report",
    );
  });
});
