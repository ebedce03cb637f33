import { computeAddress, SigningKey } from "ethers";

export interface Sender {
  readonly privateKey: string;
  readonly address: string;
}

/** Config of a network on which they are rich, and whose blocks come out the same every time. */
export function networkOf(accounts: readonly Sender[]): {
  readonly accounts: readonly object[];
  readonly initialDate: string;
} {
  return {
    accounts: accounts.map(({ privateKey }) => ({
      privateKey,
      balance: "10000000000000000000000",
    })),
    initialDate: "2030-01-01T00:00:00Z",
  };
}

/** Keys that any network can be configured with. */
export function senders(count: number): Sender[] {
  return Array.from({ length: count }, (_, i) => {
    const privateKey = `0x${(0x5e4d_0000 + i).toString(16).padStart(64, "0")}`;
    const address = computeAddress(new SigningKey(privateKey).publicKey);
    return { privateKey, address: address.toLowerCase() };
  });
}
