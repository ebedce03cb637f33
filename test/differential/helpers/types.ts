/**
 * A sequence is made of steps; what a step needs of earlier answers it says with references, so
 * that steps can be dropped (shrinking) and the rest still means what it meant.
 */
export type Json =
  null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * References, resolved when the step runs (see references.ts):
 * - `hash` of step: the transaction's hash; `deployed` by step: its contract's address; `result` of step: as it is
 * - `blockNumber`/`blockHash` back: n blocks before the latest
 * - `timestamp` plus: the latest block's, in seconds
 * - `nonce` of address plus; `fee` percent of the latest base fee, plus wei
 * - `code`/`initcode` of a program; `calldata` selector, args; `signed` key, tx; `authorization` key, …
 */
export interface Reference {
  readonly $: string;
  readonly [key: string]: unknown;
}

export interface Step {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** Config of the network that both sides are made with: fields of an edr-simulated network. */
export type NetworkOptions = Readonly<Record<string, unknown>>;

export interface Sequence {
  readonly seed: string;
  readonly config: NetworkOptions;
  readonly steps: readonly Step[];
}

export interface ConcreteRequest {
  readonly method: string;
  readonly params: unknown;
}

/** What one side answered to one request, with everything a caller could see. */
export interface Outcome {
  readonly result?: unknown;
  readonly error?: ErrorView;
  /** Lines printed during the request. */
  readonly output: readonly string[];
}

export interface ErrorView {
  readonly name: string;
  readonly code: unknown;
  readonly message: string;
  readonly data: unknown;
  readonly transactionHash?: unknown;
  readonly stackTrace?: unknown;
}

export interface ProviderEvent {
  readonly event: string;
  readonly payload: unknown;
}

/** A provider under test. */
export interface Side {
  readonly name: string;
  request(request: ConcreteRequest): Promise<Outcome>;
  /** Events that the provider emitted since the last call. */
  takeEvents(): Promise<ProviderEvent[]>;
  close(): Promise<void>;
}

export interface SideFactory {
  readonly name: string;
  /** `real`: the side looks at the system's clock. `frozen`: its Date.now is the time given. */
  readonly clock: "real" | "frozen";
  open(config: NetworkOptions): Promise<Side>;
}
