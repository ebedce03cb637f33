/** The sequential executor against @ethereumjs/vm: random transactions of every type, one after the other. */
import type { Authorization, Hex } from "../../src/internal/chain/types.js";
import type {
  ChainState,
  ExecutableTransaction,
} from "../../src/internal/evm/types.js";

import { createBlock } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTx } from "@ethereumjs/tx";
import {
  Account,
  type Address as EthAddress,
  bigIntToHex,
  createAddressFromString,
  eoaCode7702SignAuthorization,
  hexToBytes,
  privateToAddress,
} from "@ethereumjs/util";
import { createVM, runTx, type RunTxResult } from "@ethereumjs/vm";
import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { FIRST_INVALID } from "../../src/internal/evm/run-result.js";
import {
  bytes,
  COINBASE,
  ETHER,
  Fork,
  hex,
  makeEnvironment,
  makeTransaction,
  testAddress,
  word,
} from "../helpers/blocks.js";
import { Random } from "../helpers/random.js";
import {
  OPERATION_NAMES,
  operationData,
  OPERATIONS,
  randomContract,
} from "../helpers/random-contract.js";

const HARDFORKS: Readonly<Record<string, { fork: number; name: Hardfork }>> = {
  istanbul: { fork: Fork.istanbul, name: Hardfork.Istanbul },
  berlin: { fork: Fork.berlin, name: Hardfork.Berlin },
  london: { fork: Fork.london, name: Hardfork.London },
  shanghai: { fork: Fork.shanghai, name: Hardfork.Shanghai },
  cancun: { fork: Fork.cancun, name: Hardfork.Cancun },
  prague: { fork: Fork.prague, name: Hardfork.Prague },
  osaka: { fork: Fork.osaka, name: Hardfork.Osaka },
};

const SEEDS = Number(process.env.ORACLE_SEEDS ?? 4);
const TRANSACTIONS = 40;

const SENDERS = 5;
const FIRST_CONTRACT = 16;
const CONTRACTS = 3;
const code = bytes(randomContract());

/** Keys of accounts that authorize code (EIP-7702); they are senders too. */
const KEYS = [1, 2, 3].map((i) => hexToBytes(word(i)));
const AUTHORITIES = KEYS.map((key): Hex => hex(privateToAddress(key)));
const senders = [
  ...Array.from({ length: SENDERS }, (_, i) => testAddress(i)),
  ...AUTHORITIES,
];
const contracts = Array.from({ length: CONTRACTS }, (_, i) =>
  testAddress(FIRST_CONTRACT + i),
);

class RandomTransactions {
  readonly #random: Random;
  readonly #fork: number;
  readonly #nonceOf: (address: string) => bigint;

  constructor(
    random: Random,
    fork: number,
    nonceOf: (address: string) => bigint,
  ) {
    this.#random = random;
    this.#fork = fork;
    this.#nonceOf = nonceOf;
  }

  public next(): ExecutableTransaction {
    const random = this.#random;
    const fork = this.#fork;
    const from = random.pick(senders);
    const type = random.pick(
      [0, 1, 2, 4].filter(
        (candidate) =>
          (candidate !== 1 || fork >= Fork.berlin) &&
          (candidate !== 2 || fork >= Fork.london) &&
          (candidate !== 4 || fork >= Fork.prague),
      ),
    ) as 0 | 1 | 2 | 4;
    const isCreation = type !== 4 && random.chance(0.1);
    return makeTransaction({
      type,
      from,
      to: isCreation
        ? undefined
        : random.pick([...contracts, ...contracts, ...senders, COINBASE]),
      nonce: this.#nonceOf(from),
      gasLimit: BigInt(random.pick([60_000, 150_000, 400_000, 1_000_000])),
      value: random.pick([0n, 0n, 1n, ETHER / 1000n]),
      feeCap: 20n,
      priorityFee: type >= 2 ? 3n : 20n,
      data: isCreation ? this.#initcode() : this.#operations(),
      accessList:
        type >= 1 && random.chance(0.5)
          ? [
              {
                address: random.pick(contracts),
                storageKeys: [word(random.below(4)), word(random.below(4))],
              },
              { address: random.pick(senders), storageKeys: [] },
            ]
          : [],
      authorizationList:
        type === 4
          ? Array.from({ length: random.between(1, 3) }, () =>
              this.#authorization(from),
            )
          : [],
    });
  }

  #initcode(): Uint8Array {
    return bytes(
      this.#random.pick([
        "0x6001600055" + "6133ff600052" + "6002601ef3",
        // Runs out of its own accord, returns code that begins with 0xef, reverts, destroys itself.
        "0x5b600056",
        "0x60ef60005360016000f3",
        "0x600a6000fd",
        "0x33ff",
        "0x",
      ]),
    );
  }

  #operations(): Uint8Array {
    const random = this.#random;
    const names = OPERATION_NAMES.filter(
      (name) =>
        // Child addresses and hashes of blocks are the other implementation's business too, but TSTORE is not before Cancun.
        (name !== "transient" || this.#fork >= Fork.cancun) &&
        name !== "blockHash",
    );
    const targets = [0, 1, 2, 7, 9, 16, 17, 18];
    return operationData(
      Array.from({ length: random.below(OPERATIONS + 1) }, () => {
        const name = random.pick(names);
        const usesTarget = /pay|balance|ode|forward|delegate|destroySelf/i;
        const a = usesTarget.test(name)
          ? random.pick(targets)
          : random.below(5);
        return [name, a, random.below(20)] as const;
      }),
    );
  }

  #authorization(from: string): Authorization {
    const random = this.#random;
    const key = random.below(KEYS.length);
    const authority = AUTHORITIES[key];
    const chainId = random.pick([0n, 1n, 1n, 5n]);
    const offset = authority === from ? 1n : 0n;
    const nonce = this.#nonceOf(authority) + (random.chance(0.8) ? offset : 2n);
    const address = random.pick([
      ...contracts,
      testAddress(9),
      "0x0000000000000000000000000000000000000000" as const,
    ]);
    const [, , , yParity, r, s] = eoaCode7702SignAuthorization(
      {
        chainId: bigIntToHex(chainId),
        address,
        nonce: nonce === 0n ? "0x" : bigIntToHex(nonce),
      },
      KEYS[key],
    );
    return {
      chainId,
      address,
      nonce,
      yParity: yParity.length === 0 ? 0 : yParity[0],
      r: BigInt(hex(r)),
      s: BigInt(hex(s)),
      authority,
    };
  }
}

function prepare(state: ChainState): void {
  for (const sender of senders) state.setBalance(sender, ETHER);
  for (const contract of contracts) {
    state.setBalance(contract, 1000n);
    state.setCode(contract, code);
    for (let slot = 0; slot < 3; slot++) {
      state.setSlot(contract, word(slot), word(slot + 1));
    }
  }
}

/** The other implementation, in the same state. */
class Oracle {
  readonly #common: Common;
  readonly #vm: Awaited<ReturnType<typeof createVM>>;
  readonly #state: MerkleStateManager;

  constructor(
    common: Common,
    state: MerkleStateManager,
    vm: Awaited<ReturnType<typeof createVM>>,
  ) {
    this.#common = common;
    this.#state = state;
    this.#vm = vm;
  }

  public static async create(hardfork: Hardfork): Promise<Oracle> {
    const common = new Common({ chain: Mainnet, hardfork });
    const stateManager = new MerkleStateManager({ common });
    const vm = await createVM({ common, stateManager });
    for (const sender of senders) {
      await stateManager.putAccount(address(sender), new Account(0n, ETHER));
    }
    for (const contract of contracts) {
      await stateManager.putAccount(address(contract), new Account(0n, 1000n));
      await stateManager.putCode(address(contract), code);
      for (let slot = 0; slot < 3; slot++) {
        await stateManager.putStorage(
          address(contract),
          bytes(word(slot)),
          Uint8Array.of(slot + 1),
        );
      }
    }
    return new Oracle(common, stateManager, vm);
  }

  public async run(
    transaction: ExecutableTransaction,
    environment: ReturnType<typeof makeEnvironment>,
  ): Promise<RunTxResult> {
    const common = this.#common;
    const block = createBlock(
      {
        header: {
          number: environment.number,
          timestamp: environment.timestamp,
          gasLimit: environment.gasLimit,
          coinbase: address(environment.coinbase),
          ...(common.gteHardfork("london")
            ? { baseFeePerGas: environment.baseFee }
            : {}),
          ...(common.gteHardfork("paris")
            ? { mixHash: bytes(environment.prevRandao) }
            : {}),
        },
      },
      { common, skipConsensusFormatValidation: true },
    );
    const { type } = transaction;
    const fees =
      type >= 2
        ? {
            maxFeePerGas: transaction.feeCap,
            maxPriorityFeePerGas: transaction.priorityFee,
          }
        : { gasPrice: transaction.feeCap };
    const tx = createTx(
      {
        type,
        ...fees,
        ...(type >= 1
          ? { chainId: 1n, accessList: transaction.accessList }
          : {}),
        ...(type === 4
          ? {
              authorizationList: transaction.authorizationList.map((each) => ({
                chainId: bigIntToHex(each.chainId),
                address: each.address,
                nonce: each.nonce === 0n ? "0x" : bigIntToHex(each.nonce),
                yParity: each.yParity === 0 ? "0x" : "0x1",
                r: bigIntToHex(each.r),
                s: bigIntToHex(each.s),
              })),
            }
          : {}),
        nonce: transaction.nonce,
        gasLimit: transaction.gasLimit,
        to: transaction.to,
        value: transaction.value,
        data: transaction.data,
      },
      { common, freeze: false },
    );
    // Senders have no keys here.
    Object.assign(tx, {
      getSenderAddress: () => address(transaction.from),
      isSigned: () => true,
      isValid: () => true,
    });
    return runTx(this.#vm, { tx, block, skipHardForkValidation: true });
  }

  public async root(): Promise<string> {
    return hex(await this.#state.getStateRoot());
  }
}

function address(text: string): EthAddress {
  return createAddressFromString(text);
}

describe("sequential execution against @ethereumjs/vm", function () {
  this.timeout(120_000);

  for (const [name, { fork, name: hardfork }] of Object.entries(HARDFORKS)) {
    it(`agrees on random transactions: ${name}`, async () => {
      for (let seed = 0; seed < SEEDS; seed++) {
        const random = new Random(`${name} ${seed}`);
        const environment = makeEnvironment({ fork, chainId: 1n });
        const state = getEngine().createState();
        prepare(state);
        const oracle = await Oracle.create(hardfork);
        state.nextEpoch();
        const run = state.createRun(environment, { mode: "direct" });
        const generator = new RandomTransactions(random, fork, (of) =>
          state.nonce(of as Hex),
        );
        for (let i = 0; i < TRANSACTIONS; i++) {
          const transaction = generator.next();
          const where = `seed ${seed}, transaction ${i}`;
          const result = run.execute(transaction);
          if (result.status >= FIRST_INVALID) {
            let refused = false;
            await oracle.run(transaction, environment).catch(() => {
              refused = true;
            });
            expect(refused, `${where} is invalid`).to.equal(true);
            continue;
          }
          const expected = await oracle.run(transaction, environment);
          expect(
            {
              gasUsed: result.gasUsed,
              failed: result.status >= 0x10,
              output: result.status >= 0x20 ? "0x" : hex(result.output),
              logs: result.logs.map(({ address: at, topics, data }) => ({
                at,
                topics,
                data,
              })),
            },
            where,
          ).to.deep.equal({
            gasUsed: expected.totalGasSpent,
            failed: expected.execResult.exceptionError !== undefined,
            output:
              result.status >= 0x20
                ? "0x"
                : hex(expected.execResult.returnValue),
            logs: (expected.execResult.logs ?? []).map(
              ([at, topics, data]) => ({
                at: hex(at),
                topics: topics.map(hex),
                data: hex(data),
              }),
            ),
          });
          state.nextEpoch();
        }
        run.free();
        expect(state.root(), `state root of seed ${seed}`).to.equal(
          await oracle.root(),
        );
        state.close();
      }
    });
  }
});
