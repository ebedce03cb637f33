/** A JSON-RPC method: its parameters and what it does. */
import type { ProviderContext } from "./context.js";
import type { Params } from "./params/params.js";

export interface Method {
  readonly params: Params<readonly unknown[]>;
  /** @param params what `params` parsed. */
  run(context: ProviderContext, params: readonly unknown[]): unknown;
}

export type MethodTable = Readonly<Record<string, Method>>;

/** Ties parameter types and the function that takes them. */
export function method<P extends readonly unknown[]>(
  params: Params<P>,
  run: (context: ProviderContext, ...params: P) => unknown,
): Method {
  return {
    params,
    run: (context, parsed) => run(context, ...(parsed as P)),
  };
}
