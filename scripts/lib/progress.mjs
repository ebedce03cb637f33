// Says what is going on: one line per step, with the time it takes.

const live = process.stdout.isTTY === true && process.env.CI === undefined;
const QUIET_SECONDS = 15;

/** "4.2 s" or "1 min 5 s". */
export function formatSeconds(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Runs `action` under a label. On a terminal the line counts the seconds; elsewhere a line tells
 * from time to time that it is still at work. `shown: false` for steps whose own output is shown.
 */
export async function step(label, action, { shown = true } = {}) {
  const start = Date.now();
  let said = start;
  if (!shown || !live) {
    console.log(`» ${label}`);
  }
  const timer = shown
    ? setInterval(() => {
        const now = Date.now();
        if (live) {
          process.stdout.write(
            `\r» ${label} ${formatSeconds(now - start)}\x1b[K`,
          );
        } else if (now - said >= QUIET_SECONDS * 1000) {
          said = now;
          console.log(`  ${label}: ${formatSeconds(now - start)} so far`);
        }
      }, 1000)
    : undefined;
  const close = (mark) => {
    clearInterval(timer);
    const end = live && shown ? "\r\x1b[K" : "";
    console.log(
      `${end}${mark} ${label} (${formatSeconds(Date.now() - start)})`,
    );
  };
  try {
    const result = await action();
    close("✓");
    return result;
  } catch (error) {
    close("✗");
    throw error;
  }
}
