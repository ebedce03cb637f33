import type {
  ConcreteRequest,
  Outcome,
  ProviderEvent,
  Sequence,
  Side,
  SideFactory,
  Step,
} from "./types.js";

import { BlockHashes } from "./block-hashes.js";
import { ClockDisturbed, frozen, realNow, second } from "./clock.js";
import { type Difference, firstDifference } from "./compare.js";
import {
  ACCESS_LIST_HASH,
  type DeliberateDifference,
  findDeliberate,
  REVERT_EVENT,
} from "./deliberate.js";
import { endsReference } from "./fatal-requests.js";
import {
  type ReferenceContext,
  resolve,
  transactionHash,
} from "./references.js";

export interface Failure {
  /** Position in the sequence; the number of steps when the events at the end differed. */
  readonly at: number;
  /** What was compared: the step's own answer, or a check after it. */
  readonly check: string;
  readonly difference: Difference;
  /** Every request as it was sent, up to the failing one. */
  readonly requests: readonly ConcreteRequest[];
}

export interface RunReport {
  readonly failure: Failure | undefined;
  /** Deliberate differences met. */
  readonly deliberate: readonly DeliberateDifference[];
  /** Step method and the reference's answer, for coverage. */
  readonly answers: readonly {
    readonly method: string;
    readonly outcome: Outcome;
  }[];
}

export interface Pair {
  readonly reference: SideFactory;
  readonly subject: SideFactory;
}

const ATTEMPTS = 12;

/**
 * One sequence on both sides, in lockstep. Repeats it when the clock got in between; undefined when
 * it always does (a request that takes EDR about a second).
 */
export async function runSequence(
  pair: Pair,
  sequence: Sequence,
): Promise<RunReport | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return await new Lockstep(pair, sequence).run();
    } catch (error) {
      if (!(error instanceof ClockDisturbed)) {
        throw error;
      }
    }
  }
  return undefined;
}

const REFERENCE_PATIENCE_MS = 60_000;

class Lockstep {
  readonly #pair: Pair;
  readonly #sequence: Sequence;
  readonly #outcomes = new Map<number, Outcome>();
  readonly #requests: ConcreteRequest[] = [];
  readonly #deliberate: DeliberateDifference[] = [];
  readonly #answers: { method: string; outcome: Outcome }[] = [];
  /** The second in which the first snapshot was taken. */
  #firstSnapshot: number | undefined;
  #reference!: Side;
  #subject!: Side;
  #latest = { number: 0n, timestamp: 0n, baseFee: 0n, hash: "" };
  #failure: Failure | undefined;
  #failedReverts = 0;
  readonly #blockHashes = new BlockHashes();

  constructor(pair: Pair, sequence: Sequence) {
    this.#pair = pair;
    this.#sequence = sequence;
  }

  public async run(): Promise<RunReport> {
    const { config } = this.#sequence;
    const time = realNow();
    this.#reference = await this.#pair.reference.open(config);
    this.#subject = await this.#onSubjectClock(time, () =>
      this.#pair.subject.open(config),
    );
    this.#mustBeSameSecond(time);
    try {
      await this.#steps();
      if (!this.#isOver) {
        this.#compareEvents(
          await this.#reference.takeEvents(),
          await this.#subject.takeEvents(),
        );
      }
    } finally {
      await this.#reference.close();
      await this.#subject.close();
    }
    if (this.#blockHashes.isUsed) {
      this.#deliberate.push(ACCESS_LIST_HASH);
    }
    return {
      failure: this.#failure,
      deliberate: this.#deliberate,
      answers: this.#answers,
    };
  }

  async #steps(): Promise<void> {
    await this.#checkChain(-1);
    for (const [at, step] of this.#sequence.steps.entries()) {
      if (this.#isOver) {
        return;
      }
      await this.#step(at, step);
    }
  }

  get #isOver(): boolean {
    return (
      this.#failure !== undefined || this.#deliberate.some(({ ends }) => ends)
    );
  }

  async #step(at: number, step: Step): Promise<void> {
    const request: ConcreteRequest = {
      method: step.method,
      params: await resolve(step.params, this.#context(at)),
    };
    if (this.#isOver || endsReference(request)) {
      return;
    }
    const [reference, subject] = await this.#both(request);
    this.#watchSnapshots(request, reference);
    this.#outcomes.set(step.id, reference);
    this.#answers.push({ method: step.method, outcome: reference });
    const check = `answer to ${step.method}`;
    await this.#judge(at, check, request, reference, subject);
    if (this.#isOver) {
      return;
    }
    await this.#checkChain(at);
    const hash = transactionHash(reference);
    if (hash !== undefined && !this.#isOver) {
      await this.#check(at, {
        method: "eth_getTransactionReceipt",
        params: [hash],
      });
    }
  }

  /** Notes a failure or a deliberate difference, if the answers differ. */
  async #judge(
    at: number,
    check: string,
    request: ConcreteRequest,
    reference: Outcome,
    subject: Outcome,
  ): Promise<void> {
    const difference = firstDifference(reference, subject);
    if (difference === undefined) {
      return;
    }
    const pending = await this.#reference.request({
      method: "eth_getBlockByNumber",
      params: ["pending", false],
    });
    const deliberate = findDeliberate({
      request,
      reference,
      subject,
      difference,
      config: this.#sequence.config,
      pendingError: pending.error?.message,
    });
    if (deliberate !== undefined) {
      this.#deliberate.push(deliberate);
    } else {
      this.#fail(at, check, difference);
    }
  }

  /** The latest block and every block made since the last check, in full. */
  async #checkChain(at: number): Promise<void> {
    const block = (await this.#check(at, {
      method: "eth_getBlockByNumber",
      params: ["latest", true],
    })) as
      | {
          number: string;
          timestamp: string;
          baseFeePerGas?: string;
          hash: string;
          parentHash: string;
        }
      | undefined;
    if (block === undefined || block.hash === this.#latest.hash) {
      return;
    }
    const previous = this.#latest.number;
    this.#latest = {
      number: BigInt(block.number),
      timestamp: BigInt(block.timestamp),
      baseFee: BigInt(block.baseFeePerGas ?? "0x3b9aca00"),
      hash: block.hash,
    };
    for (
      let number = this.#latest.number - 1n;
      number > previous && !this.#isOver;
      number--
    ) {
      await this.#check(at, {
        method: "eth_getBlockByNumber",
        params: [`0x${number.toString(16)}`, true],
      });
    }
  }

  async #check(at: number, request: ConcreteRequest): Promise<unknown> {
    const [reference, subject] = await this.#both(request);
    const check = `${request.method}(${JSON.stringify(request.params)}) besides`;
    await this.#judge(at, check, request, reference, subject);
    return reference.result ?? undefined;
  }

  async #both(request: ConcreteRequest): Promise<[Outcome, Outcome]> {
    this.#requests.push(request);
    const time = realNow();
    const reference = await patiently(
      this.#reference.request(structuredClone(request)),
      request,
    );
    const hashes = this.#blockHashes;
    const translated = {
      method: request.method,
      params: hashes.forSubject(request.params),
    };
    const answer = await this.#onSubjectClock(time, () =>
      this.#subject.request(structuredClone(translated)),
    );
    hashes.learn(reference.result, answer.result);
    const subject = hashes.outcomeForReference(answer);
    if (this.#pair.subject.clock === "real") {
      this.#mustBeSameSecond(time);
    }
    return [reference, subject];
  }

  async #onSubjectClock<T>(time: number, work: () => Promise<T>): Promise<T> {
    if (this.#pair.subject.clock === "real") {
      return await work();
    }
    this.#mustBeSameSecond(time);
    return await frozen(time, work);
  }

  #mustBeSameSecond(time: number): void {
    if (second(time) !== second(realNow())) {
      throw new ClockDisturbed();
    }
  }

  /**
   * evm_revert moves the time by the seconds since the snapshot, in EDR the wrong way: sequences in
   * which there are any are not comparable.
   */
  #watchSnapshots({ method }: ConcreteRequest, { result }: Outcome): void {
    if (method === "evm_snapshot") {
      this.#firstSnapshot ??= second(realNow());
    } else if (method === "evm_revert" && result === false) {
      this.#failedReverts++;
    } else if (method === "evm_revert" && this.#firstSnapshot !== undefined) {
      if (second(realNow()) !== this.#firstSnapshot) {
        throw new ClockDisturbed();
      }
    }
  }

  #compareEvents(
    reference: readonly ProviderEvent[],
    subject: readonly ProviderEvent[],
  ): void {
    // EDR keeps subscriptions in a hash map: only the order within each is defined.
    const expected = bySubscription(this.#withoutFailedReverts(reference));
    const actual = bySubscription(subject);
    this.#blockHashes.learn(expected, actual);
    const difference = firstDifference(
      expected,
      this.#blockHashes.forReference(actual),
      "events",
    );
    if (difference !== undefined) {
      this.#fail(
        this.#sequence.steps.length,
        "events of the provider",
        difference,
      );
    }
  }

  #withoutFailedReverts(events: readonly ProviderEvent[]): ProviderEvent[] {
    // EDR tells of them on both sides when it is compared with itself.
    const { reference, subject } = this.#pair;
    let left = reference.name === subject.name ? 0 : this.#failedReverts;
    if (left > 0) {
      this.#deliberate.push(REVERT_EVENT);
    }
    return events.filter(
      ({ event }) => event !== "hardhatNetworkRevertSnapshot" || left-- <= 0,
    );
  }

  #fail(at: number, check: string, difference: Difference): void {
    this.#failure ??= {
      at,
      check,
      difference,
      requests: [...this.#requests],
    };
  }

  #context(at: number): ReferenceContext {
    return {
      outcome: (step) => this.#outcomes.get(step),
      latest: () => this.#latest,
      ask: async (method, params) => {
        // Asked on both sides, so that both see the same requests.
        return await this.#check(at, { method, params });
      },
    };
  }
}

function bySubscription(
  events: readonly ProviderEvent[],
): Record<string, ProviderEvent[]> {
  const groups: Record<string, ProviderEvent[]> = {};
  for (const event of events) {
    const { subscription, data } = (event.payload ?? {}) as {
      subscription?: string;
      data?: { subscription: string };
    };
    const key = `${event.event} ${subscription ?? data?.subscription ?? ""}`;
    (groups[key] ??= []).push(event);
  }
  return Object.fromEntries(
    Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

async function patiently<T>(
  answer: Promise<T>,
  request: ConcreteRequest,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Error(
            `The reference did not answer within a minute: ${JSON.stringify(request)}`,
          ),
        ),
      REFERENCE_PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
  }
}
