/** Whether a compiler's version ("0.8.28") is `minimum` or later. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [actual, wanted] = [parse(version), parse(minimum)];
  for (let index = 0; index < 3; index++) {
    const difference = (actual[index] ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return true;
}

function parse(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
}
