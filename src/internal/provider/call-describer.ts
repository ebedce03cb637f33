/** Says in the network's log which contract and function an execution went to. */
import type { Chain } from "../chain/chain-interface.js";
import type {
  Address,
  Block,
  BlockReference,
  CallRequest,
  Transaction,
} from "../chain/types.js";

import { keccak256 } from "../evm/keccak.js";
import { toHex } from "./format/quantity.js";
import {
  UNRECOGNIZED_CONTRACT_NAME,
  UNRECOGNIZED_FUNCTION_NAME,
} from "./stack-trace.js";

/** Knows contracts by their code. */
export interface CallNamer {
  /**
   * The names of the contract and function that calldata addresses; undefined: not a known
   * contract. `code` is init code with arguments when `isCreate`.
   */
  nameCall(
    code: Uint8Array,
    calldata: Uint8Array,
    isCreate: boolean,
  ):
    | { readonly contract: string; readonly function: string | undefined }
    | undefined;
}

/** A line of the log; without a title, a line by itself. */
export interface DescriptionLine {
  readonly title: string | undefined;
  readonly text: string;
}

const BYZANTIUM = 4;
const ISTANBUL = 7;
const CANCUN = 15;
const PRAGUE = 16;
const OSAKA = 17;
const P256_VERIFY = 0x100;

export class CallDescriber {
  readonly #chain: Chain;
  readonly #namer: CallNamer | undefined;

  constructor(chain: Chain, namer: CallNamer | undefined) {
    this.#chain = chain;
    this.#namer = namer;
  }

  /** A call: it warns when there is no contract to call. */
  public call(
    request: CallRequest,
    reference: BlockReference,
  ): DescriptionLine[] {
    const { from, to, data } = request;
    return to === undefined
      ? this.#creation(data, from, this.#chain.nonce(from, reference))
      : this.#call(to, data, this.#chain.code(to, reference), true);
  }

  /** A mined transaction. */
  public transaction(
    transaction: Transaction,
    block: Block,
  ): DescriptionLine[] {
    const { from, to, data, nonce } = transaction;
    return to === undefined
      ? this.#creation(data, from, nonce)
      : this.#call(to, data, this.#chain.code(to, block.number), false);
  }

  #creation(
    initCode: Uint8Array,
    from: Address,
    nonce: bigint,
  ): DescriptionLine[] {
    const names = this.#namer?.nameCall(initCode, initCode, true);
    return [
      {
        title: "Contract deployment",
        text: names?.contract ?? UNRECOGNIZED_CONTRACT_NAME,
      },
      { title: "Contract address", text: createdAddress(from, nonce) },
    ];
  }

  #call(
    to: Address,
    calldata: Uint8Array,
    code: Uint8Array,
    warns: boolean,
  ): DescriptionLine[] {
    const precompile = precompileNumber(to, this.#chain.fork);
    if (precompile !== undefined) {
      const text = `<PrecompileContract ${precompile}>`;
      return [{ title: "Precompile call", text }];
    }
    if (code.length === 0) {
      const text = "WARNING: Calling an account which is not a contract";
      return warns ? [{ title: undefined, text }] : [];
    }
    const names = this.#namer?.nameCall(code, calldata, false);
    const contract = names?.contract ?? UNRECOGNIZED_CONTRACT_NAME;
    const name = names?.function ?? UNRECOGNIZED_FUNCTION_NAME;
    const text = name === "" ? contract : `${contract}#${name}`;
    return [{ title: "Contract call", text }];
  }
}

/** Number of the precompile at an address; undefined when the fork has none there. */
export function precompileNumber(
  address: Address,
  fork: number,
): number | undefined {
  const value = BigInt(address);
  if (value === BigInt(P256_VERIFY) && fork >= OSAKA) {
    return P256_VERIFY;
  }
  let last = 4n;
  if (fork >= PRAGUE) {
    last = 17n;
  } else if (fork >= CANCUN) {
    last = 10n;
  } else if (fork >= ISTANBUL) {
    last = 9n;
  } else if (fork >= BYZANTIUM) {
    last = 8n;
  }
  return value >= 1n && value <= last ? Number(value) : undefined;
}

/** Address of the contract that an account creates at a nonce: keccak256(rlp([sender, nonce])). */
function createdAddress(from: Address, nonce: bigint): Address {
  const sender = Buffer.from(from.slice(2), "hex");
  const encodedNonce = rlpInteger(nonce);
  const payload = [Buffer.of(0x94), sender, encodedNonce];
  const length = 21 + encodedNonce.length;
  const hash = keccak256(Buffer.concat([Buffer.of(0xc0 + length), ...payload]));
  return toHex(hash.subarray(12));
}

function rlpInteger(value: bigint): Buffer {
  if (value === 0n) {
    return Buffer.of(0x80);
  }
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return bytes.length === 1 && bytes[0] < 0x80
    ? bytes
    : Buffer.concat([Buffer.of(0x80 + bytes.length), bytes]);
}
