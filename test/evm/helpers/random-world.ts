/** Random worlds for the comparison of engines. The same seed gives the same world. */
import type { Address, Hash } from "../../../src/internal/chain/types.js";
import type { World, WorldAccount } from "./world.js";

import { Random } from "../../helpers/random.js";
import { RandomCode } from "./random-code.js";
import { COINBASE, SENDER, wordHex } from "./world.js";

const CONTRACTS: readonly Address[] = [1, 2, 3, 4].map(
  (n): Address => `0x${`c${n}`.repeat(20)}`,
);
const PLAIN: Address = `0x${"e0".repeat(20)}`;
const ABSENT: Address = `0x${"ab".repeat(20)}`;

const PARIS = 13;
const LONDON = 10;
const SPURIOUS_DRAGON = 3;
const OSAKA = 17;

/** Forks where the rules of execution changed, the newest likelier. */
const FORKS: readonly (readonly [number, number])[] = [
  [1, 0],
  [1, 1],
  [1, 2],
  [1, 3],
  [2, 4],
  [1, 5],
  [1, 6],
  [2, 7],
  [3, 9],
  [3, 10],
  [3, 13],
  [3, 14],
  [5, 15],
  [5, 16],
  [12, OSAKA],
];

export function randomWorld(seed: string): World {
  const random = new Random(seed);
  const fork = random.weighted(FORKS);
  const around = {
    fork,
    addresses: [...CONTRACTS, PLAIN, ABSENT, SENDER, COINBASE],
  };
  const code = (steps: number): string =>
    new RandomCode(random, around).make(random.below(steps));
  const contracts = CONTRACTS.map((address, i): WorldAccount => {
    const storage = new Map<Hash, Hash>();
    for (let key = 0; key < 4; key++) {
      if (random.chance(0.4)) {
        const value = BigInt(random.word());
        if (value !== 0n) storage.set(wordHex(BigInt(key)), wordHex(value));
      }
    }
    return {
      address,
      balance: BigInt(random.pick([0, 0, 1, 1000, 10 ** 9])),
      // A contract made before EIP-161 may have nonce 0; here none may collide.
      nonce: BigInt(random.between(1, 3)),
      code: code(i === 0 ? 60 : 25),
      storage,
    };
  });
  const isCreate = random.chance(0.12);
  const type = fork >= LONDON && random.chance(0.5) ? 2 : 0;
  const baseFee = fork >= LONDON ? 7n : 0n;
  const dataLength = random.below(random.chance(0.8) ? 80 : 400);
  return {
    fork,
    accounts: [
      ...contracts,
      {
        address: SENDER,
        balance: 10n ** 20n,
        nonce: 5n,
        code: "0x",
        storage: new Map(),
      },
      {
        address: PLAIN,
        balance: 12345n,
        nonce: 0n,
        code: "0x",
        storage: new Map(),
      },
      // Before EIP-161 touching it brings it into being, which the two state tries must agree on.
      ...(fork < SPURIOUS_DRAGON || random.chance(0.5)
        ? [
            {
              address: COINBASE,
              balance: 1n,
              nonce: 0n,
              code: "0x",
              storage: new Map(),
            },
          ]
        : []),
    ],
    environment: {
      number: 1000n,
      timestamp: 1_900_000_000n,
      gasLimit: 60_000_000n,
      chainId: 1n,
      baseFee,
      prevRandao:
        fork >= PARIS ? wordHex(BigInt(random.hex(32))) : wordHex(131_072n),
      blobBaseFee: 1n,
      coinbase: COINBASE,
      fork,
      unlimitedCodeSize: false,
      transactionGasCap: undefined,
      enforceBlockGasLimit: false,
      maxBlobGas: 786_432n,
      slotNumber: 0n,
      blockHash: () => undefined,
    },
    transaction: {
      type,
      from: SENDER,
      to: isCreate
        ? undefined
        : random.pick([CONTRACTS[0], CONTRACTS[0], CONTRACTS[1]]),
      nonce: 5n,
      gasLimit: BigInt(
        random.weighted<() => number>([
          [12, () => 1_000_000],
          [4, () => random.between(21_000, 120_000)],
          [3, () => random.between(100_000, 400_000)],
          [1, () => 10_000_000],
        ])(),
      ),
      value: random.chance(0.7) ? 0n : BigInt(random.below(10_000)),
      data: isCreate
        ? Buffer.from(code(30).slice(2), "hex")
        : Buffer.from(random.hex(dataLength).slice(2), "hex"),
      feeCap: 20n,
      priorityFee: type === 2 ? BigInt(random.below(14)) : 20n,
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
      accessList:
        type === 2 && random.chance(0.3)
          ? [{ address: CONTRACTS[1], storageKeys: [wordHex(0n), wordHex(1n)] }]
          : [],
      authorizationList: [],
    },
  };
}
