/** The block breaks a rule of the protocol: nothing of it is kept. */
export class InvalidBlockError extends Error {
  public override readonly name = "InvalidBlockError";
}

/** Throws unless `actual` is `expected`; `what` names it. */
export function expectEqual(
  what: string,
  expected: bigint | number | string | undefined,
  actual: bigint | number | string | undefined,
): void {
  if (expected !== actual) {
    throw new InvalidBlockError(
      `${what}: expected ${expected ?? "none"}, got ${actual ?? "none"}`,
    );
  }
}
