import type { ConcreteRequest } from "./types.js";

const AMOUNTS = ["gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "value"];
/** The sum of value, and fee times gas limit, is to fit 256 bits. */
const LONGEST_AMOUNT = 2 + 40;

/** Requests that end EDR's process (docs/deliberate-differences.md): nobody can be compared after them. */
export function endsReference({ method, params }: ConcreteRequest): boolean {
  if (!Array.isArray(params)) {
    return false;
  }
  const [first, second] = params as unknown[];
  if (method === "hardhat_setCode") {
    return (
      typeof second === "string" &&
      /^0xef01/i.test(second) &&
      second.length !== 48
    );
  }
  if (typeof first !== "object" || first === null) {
    return false;
  }
  // A send with a gas limit is not estimated.
  return (
    !(method === "eth_sendTransaction" && "gas" in first) &&
    AMOUNTS.some((field) => {
      const amount = (first as Record<string, unknown>)[field];
      return typeof amount === "string" && amount.length > LONGEST_AMOUNT;
    })
  );
}
