/** Amsterdam's gas for new state (EIP-8037), as Hardhat's network has it. */
import type { AssemblyItem } from "../helpers/assembler.js";
import type { World } from "./helpers/world.js";

import { expect } from "chai";

import { assemble } from "../helpers/assembler.js";
import { executeOnCore } from "./helpers/core-engine.js";
import { CONTRACT, plainWorld, SENDER, wordHex } from "./helpers/world.js";

const OSAKA = 17;
const AMSTERDAM = 18;

const BASE = 21_000n;
const STATE_BYTE = 1_530n;
const ACCOUNT = 120n * STATE_BYTE;
const SLOT = 64n * STATE_BYTE;
const DELEGATION = 23n * STATE_BYTE;

const OUT_OF_GAS = 0x20;
const CODE_DEPOSIT_OUT_OF_GAS = 0x26;
const CODE_SIZE_LIMIT = 0x30;
const INVALID_INTRINSIC_GAS = 0x86;
const INVALID_FLOOR_GAS = 0x87;

const NOBODY = `0x${"77".repeat(20)}`;

function world(
  items: readonly AssemblyItem[],
  transaction: Partial<World["transaction"]> = {},
  environment: Partial<World["environment"]> = {},
): World {
  const plain = plainWorld(AMSTERDAM, assemble(items));
  return {
    ...plain,
    transaction: { ...plain.transaction, ...transaction },
    environment: { ...plain.environment, ...environment },
  };
}

function execute(
  ...args: Parameters<typeof world>
): ReturnType<typeof executeOnCore>["result"] {
  return executeOnCore(world(...args)).result;
}

/** Asserts what it costs, and that it fails with one gas less. */
function costs(
  gas: bigint,
  ...[items, transaction, environment]: Parameters<typeof world>
): void {
  const one = world(items, transaction, environment);
  const { result } = executeOnCore(one, gas);
  expect(result.status, "with enough").to.be.lessThan(OUT_OF_GAS);
  expect(result.gasSpent).to.equal(gas);
  expect(
    executeOnCore(one, gas - 1n).result.status,
    "with too little",
  ).to.be.oneOf([OUT_OF_GAS, CODE_DEPOSIT_OUT_OF_GAS, INVALID_INTRINSIC_GAS]);
}

const hexBytes = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.slice(2), "hex"));

describe("state gas", () => {
  describe("is charged for", () => {
    it("a slot that was empty", () => {
      costs(BASE + 3n + 3n + 2_100n + 2_900n + SLOT, [1, 0, "SSTORE"]);
    });

    it("an account that gets its first ether", () => {
      const gas = BASE + 5n * 3n + 3n + 3n + 2_600n + 9_000n + ACCOUNT;
      const rich = world([0, 0, 0, 0, 1, NOBODY, 0, "CALL"]);
      const accounts = rich.accounts.map((account) => ({
        ...account,
        balance: 10n ** 20n,
      }));
      const { result } = executeOnCore({ ...rich, accounts }, gas);
      expect(result.status).to.equal(0);
      // The stipend of a call to nobody comes back.
      expect(result.gasUsed).to.equal(gas - 2_300n);
      expect(
        executeOnCore({ ...rich, accounts }, gas - 1n).result.status,
      ).to.equal(OUT_OF_GAS);
    });

    it("a contract, and every byte of its code, which is hashed too", () => {
      // MSTORE 0, RETURN 33 bytes of zeros.
      const data = hexBytes(assemble([33, 0, "RETURN"]));
      const create = { to: undefined, data };
      const calldata = BigInt(
        data.filter((byte) => byte === 0).length * 4 +
          data.filter((byte) => byte !== 0).length * 16,
      );
      const intrinsic = BASE + 9_000n + 2n + calldata + ACCOUNT;
      const run = 3n + 3n + 6n;
      costs(intrinsic + run + 12n + 33n * STATE_BYTE, [], create);
    });

    it("a transaction that only begins to create", () => {
      const data = Uint8Array.of(0);
      const needed = BASE + 9_000n + 2n + 4n + ACCOUNT;
      const create = world([], { to: undefined, data });
      expect(executeOnCore(create, needed).result.status).to.equal(0);
      const { result } = executeOnCore(create, needed - 1n);
      expect(result.status).to.equal(INVALID_INTRINSIC_GAS);
      expect(result.errorA).to.equal(needed);
    });
  });

  describe("comes back, for new state only, when", () => {
    it("a slot is emptied again", () => {
      const { gasSpent, gasRefunded, gasUsed, blockGas } = execute([
        1,
        0,
        "SSTORE",
        0,
        0,
        "SSTORE",
      ]);
      expect(gasSpent).to.equal(BASE + 4n * 3n + 5_000n + 100n);
      expect(gasRefunded).to.equal(2_800n);
      expect(gasUsed).to.equal(gasSpent - 2_800n);
      // EIP-7778
      expect(blockGas).to.equal(gasSpent);
    });

    it("a frame reverts, whoever paid", () => {
      const child = assemble([1, 0, "SSTORE", 0, 0, "REVERT"]);
      const length = (child.length - 2) / 2;
      // CREATE of code that writes a slot and reverts; then a slot is filled from what came back.
      const items: AssemblyItem[] = [
        { raw: `0x${(0x5f + length).toString(16)}${child.slice(2)}` },
        0,
        "MSTORE",
        length,
        32 - length,
        0,
        "CREATE",
        "GAS",
        0,
        "SSTORE",
        "GAS",
        0,
        "MSTORE",
        32,
        0,
        "RETURN",
      ];
      const { status, output, gasSpent } = execute(items, {
        gasLimit: 2_000_000n,
      });
      expect(status).to.be.lessThan(OUT_OF_GAS);
      const seen = BigInt(`0x${Buffer.from(output).toString("hex")}`);
      // The slot was paid with what the child's slot brought back; what its account did is there in the end.
      const spentThen = 2_000_000n - seen;
      expect(spentThen - gasSpent).to.equal(ACCOUNT - 4n * 3n);
    });

    it("the transaction fails", () => {
      const { status, gasUsed } = execute([1, 0, "SSTORE", 0, 0, "REVERT"]);
      expect(status).to.equal(0x10);
      expect(gasUsed).to.equal(BASE + 4n * 3n + 5_000n);
    });

    it("a creation fails", () => {
      const data = hexBytes(assemble(["INVALID"]));
      const { gasUsed } = execute([], {
        to: undefined,
        data,
        gasLimit: 1_000_000n,
      });
      expect(gasUsed).to.equal(1_000_000n - ACCOUNT);
    });
  });

  describe("above the cap of a transaction's gas (EIP-7825)", () => {
    const transactionGasCap = 1_000_000n;
    const seen = ({ output }: { readonly output: Uint8Array }): bigint =>
      BigInt(`0x${Buffer.from(output).toString("hex")}`);
    const showGas: AssemblyItem[] = ["GAS", 0, "MSTORE", 32, 0, "RETURN"];

    it("is all that the rest of the gas is for", () => {
      const one = { gasLimit: 1_500_000n };
      expect(seen(execute(showGas, one, { transactionGasCap }))).to.equal(
        transactionGasCap - BASE - 2n,
      );
      const after = execute([1, 0, "SSTORE", ...showGas], one, {
        transactionGasCap,
      });
      // The slot's state gas is from above the cap.
      expect(seen(after)).to.equal(transactionGasCap - BASE - 2n - 6n - 5_000n);
      const endless: AssemblyItem[] = [{ label: "a" }, { ref: "a" }, "JUMP"];
      expect(execute(endless, one, { transactionGasCap }).gasUsed).to.equal(
        transactionGasCap,
      );
    });

    it("a transaction must fit below the cap with everything else", () => {
      const data = new Uint8Array(20_000).fill(1);
      const { status, errorA, errorB } = execute(
        [],
        { gasLimit: 2_000_000n, data },
        { transactionGasCap },
      );
      expect(status).to.equal(INVALID_FLOOR_GAS);
      expect([errorA, errorB]).to.deep.equal([
        BASE + 20_000n * 64n,
        transactionGasCap,
      ]);
    });
  });

  it("of authorizations is paid beforehand, and comes back for what is there (EIP-7702)", () => {
    const authorize = (
      nonce: bigint,
      address: string,
      authority: string,
    ): World["transaction"]["authorizationList"][number] => ({
      chainId: 0n,
      address: address as `0x${string}`,
      nonce,
      yParity: 0,
      r: 1n,
      s: 1n,
      authority: authority as `0x${string}`,
    });
    const gasUsed = (
      ...list: readonly ReturnType<typeof authorize>[]
    ): bigint =>
      execute(["STOP"], {
        type: 4,
        gasLimit: 2_000_000n,
        authorizationList: list,
      }).gasUsed;
    const each = 7_500n;
    expect(gasUsed(authorize(0n, CONTRACT, NOBODY))).to.equal(
      BASE + each + ACCOUNT + DELEGATION,
    );
    // The sender is there, and has used up one nonce.
    expect(gasUsed(authorize(1n, CONTRACT, SENDER))).to.equal(
      BASE + each + DELEGATION,
    );
    expect(gasUsed(authorize(1n, `0x${"00".repeat(20)}`, SENDER))).to.equal(
      BASE + each,
    );
    expect(
      gasUsed(authorize(0n, CONTRACT, NOBODY), authorize(1n, SENDER, NOBODY)),
    ).to.equal(BASE + 2n * each + ACCOUNT + DELEGATION);
  });
});

describe("Amsterdam's other prices and limits", () => {
  it("calldata costs at least 64 a byte (EIP-7976)", () => {
    const data = new Uint8Array(1000);
    expect(execute(["STOP"], { data }).gasUsed).to.equal(BASE + 64_000n);
    const floor = execute(["STOP"], { data, gasLimit: BASE + 63_999n });
    expect(floor.status).to.equal(INVALID_FLOOR_GAS);
    // Whatever is refunded: the block counts what was spent before.
    const { gasUsed, blockGas } = execute([1, 0, "SSTORE", 0, 0, "SSTORE"], {
      data: new Uint8Array(100),
    });
    expect(gasUsed).to.equal(BASE + 6_400n);
    expect(blockGas).to.equal(BASE + 6_400n);
  });

  it("access lists cost 64 a byte more, and count as calldata (EIP-7981)", () => {
    const accessList = [
      { address: CONTRACT, storageKeys: [wordHex(1n), wordHex(2n)] },
    ];
    const { gasUsed } = execute(["STOP"], { type: 1, accessList });
    expect(gasUsed).to.equal(BASE + 2_400n + 2n * 1_900n + 84n * 64n);
    const data = new Uint8Array(200);
    expect(execute(["STOP"], { type: 1, accessList, data }).gasUsed).to.equal(
      BASE + 284n * 64n,
    );
  });

  it("code may have 32 KiB, initcode 64 KiB (EIP-7954)", () => {
    const deploy = (length: number): number =>
      execute([], {
        to: undefined,
        gasLimit: 60_000_000n,
        data: hexBytes(assemble([length, 0, "RETURN"])),
      }).status;
    expect(deploy(32_768)).to.be.lessThan(OUT_OF_GAS);
    expect(deploy(32_769)).to.equal(CODE_SIZE_LIMIT);
    const start = (length: number): number =>
      execute([], {
        to: undefined,
        gasLimit: 60_000_000n,
        data: new Uint8Array(length),
      }).status;
    expect(start(65_536)).to.equal(0);
    expect(start(65_537)).to.equal(0x8b);
  });
});

describe("DUPN, SWAPN and EXCHANGE (EIP-8024)", () => {
  const UNDEFINED = 0x28;
  const MEANINGLESS = 0x34;
  const UNDERFLOW = 0x2b;
  const OVERFLOW = 0x2c;

  /** The stack after `count`, count - 1 … 1 (on top) were pushed and the bytes run, as far as `shown` from the top. */
  function stackAfter(count: number, raw: string, shown: number): number[] {
    const pushes = Array.from({ length: count }, (_, i) => count - i);
    const stores = Array.from({ length: shown }, (_, i): AssemblyItem[] => [
      32 * i,
      "MSTORE",
    ]).flat();
    const { output } = execute([
      ...pushes,
      { raw },
      ...stores,
      32 * shown,
      0,
      "RETURN",
    ]);
    return Array.from({ length: shown }, (_, i) =>
      Number(Buffer.from(output).readBigUInt64BE(32 * i + 24)),
    );
  }

  function statusOf(count: number, raw: string, fork = AMSTERDAM): number {
    const pushes = Array.from({ length: count }, () => 1);
    return executeOnCore(plainWorld(fork, assemble([...pushes, { raw }])))
      .result.status;
  }

  it("reach what their byte says", () => {
    expect(stackAfter(17, "0xe680", 2)).to.deep.equal([17, 1]);
    expect(stackAfter(235, "0xe65a", 2)).to.deep.equal([235, 1]);
    expect(stackAfter(145, "0xe600", 1)).to.deep.equal([145]);
    expect(stackAfter(18, "0xe780", 1)).to.deep.equal([18]);
    // n = 1, m = 2; n = 1, m = 29; n = 14, m = 16.
    expect(stackAfter(3, "0xe88e", 3)).to.deep.equal([1, 3, 2]);
    expect(stackAfter(30, "0xe88f", 3)).to.deep.equal([1, 30, 3]);
  });

  it("cost 3", () => {
    for (const raw of ["0xe680", "0xe780", "0xe88e"]) {
      const pushes = Array.from({ length: 40 }, () => 1);
      costs(BASE + 120n + 3n, [...pushes, { raw }]);
    }
  });

  it("fail on bytes that say nothing, and on stacks that are too low or full", () => {
    for (const byte of ["5b", "60", "7f"]) {
      expect(statusOf(300, `0xe6${byte}`), byte).to.equal(MEANINGLESS);
      expect(statusOf(300, `0xe7${byte}`), byte).to.equal(MEANINGLESS);
      expect(statusOf(300, `0xe8${byte}`), byte).to.equal(MEANINGLESS);
    }
    expect(statusOf(300, "0xe852")).to.equal(MEANINGLESS);
    expect(statusOf(300, "0xe851")).to.equal(0);
    expect(statusOf(16, "0xe680")).to.equal(OVERFLOW);
    expect(statusOf(1024, "0xe680")).to.equal(OVERFLOW);
    expect(statusOf(17, "0xe780")).to.equal(UNDERFLOW);
    expect(statusOf(2, "0xe88e")).to.equal(UNDERFLOW);
  });

  it("take no byte when it is jumped over, and are nothing before Amsterdam", () => {
    // PUSH1 4, JUMP, DUPN, JUMPDEST: the byte is a destination all the same.
    expect(statusOf(0, "0x600456e65b")).to.equal(0);
    for (const opcode of ["e6", "e7", "e8"]) {
      expect(statusOf(300, `0x${opcode}80`, OSAKA)).to.equal(UNDEFINED);
    }
  });
});
