import { computeAddress, SigningKey } from "ethers";

export interface TestAccount {
  readonly privateKey: string;
  readonly address: string;
}

/** Keys 1…n padded with a tag: known to both the network's config and the raw-transaction signer. */
export const ACCOUNTS: readonly TestAccount[] = Array.from(
  { length: 8 },
  (_, i) => {
    const privateKey = `0x${(0xacc0_0000 + i + 1).toString(16).padStart(64, "0")}`;
    return {
      privateKey,
      address: computeAddress(
        new SigningKey(privateKey).publicKey,
      ).toLowerCase(),
    };
  },
);

/** Addresses nobody holds a key of. */
export const STRANGERS: readonly string[] = [
  "0x00000000000000000000000000000000000dead0",
  "0xfeedfeedfeedfeedfeedfeedfeedfeedfeedfeed",
  "0x1111111111111111111111111111111111111111",
];

export function isReferenceObject(
  value: unknown,
): value is { $: string } & Record<string, unknown> {
  return typeof value === "object" && value !== null && "$" in value;
}
