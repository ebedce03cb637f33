/** The system's clock, also while `Date.now` is frozen. */
export const realNow: () => number = Date.now.bind(Date);

export function second(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Runs `work` with `Date.now()` standing at `time`. */
export async function frozen<T>(
  time: number,
  work: () => Promise<T>,
): Promise<T> {
  const original = Date.now;
  Date.now = () => time;
  try {
    return await work();
  } finally {
    Date.now = original;
  }
}

/** The reference's native clock passed into another second where both sides had to see the same one. */
export class ClockDisturbed extends Error {
  public override name = "ClockDisturbed";
}
