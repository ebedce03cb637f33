import type { Contract } from "ethers";

/** A contract whose methods come from its ABI. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type AnyContract = Contract & any;
