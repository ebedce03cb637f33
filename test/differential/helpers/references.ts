import type { ContractName } from "./solidity-project.js";
import type { Outcome } from "./types.js";

import {
  concat,
  encodeRlp,
  getCreateAddress,
  keccak256,
  SigningKey,
  toBeArray,
  toBeHex,
  Transaction,
  type TransactionLike,
} from "ethers";

import {
  compileInitcode,
  compileRuntime,
  type ContractProgram,
} from "../../helpers/program.js";
import { ACCOUNTS, isReferenceObject, STRANGERS } from "./accounts.js";
import { projectContract } from "./solidity-project.js";

/** What references look at: earlier outcomes and the chain, both of the reference side. */
export interface ReferenceContext {
  outcome(step: number): Outcome | undefined;
  latest(): { number: bigint; timestamp: bigint; baseFee: bigint };
  ask(method: string, params: unknown[]): Promise<unknown>;
}

const UNKNOWN_HASH = `0x${"11".repeat(32)}`;

/** Replaces every reference inside `value`. */
export async function resolve(
  value: unknown,
  context: ReferenceContext,
): Promise<unknown> {
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      items.push(await resolve(item, context));
    }
    return items;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const resolved: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    resolved[key] = await resolve(item, context);
  }
  return isReferenceObject(resolved)
    ? await dereference(resolved as unknown as Resolved, context)
    : resolved;
}

/** References whose own fields are resolved. */
type Resolved =
  | { $: "hash" | "deployed" | "result"; step: number }
  | { $: "blockNumber" | "blockHash"; back: number }
  | { $: "timestamp"; plus: number; decimal?: boolean }
  | ({ $: "nonce" } & NonceFields)
  | { $: "fee"; percent: number; plus?: number }
  | { $: "code" | "initcode"; program: ContractProgram }
  | { $: "calldata"; selector: string; args: (string | number)[] }
  | { $: "abi"; contract: ContractName; function: string; args: unknown[] }
  | { $: "constructor"; contract: ContractName; args: unknown[] }
  | { $: "word"; value: string | number }
  | { $: "signed"; key: number; tx: TransactionLike }
  | ({ $: "authorization" } & AuthorizationFields)
  | { $: "entries"; entries: { key: string; value: unknown }[] }
  | { $: "cut"; hex: string; share: number }
  | { $: "join"; parts: string[] };

interface NonceFields {
  readonly address: string;
  readonly plus?: number;
  readonly block?: "latest";
}

async function dereference(
  reference: Resolved,
  context: ReferenceContext,
): Promise<unknown> {
  switch (reference.$) {
    case "hash":
      return transactionHash(context.outcome(reference.step)) ?? UNKNOWN_HASH;
    case "deployed":
      return await deployedAddress(reference.step, context);
    case "result":
      return context.outcome(reference.step)?.result ?? "0x63";
    case "blockNumber": {
      const number = context.latest().number - BigInt(reference.back);
      return quantity(number < 0n ? 0n : number);
    }
    case "blockHash": {
      const number = context.latest().number - BigInt(reference.back);
      const block = (await context.ask("eth_getBlockByNumber", [
        quantity(number < 0n ? 0n : number),
        false,
      ])) as { hash: string } | undefined;
      return block?.hash ?? UNKNOWN_HASH;
    }
    case "timestamp": {
      const timestamp = context.latest().timestamp + BigInt(reference.plus);
      return reference.decimal === true
        ? Number(timestamp)
        : quantity(timestamp);
    }
    case "nonce":
      return quantity(await nonceOf(reference, context));
    case "fee":
      return quantity(
        (context.latest().baseFee * BigInt(reference.percent)) / 100n +
          BigInt(reference.plus ?? 0),
      );
    case "code":
      return compileRuntime(reference.program);
    case "initcode":
      return compileInitcode(reference.program);
    case "calldata":
      return concat([
        reference.selector,
        ...reference.args.map((a) => toBeHex(BigInt(a), 32)),
      ]);
    case "abi":
      return projectContract(reference.contract).interface.encodeFunctionData(
        reference.function,
        reference.args,
      );
    case "constructor": {
      const { interface: abi, bytecode } = projectContract(reference.contract);
      return concat([linked(bytecode), abi.encodeDeploy(reference.args)]);
    }
    case "word":
      return toBeHex(BigInt(reference.value), 32);
    case "signed":
      return sign(reference.key, reference.tx);
    case "authorization":
      return authorization(reference);
    case "entries":
      return Object.fromEntries(
        reference.entries.map(({ key, value }) => [key, value]),
      );
    case "cut":
      return reference.hex.slice(
        0,
        2 + 2 * Math.floor(((reference.hex.length - 2) / 2) * reference.share),
      );
    case "join":
      return concat(reference.parts);
  }
  throw new Error(
    `reference: expected a known kind, got ${JSON.stringify(reference)}`,
  );
}

export function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** Of a step that sent a transaction, also when the answer was an error that names it. */
export function transactionHash(
  outcome: Outcome | undefined,
): string | undefined {
  if (typeof outcome?.result === "string" && outcome.result.length === 66) {
    return outcome.result;
  }
  const data = outcome?.error?.data as
    { transactionHash?: unknown } | undefined;
  const hash = outcome?.error?.transactionHash ?? data?.transactionHash;
  return typeof hash === "string" ? hash : undefined;
}

async function deployedAddress(
  step: number,
  context: ReferenceContext,
): Promise<string> {
  const hash = transactionHash(context.outcome(step));
  if (hash !== undefined) {
    const transaction = (await context.ask("eth_getTransactionByHash", [
      hash,
    ])) as
      { from: string; nonce: string; to: string | null } | null | undefined;
    if (transaction !== null && transaction !== undefined) {
      return (
        transaction.to ??
        getCreateAddress({
          from: transaction.from,
          nonce: transaction.nonce,
        }).toLowerCase()
      );
    }
  }
  return STRANGERS[0];
}

async function nonceOf(
  { address, plus = 0, block }: NonceFields,
  context: ReferenceContext,
): Promise<bigint> {
  const count = (tag: string): Promise<unknown> =>
    context.ask("eth_getTransactionCount", [address, tag]);
  // Pending state may be unavailable (a pooled transaction that cannot run): fall back to the latest block's.
  const base =
    (block === "latest" ? undefined : await count("pending")) ??
    (await count("latest")) ??
    "0x0";
  const nonce = BigInt(base as string) + BigInt(plus);
  return nonce < 0n ? 0n : nonce;
}

function keyOf(index: number): SigningKey {
  return new SigningKey(ACCOUNTS[index % ACCOUNTS.length].privateKey);
}

function sign(key: number, tx: TransactionLike): string {
  try {
    const transaction = Transaction.from(tx);
    transaction.signature = keyOf(key).sign(transaction.unsignedHash);
    return transaction.serialized;
  } catch {
    // Fields that ethers refuses to encode: any bytes do.
    return "0x02c0";
  }
}

interface AuthorizationFields {
  readonly key: number;
  readonly address: string;
  readonly nonce: string;
  readonly chainId: number;
  readonly spoil?: boolean;
  readonly form?: "ethers";
}

/** EIP-7702 authorisation tuple: in JSON-RPC form, or as ethers takes it. */
function authorization({
  key,
  address,
  nonce,
  chainId,
  spoil,
  form,
}: AuthorizationFields): Record<string, unknown> {
  const minimal = (value: bigint): Uint8Array =>
    value === 0n ? new Uint8Array() : toBeArray(value);
  const digest = keccak256(
    concat([
      "0x05",
      encodeRlp([minimal(BigInt(chainId)), address, minimal(BigInt(nonce))]),
    ]),
  );
  const signature = keyOf(key).sign(digest);
  if (form === "ethers") {
    return { address, nonce, chainId, signature };
  }
  return {
    chainId: quantity(BigInt(chainId)),
    address,
    nonce,
    yParity: quantity(BigInt(signature.yParity)),
    r: quantity(BigInt(signature.r) + (spoil === true ? 1n : 0n)),
    s: quantity(BigInt(signature.s)),
  };
}

/** Fills in libraries' addresses: calls to the library find no code there. */
function linked(bytecode: string): string {
  return bytecode.replace(/__\$[0-9a-f]{34}\$__/g, "11".repeat(20));
}
