// Preloaded into `hardhat test`: writes how long mocha ran, and what it counted, to $BENCH_TIMER_FILE.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";

const file = process.env.BENCH_TIMER_FILE;
if (isMainThread && file !== undefined) {
  const require = createRequire(join(process.cwd(), "package.json"));
  const { default: Mocha } = await import(
    pathToFileURL(require.resolve("mocha")).href
  );
  const run = Mocha.Runner.prototype.run;
  Mocha.Runner.prototype.run = function (...args) {
    const start = performance.now();
    this.once("end", () => {
      const { passes, failures } = this.stats ?? {};
      const milliseconds = performance.now() - start;
      writeFileSync(file, JSON.stringify({ milliseconds, passes, failures }));
    });
    return run.apply(this, args);
  };
}
