// Dependencies, core and dist: each made when it is absent or stale, and never left half-made.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";

import { runNpm } from "./node.mjs";
import { inRoot, ROOT } from "./paths.mjs";
import { runNode } from "./processes.mjs";
import { step } from "./progress.mjs";

const DEPENDENCIES_STAMP = inRoot("node_modules/.hardhat-parallel-stamp");
const CORES = ["core", "core.trace", "bls12381"];
const CORE_STAMP = inRoot("build/.stamp");
const DIST_STAMP = inRoot("dist/.stamp");

export async function setup() {
  await installDependencies();
  await buildCore();
  await buildDist();
}

export async function installDependencies() {
  // Optional packages depend on the platform and on the Node that installs them.
  const stamp = hash(
    ["package-lock.json"],
    [process.platform, process.arch, process.versions.node.split(".")[0]],
  );
  if (read(DEPENDENCIES_STAMP) === stamp) {
    return;
  }
  await step("Installing dependencies (npm ci)", async () => {
    rmSync(DEPENDENCIES_STAMP, { force: true });
    try {
      await runNpm([
        "ci",
        "--include=dev",
        "--include=optional",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
      ]);
    } catch (error) {
      rmSync(inRoot("node_modules"), { recursive: true, force: true });
      throw error;
    }
    linkSelf();
    writeFileSync(DEPENDENCIES_STAMP, stamp);
  });
}

/** Lets the fixture projects import `hardhat-parallel` as a user's project does. */
function linkSelf() {
  const link = inRoot("node_modules/hardhat-parallel");
  rmSync(link, { recursive: true, force: true });
  symlinkSync(
    process.platform === "win32" ? ROOT : "..",
    link,
    process.platform === "win32" ? "junction" : "dir",
  );
}

export async function buildCore() {
  const stamp = hash(
    ["assembly", "scripts/build-core.mjs"],
    [packageVersion("assemblyscript")],
  );
  const built = CORES.every((name) =>
    existsSync(inRoot("build", `${name}.wasm`)),
  );
  if (built && read(CORE_STAMP) === stamp) {
    return;
  }
  await step("Building the core (AssemblyScript to WebAssembly)", async () => {
    rmSync(CORE_STAMP, { force: true });
    // A process each: optimising takes its time.
    await Promise.all(
      CORES.map((name) => runNode([inRoot("scripts/build-core.mjs"), name])),
    );
    writeFileSync(CORE_STAMP, stamp);
  });
}

export async function buildDist() {
  const stamp = hash(
    ["src", "tsconfig.json", "tsconfig.build.json", "build/.stamp"],
    [packageVersion("typescript")],
  );
  if (read(DIST_STAMP) === stamp) {
    return;
  }
  await step("Building dist (tsc)", async () => {
    const temporary = inRoot(`tmp/dist-${process.pid}`);
    try {
      await runNode([
        inRoot("node_modules/typescript/bin/tsc"),
        "-p",
        inRoot("tsconfig.build.json"),
        "--outDir",
        temporary,
      ]);
      // Seen from dist/src/internal, the core lies where it lies seen from src/internal.
      mkdirSync(join(temporary, "build"), { recursive: true });
      for (const name of readdirSync(inRoot("build"))) {
        if (name.endsWith(".wasm")) {
          cpSync(inRoot("build", name), join(temporary, "build", name));
        }
      }
      writeFileSync(join(temporary, ".stamp"), stamp);
      rmSync(inRoot("dist"), { recursive: true, force: true });
      renameSync(temporary, inRoot("dist"));
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
}

function packageVersion(name) {
  return JSON.parse(
    readFileSync(inRoot("node_modules", name, "package.json"), "utf8"),
  ).version;
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Hash of files (folders: of all files in them) and words. */
function hash(paths, words) {
  const digest = createHash("sha256");
  for (const path of paths.flatMap((name) => listFiles(inRoot(name)))) {
    digest.update(`${relative(ROOT, path)}\0`);
    digest.update(readFileSync(path));
  }
  digest.update(words.join("\0"));
  return digest.digest("hex");
}

function listFiles(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOTDIR") {
      return [path];
    }
    throw error;
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory()
        ? listFiles(join(path, entry.name))
        : [join(path, entry.name)],
    );
}
