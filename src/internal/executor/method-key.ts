import type { ExecutableTransaction } from "../evm/types.js";

/** What a transaction calls, as a map's key: the callee and the selector; the callee alone without calldata. */
export function methodKey({ to, data }: ExecutableTransaction): string {
  if (to === undefined) return "create";
  if (data.length === 0) return to;
  return `${to}${data[0]},${data[1]},${data[2]},${data[3]}`;
}
