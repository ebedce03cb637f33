import type { Network } from "./networks.js";

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const require = createRequire(import.meta.url);

/** Starts Anvil when `@foundry-rs/anvil` is installed; undefined otherwise. */
export async function startAnvil(
  config: Readonly<Record<string, unknown>>,
): Promise<Network | undefined> {
  const binary = anvilBinary();
  if (binary === undefined) {
    return undefined;
  }
  const port = await freePort();
  const child = spawn(
    binary,
    [
      "--port",
      String(port),
      "--silent",
      "--auto-impersonate",
      "--gas-limit",
      String(config.blockGasLimit ?? 60_000_000),
    ],
    { stdio: "ignore" },
  );
  const stop = (): void => void child.kill("SIGKILL");
  // Also when the benchmark fails half-way.
  process.once("exit", stop);
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`Anvil ended with code ${code}`)),
    );
  });
  failed.catch(() => {});

  const url = `http://127.0.0.1:${port}`;
  let id = 0;
  const request = async <T>(
    method: string,
    params: readonly unknown[] = [],
  ): Promise<T> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
    });
    const answer = (await response.json()) as {
      result?: T;
      error?: { message: string };
    };
    if (answer.error !== undefined) {
      throw new Error(`Anvil, ${method}: ${answer.error.message}`);
    }
    return answer.result as T;
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await Promise.race([request("eth_chainId"), failed]);
      break;
    } catch (error) {
      if (attempt === 100 || child.exitCode !== null) {
        stop();
        throw error;
      }
      await sleep(50);
    }
  }
  return {
    side: "anvil",
    request,
    close: async () => {
      process.off("exit", stop);
      const ended = new Promise((done) => child.once("exit", done));
      stop();
      await ended;
    },
  };
}

function anvilBinary(): string | undefined {
  try {
    const main = require.resolve("@foundry-rs/anvil/package.json");
    const folder = join(
      dirname(dirname(main)),
      `anvil-${platformName()}`,
      "bin",
    );
    const file = join(
      folder,
      process.platform === "win32" ? "anvil.exe" : "anvil",
    );
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function platformName(): string {
  const os = process.platform === "win32" ? "win32" : process.platform;
  return `${os}-${process.arch === "x64" ? "amd64" : process.arch}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
