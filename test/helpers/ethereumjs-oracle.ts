/** @ethereumjs/vm as an oracle: the same state, and random transactions of every type for it. */
import type { Authorization, Hex } from "../../src/internal/chain/types.js";
import type {
  ChainState,
  ExecutableTransaction,
} from "../../src/internal/evm/types.js";
import type { makeEnvironment } from "./blocks.js";
import type { Random } from "./random.js";

import { createBlock } from "@ethereumjs/block";
import { Common, type Hardfork, Mainnet } from "@ethereumjs/common";
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

import {
  bytes,
  COINBASE,
  ETHER,
  Fork,
  hex,
  makeTransaction,
  testAddress,
  word,
} from "./blocks.js";
import {
  OPERATION_NAMES,
  operationData,
  OPERATIONS,
  randomContract,
} from "./random-contract.js";

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

export class RandomTransactions {
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
      gasLimit: BigInt(
        random.chance(0.4)
          ? random.between(25_000, 150_000)
          : random.pick([60_000, 150_000, 400_000, 1_000_000]),
      ),
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

/** The state that the transactions find. */
export function prepareForOracle(state: ChainState): void {
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
export class Oracle {
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

  /** @param eips that the hard fork does not have. */
  public static async create(
    hardfork: Hardfork,
    eips: number[] = [],
  ): Promise<Oracle> {
    const common = new Common({ chain: Mainnet, hardfork, eips });
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

  /** EIP-7928: begins the transaction with this index. */
  public beginAccessListIndex(index: number): void {
    const { blockLevelAccessList } = this.#vm.evm;
    if (blockLevelAccessList === undefined) {
      throw new Error("expected EIP-7928 to be active");
    }
    blockLevelAccessList.blockAccessIndex = index;
  }

  /** RLP of the access list of the transactions so far. */
  public accessList(): Uint8Array {
    const { blockLevelAccessList } = this.#vm.evm;
    if (blockLevelAccessList === undefined) {
      throw new Error("expected EIP-7928 to be active");
    }
    return blockLevelAccessList.serialize();
  }

  public async root(): Promise<string> {
    return hex(await this.#state.getStateRoot());
  }
}

function address(text: string): EthAddress {
  return createAddressFromString(text);
}
