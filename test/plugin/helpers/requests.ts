import type { EthereumProvider } from "hardhat/types/providers";

/** Hardhat's settings of a network whose blocks are the same in every run. */
export const FIXED_DATE = { initialDate: "2030-01-01T00:00:00Z" };

export async function request<ResultT = string>(
  { provider }: { readonly provider: EthereumProvider },
  method: string,
  ...params: unknown[]
): Promise<ResultT> {
  const result: unknown = await provider.request({ method, params });
  return result as ResultT;
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => new Error("expected a rejection, got a value"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) {
    throw new TypeError(`expected an Error, got ${String(error)}`);
  }
  return error;
}
