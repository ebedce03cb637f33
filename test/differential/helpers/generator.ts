import type { FunctionFragment } from "ethers";
import type { ContractProgram } from "../../helpers/program.js";
import type { ContractName } from "./solidity-project.js";
import type { Reference, Sequence, Step } from "./types.js";

import { Random } from "../../helpers/random.js";
import { ACCOUNTS, STRANGERS } from "./accounts.js";
import {
  isSince,
  type PlanLimits,
  randomPlan,
  type SequencePlan,
} from "./configs.js";
import { EXECUTIONS } from "./families/executions.js";
import { MALFORMED } from "./families/malformed.js";
import { MINING } from "./families/mining.js";
import { QUERIES } from "./families/queries.js";
import { SENDS } from "./families/sends.js";
import { SETTERS } from "./families/setters.js";
import { randomProgram, SELECTORS } from "./programs.js";
import {
  ENDLESS_FUNCTIONS,
  projectContract,
  randomArguments,
} from "./solidity-project.js";

/** One kind of action: emits one or more steps. */
export type Action = (generator: Generator) => void;
export type Family = readonly (readonly [number, Action])[];

const FAMILIES: readonly Family[] = [
  SENDS,
  EXECUTIONS,
  QUERIES,
  MINING,
  SETTERS,
  MALFORMED,
];

export interface GenerateOptions extends PlanLimits {
  /** Steps, about. */
  readonly length?: number;
}

export function generateSequence(
  seed: string,
  options: GenerateOptions = {},
): Sequence {
  const random = new Random(seed);
  const plan = randomPlan(random, options);
  const generator = new Generator(random, plan);
  const length = options.length ?? random.between(30, 60);
  const actions = FAMILIES.flat();
  while (generator.steps.length < length + generator.extraLength) {
    random.weighted(actions)(generator);
  }
  return { seed, config: plan.config, steps: generator.steps };
}

export interface Deployment {
  readonly step: number;
  /** undefined: generated code, which answers to the selectors of programs.ts. */
  readonly solidity: ContractName | undefined;
}

export interface Message {
  readonly to: unknown;
  readonly data: unknown;
}

/** What the generator knows of the chain it is making requests for: enough to make most of them meaningful. */
export class Generator {
  public readonly random: Random;
  public readonly plan: SequencePlan;
  public readonly steps: Step[] = [];
  public readonly deployments: Deployment[] = [];
  public readonly transactions: number[] = [];
  public readonly impersonated: Set<unknown> = new Set<unknown>();
  public snapshots: number[] = [];
  public filters: number[] = [];
  public automine: boolean;
  /** Steps that do not count. */
  public extraLength = 0;

  constructor(random: Random, plan: SequencePlan) {
    this.random = random;
    this.plan = plan;
    this.automine = plan.mining !== "manual";
  }

  public since(fork: string): boolean {
    return isSince(this.plan.fork, fork);
  }

  /** Adds a step; its id is returned. */
  public step(method: string, ...params: unknown[]): number {
    return this.stepWith(method, params);
  }

  public stepWith(method: string, params: unknown): number {
    const id = this.steps.length;
    this.steps.push({ id, method, params });
    return id;
  }

  public keyIndex(): number {
    return this.random.chance(0.5) ? 0 : this.random.below(this.plan.accounts);
  }

  public account(): string {
    return ACCOUNTS[this.keyIndex()].address;
  }

  public contract(): Reference | string {
    return this.deployments.length === 0
      ? this.random.pick(STRANGERS)
      : { $: "deployed", step: this.random.pick(this.deployments).step };
  }

  public contracts(): Reference[] {
    return this.deployments.map(({ step }) => ({ $: "deployed", step }));
  }

  /** Any address: mostly one where something is. */
  public anyAddress(): unknown {
    return this.random.weighted<() => unknown>([
      [6, () => this.contract()],
      [6, () => this.account()],
      [2, () => this.random.pick(STRANGERS)],
      [
        1,
        () => `0x${this.random.between(1, 18).toString(16).padStart(40, "0")}`,
      ],
      [1, () => "0x000f3df6d732807ef1319fb7b8bb8522d0beac02"],
      [1, () => "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e"],
      [1, () => "0x0000f90827f1c53a10cb7a02335b175320002935"],
    ])();
  }

  public transaction(): Reference | string {
    return this.transactions.length === 0
      ? `0x${"ab".repeat(32)}`
      : { $: "hash", step: this.random.pick(this.transactions) };
  }

  /** A call of a contract with data that suits it, mostly. */
  public message(): Message {
    const { random } = this;
    if (this.deployments.length === 0 || random.chance(0.05)) {
      return { to: this.anyAddress(), data: this.programCalldata() };
    }
    const { step, solidity } = random.pick(this.deployments);
    const to = { $: "deployed", step };
    return {
      to,
      data:
        solidity === undefined
          ? this.programCalldata()
          : this.solidityCalldata(solidity),
    };
  }

  public programCalldata(): unknown {
    const { random } = this;
    return random.weighted<() => unknown>([
      [
        12,
        () => ({
          $: "calldata",
          selector: random.pick(SELECTORS),
          args: Array.from({ length: random.below(3) }, () =>
            random.chance(0.2) ? this.contract() : random.word(),
          ),
        }),
      ],
      [2, () => "0x"],
      [1, () => random.hex(random.below(80))],
    ])();
  }

  public solidityCalldata(deployed: ContractName): unknown {
    const { random } = this;
    // A proxy answers for what is behind it.
    const contract = deployed === "Proxy" ? "Scenarios" : deployed;
    const call = (): unknown => {
      const { interface: abi } = projectContract(contract);
      const fragment = random.pick(
        abi.fragments.filter(
          (f): f is FunctionFragment =>
            f.type === "function" &&
            !ENDLESS_FUNCTIONS.includes((f as FunctionFragment).name),
        ),
      );
      return {
        $: "abi",
        contract,
        function: fragment.format("sighash"),
        args: randomArguments(random, fragment.inputs, () => this.anyAddress()),
      };
    };
    return random.weighted<() => unknown>([
      [25, call],
      [1, () => "0x"],
      [1, () => random.hex(random.between(1, 40))],
      [1, () => ({ $: "cut", hex: call(), share: random.below(100) / 100 })],
    ])();
  }

  /** Initcode of a random contract, generated or of the Solidity project. */
  public initcode(): {
    readonly data: unknown;
    readonly solidity: ContractName | undefined;
  } {
    const { random } = this;
    // On Amsterdam, no transaction has enough gas for a large contract.
    const share = this.since("amsterdam") ? 0.9 : 0.6;
    if (random.chance(share) || !this.since("constantinople")) {
      return {
        data: { $: "initcode", program: this.program() },
        solidity: undefined,
      };
    }
    const solidity = random.weighted<ContractName>([
      [10, "Scenarios"],
      [2, "Callee"],
      [1, "Bare"],
      [2, "Proxy"],
      [0.5, "Arithmetic"],
    ]);
    const { inputs } = projectContract(solidity).interface.deploy;
    return {
      data: {
        $: "constructor",
        contract: solidity,
        args: randomArguments(random, inputs, () => this.contract()),
      },
      solidity,
    };
  }

  /** Random code. 0xef and a PUSH20 with too little after it are left out: EDR's process ends on them. */
  public code(most: number): string {
    return this.random
      .hex(this.random.between(1, most))
      .replace(/^0x(ef|73)/, "0x72");
  }

  public program(depth = 0): ContractProgram {
    return randomProgram(
      {
        random: this.random,
        contracts: this.contracts(),
        since: (fork) => this.since(fork),
      },
      depth,
    );
  }

  public quantity(value: number | bigint): string {
    return `0x${value.toString(16)}`;
  }

  /** A block as methods of state queries take it; mostly near the head. */
  public blockSpec(): unknown {
    const { random } = this;
    return random.weighted<() => unknown>([
      [8, () => "latest"],
      [5, () => "pending"],
      [2, () => "earliest"],
      [1, () => "safe"],
      [1, () => "finalized"],
      [8, () => ({ $: "blockNumber", back: random.below(6) })],
      [1, () => ({ $: "blockNumber", back: -1 })],
      [2, () => ({ blockNumber: { $: "blockNumber", back: random.below(4) } })],
      [2, () => ({ blockHash: { $: "blockHash", back: random.below(4) } })],
      [
        1,
        () => ({
          blockHash: { $: "blockHash", back: random.below(4) },
          requireCanonical: random.chance(0.5),
        }),
      ],
    ])();
  }

  public value(): string {
    return this.random.weighted<() => string>([
      [6, () => "0x0"],
      [4, () => this.quantity(this.random.below(100_000))],
      [2, () => "0xde0b6b3a7640000"],
    ])();
  }
}
