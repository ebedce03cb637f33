/** The first place where two answers differ; key order counts, `undefined` and missing do not differ. */
export interface Difference {
  /** Dotted path, e.g. `error.data.reason`. */
  readonly path: string;
  readonly reference: unknown;
  readonly subject: unknown;
  /** Other fields of the same object that differ. */
  readonly besides?: readonly string[];
}

export function firstDifference(
  reference: unknown,
  subject: unknown,
  path = "",
): Difference | undefined {
  if (Object.is(reference, subject)) {
    return undefined;
  }
  if (
    !isObject(reference) ||
    !isObject(subject) ||
    Array.isArray(reference) !== Array.isArray(subject)
  ) {
    return { path, reference, subject };
  }
  if (
    Array.isArray(reference) &&
    Array.isArray(subject) &&
    reference.length !== subject.length
  ) {
    return {
      path: `${path}.length`,
      reference: reference.length,
      subject: subject.length,
    };
  }
  const keys = presentKeys(reference);
  const subjectKeys = presentKeys(subject);
  for (const key of new Set([...keys, ...subjectKeys])) {
    const difference = firstDifference(
      reference[key],
      subject[key],
      path === "" ? key : `${path}.${key}`,
    );
    if (difference !== undefined) {
      const besides = keys.filter(
        (other) =>
          other !== key &&
          firstDifference(reference[other], subject[other]) !== undefined,
      );
      return {
        ...difference,
        besides: [...(difference.besides ?? []), ...besides],
      };
    }
  }
  // Entries of a stack trace are Hardhat's own matter: nobody lists their keys.
  if (keys.join() !== subjectKeys.join() && !path.includes("stackTrace")) {
    return {
      path: `${path}[order of keys]`,
      reference: keys,
      subject: subjectKeys,
    };
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function presentKeys(value: Record<string, unknown>): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}

export function show(value: unknown, limit = 600): string {
  const text =
    typeof value === "string"
      ? JSON.stringify(value)
      : (JSON.stringify(value) ?? "undefined");
  return text.length > limit
    ? `${text.slice(0, limit)}… (${text.length} characters)`
    : text;
}
