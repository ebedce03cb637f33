/** A block executed by Hardhat's own engine (EDR), where its package is there. */
import type { NetworkConnection, NetworkManager } from "hardhat/types/network";
import type { Address, Hash, Hex } from "../chain/types.js";
import type { BlockEnvironment, ExecutableTransaction } from "../evm/types.js";
import type { CapturedBlock } from "./block-json.js";
import type { ExecutedAccount, TransactionReceipt } from "./types.js";

import { createRequire } from "node:module";
import { dirname } from "node:path";

import { CANCUN, LONDON, PARIS } from "../chain/hardforks.js";
import { toHex } from "../chain/hex.js";
import { forkName } from "./forks.js";

/** What EDR's receipts and state say of a block. */
export interface EdrBlock {
  readonly receipts: readonly Pick<
    TransactionReceipt,
    "status" | "gasUsed" | "effectiveGasPrice" | "contractAddress" | "logs"
  >[];
  readonly gasUsed: bigint;
  /** The accounts that were asked for. */
  readonly state: Readonly<Record<Address, ExecutedAccount>>;
}

export interface EdrQuestion {
  readonly block: Omit<CapturedBlock, "onInvalid">;
  /** What the block finds, as far as it matters to it. */
  readonly preState: Readonly<Record<Address, ExecutedAccount>>;
  /** What is read afterwards. */
  readonly touched: ReadonlyMap<Address, ReadonlySet<Hash>>;
}

/** Why EDR cannot be asked. */
export class NotComparableError extends Error {
  public override readonly name = "NotComparableError";
}

const NETWORK = "edr";

export class Edr {
  #manager: Promise<NetworkManager> | undefined;

  /** Whether EDR's package is installed. */
  public static isInstalled(): boolean {
    try {
      const require = createRequire(import.meta.url);
      createRequire(require.resolve("hardhat/package.json")).resolve(
        "@nomicfoundation/edr",
      );
      return true;
    } catch {
      return false;
    }
  }

  /** @throws NotComparableError */
  public async execute(question: EdrQuestion): Promise<EdrBlock> {
    const { block, preState, touched } = question;
    const reason = whyNotComparable(block);
    if (reason !== undefined) throw new NotComparableError(reason);
    this.#manager ??= openManager();
    const manager = await this.#manager;
    const connection = await manager.create({
      network: NETWORK,
      override: networkConfig(block.environment),
    });
    try {
      const network = new EdrNetwork(connection);
      await network.fill(preState);
      await network.begin(block.environment);
      const hashes = await network.queue(block.transactions);
      await network.request("evm_mine");
      return await network.read(hashes, touched);
    } finally {
      await connection.close();
    }
  }
}

async function openManager(): Promise<NetworkManager> {
  const { createHardhatRuntimeEnvironment } = await import("hardhat/hre");
  const require = createRequire(import.meta.url);
  const hre = await createHardhatRuntimeEnvironment(
    { networks: { [NETWORK]: { type: "edr-simulated" } } },
    {},
    // Any folder with a package.json: no file of the project is looked at.
    dirname(require.resolve("hardhat/package.json")),
  );
  return hre.network;
}

/** What a network of Hardhat cannot be told to be. */
function whyNotComparable({
  environment,
  blockHashes,
  transactions,
}: EdrQuestion["block"]): string | undefined {
  if (environment.fork < PARIS) {
    return "before the merge, blocks have a difficulty that cannot be set";
  }
  if (blockHashes.size > 0) {
    return "the block asks for hashes of earlier blocks";
  }
  if (environment.fork >= CANCUN && environment.blobBaseFee !== 1n) {
    return "the blob base fee is not 1 wei";
  }
  if (transactions.some(({ type }) => type === 3)) {
    return "blob transactions need their blobs";
  }
  if (environment.timestamp === 0n || environment.number === 0n) {
    return "number and timestamp of a block are at least 1";
  }
  return undefined;
}

function networkConfig(environment: BlockEnvironment): object {
  const { transactionGasCap } = environment;
  return {
    chainId: Number(environment.chainId),
    hardfork: forkName(environment.fork),
    accounts: [],
    coinbase: environment.coinbase,
    blockGasLimit: environment.enforceBlockGasLimit
      ? environment.gasLimit
      : false,
    transactionGasCap: transactionGasCap ?? false,
    allowUnlimitedContractSize: environment.unlimitedCodeSize,
    allowBlocksWithSameTimestamp: true,
    initialDate: new Date(Number(environment.timestamp - 1n) * 1000),
    minGasPrice: 0n,
    mining: { auto: false, interval: 0, mempool: { order: "fifo" } },
    throwOnTransactionFailures: false,
  };
}

interface EdrReceipt {
  readonly status: Hex;
  readonly gasUsed: Hex;
  readonly effectiveGasPrice: Hex;
  readonly contractAddress: Address | null;
  readonly logs: readonly {
    readonly address: Address;
    readonly topics: readonly Hash[];
    readonly data: Hex;
    readonly logIndex: Hex;
  }[];
}

class EdrNetwork {
  readonly #connection: NetworkConnection;

  constructor(connection: NetworkConnection) {
    this.#connection = connection;
  }

  public async request<T = unknown>(
    method: string,
    ...params: unknown[]
  ): Promise<T> {
    return (await this.#connection.provider.request({ method, params })) as T;
  }

  public async fill(preState: EdrQuestion["preState"]): Promise<void> {
    for (const [at, account] of Object.entries(preState)) {
      if (account.balance > 0n) {
        await this.request("hardhat_setBalance", at, quantity(account.balance));
      }
      if (account.nonce > 0n) {
        await this.request("hardhat_setNonce", at, quantity(account.nonce));
      }
      if (account.code !== "0x") {
        await this.request("hardhat_setCode", at, account.code);
      }
      for (const [key, value] of Object.entries(account.storage)) {
        await this.request(
          "hardhat_setStorageAt",
          at,
          quantity(BigInt(key)),
          value,
        );
      }
    }
  }

  /** Goes to the block's parent, and sets what the block is to have. */
  public async begin(environment: BlockEnvironment): Promise<void> {
    const earlier = environment.number - 1n;
    if (earlier > 0n) {
      await this.request("hardhat_mine", quantity(earlier), "0x0");
    }
    if (environment.fork >= LONDON) {
      await this.request(
        "hardhat_setNextBlockBaseFeePerGas",
        quantity(environment.baseFee),
      );
    }
    await this.request("hardhat_setPrevRandao", environment.prevRandao);
    await this.request(
      "evm_setNextBlockTimestamp",
      quantity(environment.timestamp),
    );
  }

  /** @throws NotComparableError when EDR refuses one: its rules for waiting are stricter than those of a block. */
  public async queue(
    transactions: readonly ExecutableTransaction[],
  ): Promise<Hash[]> {
    const hashes: Hash[] = [];
    const senders = new Set<Address>();
    for (const [index, transaction] of transactions.entries()) {
      const { from } = transaction;
      if (!senders.has(from)) {
        senders.add(from);
        await this.request("hardhat_impersonateAccount", from);
      }
      try {
        hashes.push(
          await this.request<Hash>(
            "eth_sendTransaction",
            toRequest(transaction),
          ),
        );
      } catch (error) {
        throw new NotComparableError(
          `it refuses transaction ${index}: ${(error as Error).message}`,
        );
      }
    }
    return hashes;
  }

  public async read(
    hashes: readonly Hash[],
    touched: EdrQuestion["touched"],
  ): Promise<EdrBlock> {
    const receipts: EdrBlock["receipts"][number][] = [];
    let gasUsed = 0n;
    for (const hash of hashes) {
      const receipt = await this.request<EdrReceipt | null>(
        "eth_getTransactionReceipt",
        hash,
      );
      if (receipt === null) continue;
      gasUsed += BigInt(receipt.gasUsed);
      receipts.push({
        status: receipt.status === "0x1" ? 1 : 0,
        gasUsed: BigInt(receipt.gasUsed),
        effectiveGasPrice: BigInt(receipt.effectiveGasPrice),
        contractAddress: receipt.contractAddress ?? undefined,
        logs: receipt.logs.map(({ address, topics, data, logIndex }) => ({
          address,
          topics,
          data,
          logIndex: Number(logIndex),
        })),
      });
    }
    const state: Record<Address, ExecutedAccount> = {};
    for (const [at, keys] of touched) state[at] = await this.#account(at, keys);
    return { receipts, gasUsed, state };
  }

  async #account(
    at: Address,
    keys: ReadonlySet<Hash>,
  ): Promise<ExecutedAccount> {
    const storage: Record<Hash, Hash> = {};
    for (const key of keys) {
      const value = await this.request<Hash>("eth_getStorageAt", at, key);
      if (BigInt(value) !== 0n) storage[key] = value;
    }
    return {
      balance: BigInt(await this.request<Hex>("eth_getBalance", at)),
      nonce: BigInt(await this.request<Hex>("eth_getTransactionCount", at)),
      code: await this.request<Hex>("eth_getCode", at),
      storage,
    };
  }
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}

function toRequest(tx: ExecutableTransaction): object {
  return {
    from: tx.from,
    ...(tx.to === undefined ? {} : { to: tx.to }),
    nonce: quantity(tx.nonce),
    gas: quantity(tx.gasLimit),
    value: quantity(tx.value),
    data: toHex(tx.data),
    ...(tx.type < 2
      ? { gasPrice: quantity(tx.feeCap) }
      : {
          maxFeePerGas: quantity(tx.feeCap),
          maxPriorityFeePerGas: quantity(tx.priorityFee),
        }),
    ...(tx.type === 0 ? {} : { accessList: tx.accessList }),
    ...(tx.type === 4
      ? {
          authorizationList: tx.authorizationList.map((authorization) => ({
            chainId: quantity(authorization.chainId),
            address: authorization.address,
            nonce: quantity(authorization.nonce),
            yParity: quantity(BigInt(authorization.yParity)),
            r: quantity(authorization.r),
            s: quantity(authorization.s),
          })),
        }
      : {}),
  };
}
