/** Calls precompiles as a transaction and as a contract does, and encodes their inputs. */
import { expect } from "chai";

import { assemble, type AssemblyItem } from "../../helpers/assembler.js";
import { executeOnCore } from "./core-engine.js";
import { plainWorld } from "./world.js";

export const OSAKA = 17;
const PLENTY = 100_000_000n;

export interface PrecompileOutcome {
  readonly ok: boolean;
  /** Hex, without 0x. */
  readonly output: string;
  readonly status: number;
}

/** `gas`: what the precompile gets. */
export function callPrecompile(
  id: number,
  input: Uint8Array,
  fork = OSAKA,
  gas = PLENTY,
): PrecompileOutcome {
  const plain = plainWorld(fork, "0x00");
  const intrinsic = intrinsicGas(input, fork);
  const { result } = executeOnCore(
    {
      ...plain,
      transaction: {
        ...plain.transaction,
        to: `0x${id.toString(16).padStart(40, "0")}`,
        data: input,
      },
    },
    intrinsic + gas,
  );
  return {
    ok: result.status < 0x10,
    output: Buffer.from(result.output).toString("hex"),
    status: result.status,
  };
}

/** EIP-2028, EIP-7623. */
function intrinsicGas(data: Uint8Array, fork: number): bigint {
  const nonZero = data.filter((byte) => byte !== 0).length;
  const price = fork >= 7 ? 16 : 68;
  return 21_000n + BigInt((data.length - nonZero) * 4 + nonZero * price);
}

/** Whether a contract's call of the precompile succeeds with so much gas. */
export function succeedsWith(
  id: number,
  input: Uint8Array,
  fork: number,
  gas: bigint,
): boolean {
  const size: readonly AssemblyItem[] = ["CALLDATASIZE", 0, 0, "CALLDATACOPY"];
  const call: readonly AssemblyItem[] = [
    0,
    0,
    "CALLDATASIZE",
    0,
    id,
    gas,
    "STATICCALL",
  ];
  const code = assemble([...size, ...call, 0, "MSTORE", 32, 0, "RETURN"]);
  const plain = plainWorld(fork, code);
  const { result } = executeOnCore(
    { ...plain, transaction: { ...plain.transaction, data: input } },
    PLENTY,
  );
  return BigInt(`0x${Buffer.from(result.output).toString("hex")}`) === 1n;
}

/** Asserts that this is the least gas that the precompile takes. */
export function expectPrice(
  id: number,
  input: Uint8Array,
  fork: number,
  price: bigint,
): void {
  const label = `precompile ${id} on fork ${fork} for ${price}`;
  expect(succeedsWith(id, input, fork, price), label).to.equal(true);
  expect(succeedsWith(id, input, fork, price - 1n), label).to.equal(false);
}

/** A number of `length` bytes, hex. */
export function hex(value: bigint, length = 32): string {
  return value.toString(16).padStart(length * 2, "0");
}

export function bytes(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === "string" ? Buffer.from(part, "hex") : part,
    ),
  );
}
