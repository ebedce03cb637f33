/**
 * Blocks of any size by name: what projects do. The equivalence tests and the benchmark execute the
 * same ones.
 */
import type { Address } from "../../../src/internal/chain/types.js";
import type {
  ChainState,
  ExecutableTransaction,
} from "../../../src/internal/evm/types.js";
import type { Scenario } from "../blocks.js";

import { keccak256 } from "../../../src/internal/evm/keccak.js";
import {
  bytes,
  COINBASE,
  ETHER,
  hex,
  makeEnvironment,
  testAddress,
  withNonces,
  word,
} from "../blocks.js";
import { workloadContracts } from "./compile.js";

export interface NamedWorkload {
  readonly name: string;
  /** A block of about `count` transactions. */
  make(count: number): Scenario;
}

type Part = Partial<ExecutableTransaction>;

const contracts = workloadContracts();
type ContractName = keyof typeof contracts;

// Who is who, by number of their addresses: senders lie in the middle.
const FIRST_CONTRACT = 1_000;
const FIRST_POOL = 2_000;
const FIRST_SENDER = 1_000_000;
const FIRST_RECEIVER = 2_000_000;
const FRESH = 3_000_000;

const SAVINGS = 10n ** 24n;
const START = 1_900_000_000n;
/** Rounds of 25 opcodes that transactions with work of their own do. */
const ROUNDS = 200;

const at = Object.fromEntries(
  [...(Object.keys(contracts) as ContractName[]), "Token2" as const].map(
    (name, i) => [name, testAddress(FIRST_CONTRACT + i)],
  ),
) as Record<ContractName | "Token2", Address>;

const sender = (i: number): Address => testAddress(FIRST_SENDER + i);
const receiver = (i: number): Address => testAddress(FIRST_RECEIVER + i);
const pool = (i: number): Address => testAddress(FIRST_POOL + i);
const delegate = (i: number): Address => testAddress(FRESH + i);

function call(
  name: ContractName,
  method: string,
  args: readonly unknown[],
  to: Address = at[name],
): Part {
  const { interface: abi } = contracts[name];
  return { to, data: bytes(abi.encodeFunctionData(method, args)) };
}

/** Slot of `mapping(address => …)` at `slot`. */
function entryOf(key: Address, slot: number | string): string {
  const packed = `${key.slice(2).padStart(64, "0")}${word(BigInt(slot)).slice(2)}`;
  return hex(keccak256(bytes(packed)));
}

function own(state: ChainState, token: Address, holder: Address): void {
  state.setSlot(token, entryOf(holder, 0) as Address, word(SAVINGS));
}

function allow(
  state: ChainState,
  token: Address,
  holder: Address,
  spender: Address,
): void {
  const allowances = entryOf(holder, 1);
  state.setSlot(
    token,
    entryOf(spender, allowances) as Address,
    word(2n ** 256n - 1n),
  );
}

function deploy(state: ChainState): void {
  for (const [name, { runtime }] of Object.entries(contracts)) {
    state.setCode(at[name as ContractName], bytes(runtime));
  }
  state.setCode(at.Token2, bytes(contracts.Token.runtime));
}

function makePool(state: ChainState, address: Address): void {
  state.setCode(address, bytes(contracts.Pool.runtime));
  state.setSlot(address, word(0), word(BigInt(at.Token)));
  state.setSlot(address, word(1), word(BigInt(at.Token2)));
  // reserve0, reserve1 and the timestamp share a slot; the lock is open.
  state.setSlot(
    address,
    word(2),
    word((START << 224n) | (SAVINGS << 112n) | SAVINGS),
  );
  state.setSlot(address, word(4), word(1));
  own(state, at.Token, address);
  own(state, at.Token2, address);
}

interface Definition {
  readonly name: string;
  readonly part: (i: number, count: number) => Part;
  readonly prepare?: (state: ChainState, count: number) => void;
  /** How many senders there are; default: as many as transactions. */
  readonly senders?: (count: number) => number;
  /** Share of the gas asked for that fits into the block. */
  readonly room?: number;
}

const tokens =
  (...spenders: Address[]) =>
  (state: ChainState, count: number): void => {
    for (let i = 0; i < count; i++) {
      own(state, at.Token, sender(i));
      for (const spender of spenders) {
        allow(state, at.Token, sender(i), spender);
      }
    }
  };

/** `pools(count)` pools; sender i trades on pool i modulo their number. */
const exchange =
  (pools: (count: number) => number) =>
  (state: ChainState, count: number): void => {
    const all = pools(count);
    for (let i = 0; i < all; i++) makePool(state, pool(i));
    for (let i = 0; i < count; i++) {
      for (const token of [at.Token, at.Token2]) {
        own(state, token, sender(i));
        allow(state, token, sender(i), pool(i % all));
      }
    }
  };

const swap = (i: number, pools: number): Part =>
  call("Pool", "swap", [i % 2 === 0, 1_000n + BigInt(i)], pool(i % pools));

const transfer = (i: number, to = receiver(i)): Part =>
  call("Token", "transfer", [to, 5n]);

const tenth = (count: number): number => Math.max(1, Math.floor(count / 10));

const MIX_POOLS = 16;

const DEFINITIONS: readonly Definition[] = [
  {
    name: "transfers, independent",
    part: (i) => ({ to: receiver(i), value: 1n, gasLimit: 21_000n }),
  },
  {
    name: "transfers, chained",
    part: (i) => ({ to: sender(i + 1), value: 1n, gasLimit: 21_000n }),
  },
  {
    name: "transfers, hot account",
    part: () => ({ to: receiver(0), value: 1n, gasLimit: 21_000n }),
  },
  {
    name: "ERC-20, independent",
    prepare: tokens(),
    part: (i) => transfer(i),
  },
  {
    name: "ERC-20, hot recipient",
    prepare: tokens(),
    part: (i) => transfer(i, receiver(0)),
  },
  {
    name: "ERC-20, mint with total supply",
    part: (i) => call("Token", "fund", [[receiver(i)], 7n]),
  },
  { name: "NFT mint", part: () => call("Nft", "mint", []) },
  {
    name: "AMM swaps, one pool",
    prepare: exchange(() => 1),
    part: (i) => swap(i, 1),
  },
  {
    name: "AMM swaps, many pools",
    prepare: exchange((count) => count),
    part: (i, count) => swap(i, count),
  },
  {
    name: "lending",
    prepare: (state, count) => {
      tokens(at.Lending)(state, count);
      state.setSlot(at.Lending, word(0), word(BigInt(at.Token)));
      own(state, at.Token, at.Lending);
      for (let i = 0; i < count; i++) {
        state.setSlot(
          at.Lending,
          entryOf(sender(i), 5) as Address,
          word(SAVINGS),
        );
      }
    },
    part: (i) => call("Lending", i % 3 === 0 ? "borrow" : "deposit", [100n]),
  },
  { name: "voting", part: (i) => call("Voting", "vote", [i % 4]) },
  { name: "re-entrancy guard", part: () => call("Guarded", "work", []) },
  {
    name: "same-sender chains",
    senders: tenth,
    prepare: tokens(),
    part: (i) => transfer(i),
  },
  {
    name: "factory: create2 and selfdestruct",
    part: (i) => call("Factory", "run", [word(i % 8), i]),
  },
  {
    name: "delegations (EIP-7702)",
    prepare: (state, count) => {
      for (let i = 0; i < count; i++) state.setBalance(delegate(i), ETHER);
    },
    part: (i) =>
      i % 2 === 0
        ? {
            type: 4,
            to: delegate(i),
            data: call("Guarded", "work", []).data,
            authorizationList: [
              {
                chainId: 0n,
                address: at.Guarded,
                nonce: 0n,
                yParity: 0,
                r: 1n,
                s: 1n,
                authority: delegate(i),
              },
            ],
          }
        : { to: delegate(i - 1), data: call("Guarded", "work", []).data },
  },
  {
    name: "coinbase readers",
    part: (i) =>
      i % 4 === 0
        ? { ...call("Tipper", "tip", []), value: 1n }
        : { to: receiver(i), value: 1n },
  },
  {
    name: "failing and out of gas",
    part: (i) => ({ ...call("Failing", "fail", [i]), gasLimit: 60_000n }),
  },
  {
    name: "block gas limit reached",
    prepare: tokens(),
    part: (i) => transfer(i),
    room: 0.25,
  },
  {
    name: "compute, independent",
    part: () => call("Work", "run", [ROUNDS]),
  },
  {
    name: "compute, one hot slot",
    part: () => call("Work", "runHot", [ROUNDS]),
  },
  {
    name: "one giant and many small",
    part: (i, count) =>
      i === 0
        ? {
            ...call("Work", "run", [count]),
            gasLimit: 1_000_000n + BigInt(count) * 300n,
          }
        : { to: receiver(i), value: 1n },
  },
  {
    name: "mixed",
    prepare: (state, count) => exchange(() => MIX_POOLS)(state, count),
    part: (i) =>
      [
        () => ({ to: receiver(i), value: 1n }),
        () => transfer(i),
        () => transfer(i, receiver(i % 50)),
        () => swap(i, MIX_POOLS),
        () => call("Nft", "mint", []),
        () => call("Voting", "vote", [i % 30]),
        () => transfer(i),
        () => call("Guarded", "work", []),
      ][i % 8](),
  },
];

const GAS_LIMIT = 300_000n;

/** In the order of the issue they stand for; see DEFINITIONS. */
export const NAMED_WORKLOADS: readonly NamedWorkload[] = DEFINITIONS.map(
  ({ name, part, prepare, senders = (count) => count, room }) => ({
    name,
    make: (count) => {
      const people = senders(count);
      const transactions = withNonces(
        Array.from({ length: count }, (_, i) => ({
          type: 2 as const,
          from: sender(i % people),
          gasLimit: GAS_LIMIT,
          ...part(i, count),
        })),
      );
      const asked = transactions.reduce((sum, tx) => sum + tx.gasLimit, 0n);
      return {
        prepare: (state) => {
          deploy(state);
          for (let i = 0; i <= people; i++) state.setBalance(sender(i), ETHER);
          prepare?.(state, people);
        },
        environment: makeEnvironment({
          number: 1000n,
          timestamp: START,
          // An asked share of 0.25 is reached well before the end: most transactions use less than they ask for.
          gasLimit:
            room === undefined
              ? asked
              : BigInt(Math.floor(Number(asked) * room * 0.5)),
          coinbase: COINBASE,
        }),
        transactions,
      };
    },
  }),
);
