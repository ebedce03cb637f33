import type { Row } from "./helpers/measure.js";
import type { Network } from "./helpers/networks.js";
import type { Bench } from "./index.js";

import { measure, ratiosOf, timed } from "./helpers/measure.js";
import { closeAll, openNetworks } from "./helpers/networks.js";
import { networkOf, senders } from "./helpers/senders.js";

/** How many transactions wait already when those that are measured come. */
const PENDING = [100, 400, 1_000, 10_000] as const;
/** With more, EDR takes minutes: it executes the pending block for every transaction. */
const EDR_MOST = 400;
const SENDERS = 20;
const BATCH = 4;
/** Queued and mined before anything is measured, so that the first row does not pay for cold code. */
const WARM_UP = 3_000;

/** Microseconds to queue one more transaction with automine off, without a nonce, by how many wait. */
export const queueBench: Bench = async (options) => {
  const accounts = senders(SENDERS);
  const config = {
    ...networkOf(accounts),
    // The block has room for all of them.
    blockGasLimit: 1_000_000_000,
  };
  const addresses = accounts.map(({ address }) => address);
  const networks = await openNetworks(
    (["ours-parallel", "edr"] as const)
      .filter((side) => options.sides?.includes(side) ?? true)
      .map((side) => ({ side, config })),
  );
  try {
    for (const network of networks) {
      if (network.side !== "edr") await fill(network, addresses, WARM_UP);
    }
    const rows: Row[] = [];
    for (const pending of PENDING) {
      const sides = networks.filter(
        ({ side }) => side !== "edr" || pending <= EDR_MOST,
      );
      for (const network of sides) await fill(network, addresses, pending);
      rows.push(
        ...(await measure(
          {
            name: `${pending} pending`,
            unit: "us/tx",
            sides: sides.map((network) => ({
              side: network.side,
              sample: () => sample(network, addresses),
            })),
          },
          options,
        )),
      );
    }
    return {
      bench: "queue",
      rows,
      ratios: ratiosOf(rows, [["ours-parallel", "edr"]]),
    };
  } finally {
    await closeAll(networks);
  }
};

/** Its signature is known to nobody yet. */
let value = 1;

async function send(
  network: Network,
  addresses: readonly string[],
  i: number,
): Promise<string> {
  return await network.request<string>("eth_sendTransaction", [
    {
      from: addresses[i % SENDERS],
      to: addresses[(i + 1) % SENDERS],
      value: `0x${(++value).toString(16)}`,
      gas: "0x5208",
    },
  ]);
}

/** Lets `count` transactions wait. */
async function fill(
  network: Network,
  addresses: readonly string[],
  count: number,
): Promise<void> {
  await network.request("evm_setAutomine", [true]);
  await network.request("evm_mine");
  await network.request("evm_setAutomine", [false]);
  const next = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const from = addresses[i % SENDERS];
    const nonce =
      next.get(from) ??
      Number(
        await network.request<string>("eth_getTransactionCount", [
          from,
          "latest",
        ]),
      );
    next.set(from, nonce + 1);
    await network.request("eth_sendTransaction", [
      {
        from,
        to: addresses[(i + 1) % SENDERS],
        value: "0x1",
        gas: "0x5208",
        nonce: `0x${nonce.toString(16)}`,
      },
    ]);
  }
}

/** Queues a few more: too few to matter to how many wait. */
async function sample(
  network: Network,
  addresses: readonly string[],
): Promise<number> {
  const milliseconds = await timed(async () => {
    for (let i = 0; i < BATCH; i++) await send(network, addresses, i);
  });
  return (milliseconds * 1000) / BATCH;
}
