// Compiles assembly/ to build/core.wasm (and, with --all, core.trace.wasm and core.debug.wasm).
import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import asc from "assemblyscript/asc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const common = [
  "assembly/index.ts",
  "--runtime",
  "stub",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory",
  "16",
  "--maximumMemory",
  "65536",
  "--memoryBase",
  "4096",
  "--enable",
  "threads",
  "--enable",
  "simd",
  "--enable",
  "bulk-memory",
  "--disable",
  "nontrapping-f2i",
];

const targets = {
  core: ["-O3", "--converge", "--noAssert"],
};

mkdirSync(join(root, "build"), { recursive: true });
for (const [name, flags] of Object.entries(targets)) {
  const out = `build/${name}.wasm`;
  const { error, stderr } = await asc.main(
    [...common, ...flags, "--outFile", out],
    {},
  );
  const text = stderr.toString();
  if (text) process.stderr.write(text);
  if (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  console.log(`${out}  ${statSync(join(root, out)).size} bytes`);
}
