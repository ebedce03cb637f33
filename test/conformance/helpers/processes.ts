/** Processes that work through files, each at its own. */
import type { FileReport, FileTask } from "./worker.js";

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const children = new Set<ChildProcess>();

/** Ends all of them at once. */
export function stopProcesses(): void {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
}

/** Sends every file to one of `jobs` processes and tells of each report. */
export async function runInProcesses(
  tasks: readonly FileTask[],
  jobs: number,
  onReport: (report: FileReport) => void,
): Promise<void> {
  const queue = [...tasks];
  await Promise.all(
    Array.from({ length: Math.min(jobs, tasks.length) }, () =>
      work(queue, onReport),
    ),
  );
  stopProcesses();
}

/** One process that takes tasks until none is left; when it dies, its task has failed and another goes on. */
async function work(
  queue: FileTask[],
  onReport: (report: FileReport) => void,
): Promise<void> {
  let child: ChildProcess | undefined;
  for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
    child ??= start();
    try {
      onReport(await ask(child, task));
    } catch (error) {
      child.kill("SIGKILL");
      children.delete(child);
      child = undefined;
      onReport({
        passed: 0,
        failed: 1,
        skipped: [],
        strangers: 0,
        failures: [
          `${task.file}: ${error instanceof Error ? error.message : String(error)}`,
        ],
        parallel: { blocks: 0, aborts: 0, fallbacks: 0 },
      });
    }
  }
}

function start(): ChildProcess {
  const child = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
  });
  children.add(child);
  return child;
}

async function ask(child: ChildProcess, task: FileTask): Promise<FileReport> {
  return await new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void =>
      reject(new Error(`the process ended with ${signal ?? `code ${code}`}`));
    child.once("exit", onExit);
    child.once("message", (report) => {
      child.off("exit", onExit);
      resolve(report as FileReport);
    });
    child.send(task);
  });
}
