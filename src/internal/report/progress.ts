/** How long work may take before it says how far it is, in milliseconds. */
const PATIENCE_MS = 2000;

/**
 * Runs `work`. If it takes longer than two seconds, a line on stderr tells the share that is done;
 * on a terminal it is overwritten, elsewhere it is repeated when 10% more are done.
 *
 * @param work Gets a function to call with the share that is done, from 0 to 1.
 */
export async function withProgress<T>(
  label: string,
  work: (progress: (done: number) => void) => Promise<T>,
  output: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
): Promise<T> {
  const start = Date.now();
  let shown = -1;
  const result = await work((done) => {
    const percent = Math.floor(done * 100);
    if (Date.now() - start < PATIENCE_MS || percent === shown) {
      return;
    }
    if (output.isTTY) {
      output.write(`\r${label}: ${percent}%\x1b[K`);
      shown = percent;
    } else if (shown < 0 || percent >= shown + 10) {
      output.write(`${label}: ${percent}%\n`);
      shown = percent;
    }
  });
  if (output.isTTY && shown >= 0) {
    output.write("\r\x1b[K");
  }
  return result;
}
