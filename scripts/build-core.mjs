// Compiles assembly/ to build/core.wasm, to build/core.trace.wasm, which calls its host at every step, and to
// build/bls12381.wasm, which is no part of the core. With names of targets as arguments, only those.
import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import asc from "assemblyscript/asc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const core = [
  "assembly/index.ts",
  "--runtime",
  "stub",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory",
  "16",
  "--maximumMemory",
  "65536",
  "--exportTable",
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

const release = ["-O3", "--converge", "--noAssert"];
const targets = {
  core: [...core, ...release],
  "core.trace": [...core, ...release, "--use", "CORE_TRACE=1"],
  // At -O3, Binaryen gathers the summands of a product at its end, where no registers are left for them: half as fast.
  bls12381: [
    "assembly/bls12381/index.ts",
    "--runtime",
    "stub",
    "--enable",
    "simd",
    "--enable",
    "relaxed-simd",
    "-O2",
    "--noAssert",
  ],
};
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in targets));
if (unknown !== undefined) {
  process.stderr.write(
    `expected targets of ${Object.keys(targets).join(", ")}, got ${unknown}\n`,
  );
  process.exit(1);
}

mkdirSync(join(root, "build"), { recursive: true });
for (const [name, flags] of Object.entries(targets)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const out = `build/${name}.wasm`;
  const { error, stderr } = await asc.main([...flags, "--outFile", out], {});
  const text = stderr.toString();
  if (text) process.stderr.write(text);
  if (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  console.log(`${out}  ${statSync(join(root, out)).size} bytes`);
}
