/** Sends a request to both sides and holds ours to EDR's answer. */
import type { Answer, Pair } from "./pair.js";

import { expect } from "chai";

import { ask } from "./pair.js";

export type Step = readonly [method: string, ...params: unknown[]];

/** Compares every answer and error; nothing is normalised but request ids. Returns our result. */
export async function compare(pair: Pair, step: Step): Promise<unknown> {
  const [method, ...params] = step;
  const edr = await ask(pair.edr, method, params);
  const ours = await ask(pair.ours, method, params);
  expect(comparable(ours), JSON.stringify(step)).to.deep.equal(comparable(edr));
  expect(keyOrder(ours.result), JSON.stringify(step)).to.equal(
    keyOrder(edr.result),
  );
  return ours.result;
}

export async function compareAll(
  pair: Pair,
  steps: readonly Step[],
): Promise<void> {
  for (const step of steps) {
    await compare(pair, step);
  }
}

/** Requests count from one on either side, but hooks make them count out of step. */
function comparable(answer: Answer): unknown {
  const data = answer.error?.data;
  return typeof data === "object" && data !== null && "jsonrpc" in data
    ? { ...answer, error: { ...answer.error, data: { ...data, id: 0 } } }
    : answer;
}

function keyOrder(value: unknown): string {
  return JSON.stringify(value);
}
