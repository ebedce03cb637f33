import { spawn } from "node:child_process";

import { ROOT } from "./paths.mjs";

/** A command ended with a status other than 0. Its output, if it was captured, is the message's. */
export class CommandError extends Error {
  constructor(command, status, output) {
    super(
      `${command} failed with status ${status}${output === "" ? "" : `\n${output}`}`,
    );
    this.name = "CommandError";
  }
}

export class Interrupted extends Error {
  constructor() {
    super("Interrupted");
    this.name = "Interrupted";
  }
}

/** How long a child may take to end once it was told to. npm would finish what it is at. */
const GRACE_MS = 2000;

let interrupted = false;
/** Child → milliseconds of grace. */
const children = new Map();

// A terminal sends the signal to the children too: wait for them, so that each step can clean up.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    interrupted = true;
    for (const [child, grace] of children) {
      child.kill(signal);
      if (Number.isFinite(grace)) {
        setTimeout(() => child.kill("SIGKILL"), grace).unref();
      }
    }
  });
}

export function throwIfInterrupted() {
  if (interrupted) {
    throw new Interrupted();
  }
}

/**
 * Runs a program to its end. `output`: "inherit" shows it; "capture" keeps it, for the error or the
 * result; "tee" does both.
 * `grace`: milliseconds after which it is killed if it does not end on a signal. Returns what was
 * captured (stdout; with the error also stderr).
 *
 * @throws {CommandError} if the status is not 0
 */
export async function run(
  file,
  args,
  { cwd = ROOT, env = process.env, output = "capture", grace = GRACE_MS } = {},
) {
  throwIfInterrupted();
  const pipe = output === "inherit" ? "inherit" : "pipe";
  const colors =
    output === "tee" && process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(file, args, {
    cwd,
    env: { ...env, ...colors },
    stdio: ["inherit", pipe, output === "tee" ? "inherit" : pipe],
  });
  children.set(child, grace);
  const out = [];
  const all = [];
  child.stdout?.on("data", (chunk) => {
    out.push(chunk);
    all.push(chunk);
    if (output === "tee") {
      process.stdout.write(chunk);
    }
  });
  child.stderr?.on("data", (chunk) => all.push(chunk));
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal));
  }).finally(() => children.delete(child));
  throwIfInterrupted();
  const text = Buffer.concat(out).toString();
  if (status !== 0) {
    const shown = output === "capture" ? Buffer.concat(all).toString() : "";
    const error = new CommandError([file, ...args].join(" "), status, shown);
    error.stdout = text;
    throw error;
  }
  return text;
}

/** Runs a script with this Node. */
export function runNode(args, options) {
  return run(process.execPath, args, options);
}
