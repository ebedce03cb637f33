/** What the execution layer asks of the consensus layer (EIP-7685): deposits, withdrawals, consolidations. */
import type { Address, Hash, Log } from "../chain/types.js";
import type { BlockEnvironment, ChainState } from "../evm/types.js";
import type { AccessRecorder } from "./access-recorder.js";

import { createHash } from "node:crypto";

import { fromHex, toHex } from "../chain/hex.js";
import { refuse } from "./errors.js";
import {
  CONSOLIDATION_REQUESTS,
  dequeueRequests,
  WITHDRAWAL_REQUESTS,
} from "./system-calls.js";

/** EIP-6110: mainnet's deposit contract and its event. */
const DEPOSIT_CONTRACT: Address = "0x00000000219ab540356cbb839cbe05303d7705fa";
const DEPOSIT_EVENT: Hash =
  "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5";

const DEPOSIT_TYPE = 0;
const WITHDRAWAL_TYPE = 1;
const CONSOLIDATION_TYPE = 2;

/** The event's fields in order: where in the data each begins (its length comes first), and its size. */
const DEPOSIT_FIELDS: readonly (readonly [offset: number, size: number])[] = [
  [160, 48],
  [256, 32],
  [320, 8],
  [384, 96],
  [512, 8],
];
const DEPOSIT_EVENT_SIZE = 576;

/** Each is its type and its data; those without data are left out. */
export function collectRequests(
  state: ChainState,
  environment: BlockEnvironment,
  logs: Iterable<Log>,
  recorder: AccessRecorder | undefined,
): Uint8Array[] {
  const deposits = Buffer.concat([...logs].flatMap(depositsOf));
  return [
    request(DEPOSIT_TYPE, deposits),
    request(
      WITHDRAWAL_TYPE,
      dequeueRequests(state, environment, WITHDRAWAL_REQUESTS, recorder),
    ),
    request(
      CONSOLIDATION_TYPE,
      dequeueRequests(state, environment, CONSOLIDATION_REQUESTS, recorder),
    ),
  ].filter(({ length }) => length > 1);
}

function request(type: number, data: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(type), data]);
}

export function hashRequests(requests: readonly Uint8Array[]): Hash {
  const hash = createHash("sha256");
  for (const item of requests) {
    hash.update(createHash("sha256").update(item).digest());
  }
  return toHex(hash.digest());
}

/** @throws InvalidBlockError when the event is not laid out as the contract does. */
function depositsOf({ address, topics, data }: Log): Uint8Array[] {
  if (address !== DEPOSIT_CONTRACT || topics[0] !== DEPOSIT_EVENT) {
    return [];
  }
  const bytes = fromHex(data);
  if (bytes.length !== DEPOSIT_EVENT_SIZE) {
    refuse(
      "deposit event",
      `expected ${DEPOSIT_EVENT_SIZE} bytes, got ${bytes.length}`,
    );
  }
  return DEPOSIT_FIELDS.map(([offset, size], index) => {
    expectWord(bytes, index * 32, offset);
    expectWord(bytes, offset, size);
    return bytes.subarray(offset + 32, offset + 32 + size);
  });
}

function expectWord(bytes: Uint8Array, at: number, expected: number): void {
  const word = BigInt(toHex(bytes.subarray(at, at + 32)));
  if (word !== BigInt(expected)) {
    refuse("deposit event", `expected ${expected} at byte ${at}, got ${word}`);
  }
}
