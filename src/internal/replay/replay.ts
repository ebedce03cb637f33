/** Executes a captured block every way there is, and says what differs. */
import type { Address } from "../chain/types.js";
import type { Difference } from "../executor/compare-outcomes.js";
import type { TouchedState } from "./block-json.js";
import type { Edr } from "./edr.js";
import type {
  BlockInput,
  ExecutedAccount,
  ExecutedBlock,
  ExecuteOptions,
} from "./types.js";

import { toHex } from "../chain/hex.js";
import { parseBlock, type ParsedBlock } from "./block-input.js";
import { compareExecuted } from "./compare-executed.js";
import { NotComparableError } from "./edr.js";
import { compareWithEdr, prepareCheck } from "./edr-check.js";

export interface Replayed {
  readonly name: "sequential" | "parallel" | "seeded" | "edr";
  /** Undefined of EDR, and where it broke. */
  readonly executed: ExecutedBlock | undefined;
  /** From sequential execution. */
  readonly differences: readonly Difference[];
  /** Why it was not executed. */
  readonly reason: string | undefined;
}

export interface ReplayTools {
  readonly executor: {
    execute(block: BlockInput, options: ExecuteOptions): Promise<ExecutedBlock>;
  };
  /** Undefined where it is not installed. */
  readonly edr: Pick<Edr, "execute"> | undefined;
}

/** Sequentially, by threads, with the seed where there is one, and on EDR. */
export async function replayBlock(
  { executor, edr }: ReplayTools,
  block: BlockInput,
  schedule: { readonly workers?: number; readonly seed?: number | undefined },
): Promise<Replayed[]> {
  const { workers, seed } = schedule;
  const sequential = await executor.execute(block, {
    mode: "sequential",
    postState: true,
  });
  const replayed: Replayed[] = [
    {
      name: "sequential",
      executed: sequential,
      differences: [],
      reason: undefined,
    },
  ];
  const ways: [Replayed["name"], ExecuteOptions][] = [
    ["parallel", { workers }],
    ...(seed === undefined
      ? []
      : ([["seeded", { workers, seed }]] as [
          Replayed["name"],
          ExecuteOptions,
        ][])),
  ];
  for (const [name, options] of ways) {
    const executed = await executor.execute(block, {
      ...options,
      mode: "parallel",
      postState: true,
    });
    replayed.push({
      name,
      executed,
      differences: compareExecuted(sequential, executed),
      reason: undefined,
    });
  }
  if (edr !== undefined) {
    replayed.push(await replayOnEdr(edr, parseBlock(block), sequential));
  }
  return replayed;
}

async function replayOnEdr(
  edr: Pick<Edr, "execute">,
  block: ParsedBlock,
  sequential: ExecutedBlock,
): Promise<Replayed> {
  const done = { name: "edr", executed: undefined } as const;
  const { accessSets = [], postState = {} } = sequential;
  const before = Object.fromEntries(
    [...block.preState].map(([at, { balance, nonce, code, storage }]) => [
      at,
      {
        balance,
        nonce,
        code: toHex(code),
        storage: Object.fromEntries(storage),
      },
    ]),
  );
  try {
    const differences = await compareWithEdr(
      edr,
      prepareCheck(
        block,
        { ...sequential, accessSets },
        {
          before: (touched) => partOf(before, touched),
          after: (touched) => partOf(postState, touched),
        },
      ),
    );
    return { ...done, differences, reason: undefined };
  } catch (error) {
    if (!(error instanceof NotComparableError)) throw error;
    return { ...done, differences: [], reason: error.message };
  }
}

function partOf(
  accounts: Readonly<Record<Address, ExecutedAccount>>,
  touched: TouchedState,
): Record<Address, ExecutedAccount> {
  const part: Record<Address, ExecutedAccount> = {};
  for (const [at, keys] of touched) {
    const account = (accounts as Partial<typeof accounts>)[at];
    part[at] = {
      balance: account?.balance ?? 0n,
      nonce: account?.nonce ?? 0n,
      code: account?.code ?? "0x",
      storage: Object.fromEntries(
        Object.entries(account?.storage ?? {}).filter(
          ([key, value]) => keys.has(key as Address) && BigInt(value) !== 0n,
        ),
      ),
    };
  }
  return part;
}
