import type {
  Chain,
  ChainOptions,
  TransactionRequest,
} from "../../../src/internal/chain/chain-interface.js";
import type { Address } from "../../../src/internal/chain/types.js";

import { createChain } from "../../../src/internal/chain/chain.js";
import { fromHex, toHash } from "../../../src/internal/chain/hex.js";
import { addressOfPrivateKey } from "../../../src/internal/chain/signatures.js";

/** 2030-01-01T00:00:00Z. */
export const START = 1_893_456_000n;
export const ETHER: bigint = 10n ** 18n;

/** The first keys of Hardhat's mnemonic. */
export const PRIVATE_KEYS = [
  "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
  "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
] as const;

export const [ALICE, BOB, CAROL, DAVE]: readonly Address[] = PRIVATE_KEYS.map(
  (key) => addressOfPrivateKey(fromHex(key)),
);

/** An address that nobody uses. */
export function addressOf(number: number): Address {
  return `0x${toHash(BigInt(number)).slice(26)}`;
}

/** A clock that moves only when told to. */
export class TestClock {
  public seconds: bigint = START;

  public readonly now = (): bigint => this.seconds;
}

export function testOptions(options: Partial<ChainOptions> = {}): ChainOptions {
  const clock = new TestClock();
  return {
    chainId: 31_337n,
    networkId: 31_337n,
    hardfork: "osaka",
    accounts: PRIVATE_KEYS.map((key) => ({
      address: addressOfPrivateKey(fromHex(key)),
      privateKey: fromHex(key),
      balance: 10_000n * ETHER,
    })),
    coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
    blockGasLimit: 60_000_000n,
    transactionGasCap: undefined,
    initialBaseFeePerGas: undefined,
    initialDate: START,
    minGasPrice: 0n,
    mempoolOrder: "priority",
    automine: true,
    gasEstimationMode: "noInternalOutOfGas",
    allowBlocksWithSameTimestamp: false,
    allowUnlimitedContractSize: false,
    now: clock.now,
    ...options,
  };
}

export function testChain(options: Partial<ChainOptions> = {}): Chain {
  return createChain(testOptions(options));
}

export function request(
  fields: Partial<TransactionRequest> & { readonly from: Address },
): TransactionRequest {
  return {
    to: undefined,
    gas: undefined,
    gasPrice: undefined,
    maxFeePerGas: undefined,
    maxPriorityFeePerGas: undefined,
    value: undefined,
    data: undefined,
    nonce: undefined,
    chainId: undefined,
    accessList: undefined,
    authorizationList: undefined,
    ...fields,
  };
}
