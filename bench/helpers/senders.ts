import { computeAddress, SigningKey } from "ethers";

export interface Sender {
  readonly privateKey: string;
  readonly address: string;
}

/** Keys that any network can be configured with. */
export function senders(count: number): Sender[] {
  return Array.from({ length: count }, (_, i) => {
    const privateKey = `0x${(0x5e4d_0000 + i).toString(16).padStart(64, "0")}`;
    const address = computeAddress(new SigningKey(privateKey).publicKey);
    return { privateKey, address: address.toLowerCase() };
  });
}
