/** What is configured for a tracer: an object of flags. */
import { invalidArgument } from "../rpc-errors.js";

/**
 * The flags of a tracer; those that are not given are false.
 *
 * @throws ProviderError -32602 when the configuration is no object, or a flag no boolean.
 */
export function readFlags<Flag extends string>(
  config: unknown,
  flags: readonly Flag[],
): Record<Flag, boolean> {
  const isGiven = config !== undefined && config !== null;
  if (isGiven && typeof config !== "object") {
    throw invalidArgument("invalid tracer config");
  }
  const given = (config ?? {}) as Partial<Record<Flag, unknown>>;
  const result: Partial<Record<Flag, boolean>> = {};
  for (const flag of flags) {
    const value = given[flag] ?? false;
    if (typeof value !== "boolean") {
      throw invalidArgument("invalid tracer config");
    }
    result[flag] = value;
  }
  return result as Record<Flag, boolean>;
}
