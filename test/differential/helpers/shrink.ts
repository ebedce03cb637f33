import type { Sequence, Step } from "./types.js";

import { type Failure, type Pair, runSequence } from "./runner.js";

export interface Shrunk {
  readonly sequence: Sequence;
  readonly failure: Failure;
}

/**
 * The smallest sequence found that still fails in the same check of the same method: drops steps
 * (delta debugging), then config fields, then pieces of parameters and programs.
 */
export async function shrink(
  pair: Pair,
  sequence: Sequence,
  failure: Failure,
  budgetMs = 120_000,
): Promise<Shrunk> {
  const deadline = performance.now() + budgetMs;
  const signature = signatureOf(failure);
  let best: Shrunk = {
    sequence: { ...sequence, steps: sequence.steps.slice(0, failure.at + 1) },
    failure,
  };

  const attempt = async (candidate: Sequence): Promise<boolean> => {
    if (performance.now() > deadline) {
      return false;
    }
    try {
      const report = await runSequence(pair, candidate);
      if (
        report?.failure !== undefined &&
        signatureOf(report.failure) === signature
      ) {
        best = {
          sequence: {
            ...candidate,
            steps: candidate.steps.slice(0, report.failure.at + 1),
          },
          failure: report.failure,
        };
        return true;
      }
    } catch {
      // A candidate that cannot run is no smaller failure.
    }
    return false;
  };

  for (let before = -1; before !== size(best.sequence);) {
    before = size(best.sequence);
    await dropSteps(() => best.sequence, attempt);
    await dropConfig(() => best.sequence, attempt);
    await dropPieces(() => best.sequence, attempt);
  }
  return best;
}

function signatureOf({ check, difference }: Failure): string {
  return `${check.replace(/\(.*/, "")} ${difference.path.replace(/\d+/g, "#")}`;
}

function size(sequence: Sequence): number {
  return JSON.stringify(sequence).length;
}

type Attempt = (candidate: Sequence) => Promise<boolean>;

async function dropSteps(
  current: () => Sequence,
  attempt: Attempt,
): Promise<void> {
  for (
    let chunk = Math.ceil(current().steps.length / 2);
    chunk >= 1;
    chunk = Math.floor(chunk / 2)
  ) {
    for (let at = current().steps.length - chunk; at >= 0; at -= chunk) {
      const { steps } = current();
      await attempt({
        ...current(),
        steps: [...steps.slice(0, at), ...steps.slice(at + chunk)],
      });
    }
  }
}

async function dropConfig(
  current: () => Sequence,
  attempt: Attempt,
): Promise<void> {
  for (const key of Object.keys(current().config)) {
    if (key !== "initialDate") {
      const { [key]: _, ...config } = current().config;
      await attempt({ ...current(), config });
    }
  }
}

/** Tries to remove every array item and optional object field inside the parameters, largest first. */
async function dropPieces(
  current: () => Sequence,
  attempt: Attempt,
): Promise<void> {
  for (let index = current().steps.length - 1; index >= 0; index--) {
    let paths = piecePaths(current().steps[index]?.params);
    for (let at = 0; at < paths.length; at++) {
      const step = current().steps[index];
      if (step === undefined) {
        break;
      }
      const params = without(step.params, paths[at]);
      const steps: Step[] = current().steps.map((s, i) =>
        i === index ? { ...s, params } : s,
      );
      if (await attempt({ ...current(), steps })) {
        paths = piecePaths(current().steps[index]?.params);
        at -= 1;
      }
    }
  }
}

type Path = readonly (string | number)[];

function piecePaths(params: unknown): Path[] {
  const paths: Path[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (Array.isArray(value)) {
      // An opcode and its arguments stand or fall together.
      const isOperation =
        typeof value[0] === "string" && /^[A-Z]/.test(value[0]);
      value.forEach((item, i) => {
        if (!isOperation && path.length > 0) {
          paths.push([...path, i]);
        }
        visit(item, [...path, i]);
      });
    } else if (typeof value === "object" && value !== null) {
      const keys = Object.keys(value);
      for (const key of keys) {
        const needed = "$" in value && key !== "args";
        if (!needed) {
          paths.push([...path, key]);
        }
        // What is joined stands or falls together: half a delegation ends EDR's process.
        if (key !== "parts") {
          visit((value as Record<string, unknown>)[key], [...path, key]);
        }
      }
    }
  };
  visit(params, []);
  return paths;
}

function without(value: unknown, path: Path): unknown {
  const copy = structuredClone(value);
  let parent = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) {
    parent = parent[key] as Record<string | number, unknown>;
  }
  const last = path[path.length - 1];
  if (Array.isArray(parent)) {
    parent.splice(last as number, 1);
  } else {
    delete parent[last];
  }
  return copy;
}
