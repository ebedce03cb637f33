import type { Row } from "./helpers/measure.js";
import type { Network } from "./helpers/networks.js";
import type { Bench } from "./index.js";

import { workloadContracts } from "../test/helpers/workloads/compile.js";
import { measure, ratiosOf, timed } from "./helpers/measure.js";
import { closeAll, openNetworks } from "./helpers/networks.js";

const BATCH = 100;

/** What a network's requests are made of, on each side alike. */
interface Scene {
  readonly network: Network;
  readonly from: string;
  readonly to: string;
  readonly token: string;
  readonly transfer: string;
  readonly balanceOf: string;
  readonly hash: string;
}

type Request = (scene: Scene) => Promise<unknown>;

const WORKS: readonly (readonly [string, Request])[] = [
  ["eth_blockNumber", ({ network }) => network.request("eth_blockNumber")],
  ["eth_chainId", ({ network }) => network.request("eth_chainId")],
  [
    "eth_getBalance",
    ({ network, from }) => network.request("eth_getBalance", [from, "latest"]),
  ],
  [
    "eth_getBlockByNumber latest",
    ({ network }) => network.request("eth_getBlockByNumber", ["latest", false]),
  ],
  [
    "eth_getTransactionByHash",
    ({ network, hash }) => network.request("eth_getTransactionByHash", [hash]),
  ],
  [
    "eth_getTransactionReceipt",
    ({ network, hash }) => network.request("eth_getTransactionReceipt", [hash]),
  ],
  [
    "eth_feeHistory",
    ({ network }) => network.request("eth_feeHistory", ["0x1", "latest", [50]]),
  ],
  [
    "eth_call balanceOf",
    ({ network, from, token, balanceOf }) =>
      network.request("eth_call", [
        { from, to: token, data: balanceOf },
        "latest",
      ]),
  ],
  [
    "eth_estimateGas transfer",
    ({ network, from, token, transfer }) =>
      network.request("eth_estimateGas", [{ from, to: token, data: transfer }]),
  ],
  [
    "eth_sendTransaction ERC-20, gas given",
    ({ network, from, token, transfer }) =>
      network.request("eth_sendTransaction", [
        { from, to: token, data: transfer, gas: "0x15f90" },
      ]),
  ],
  [
    "eth_sendTransaction ERC-20, gas estimated",
    ({ network, from, token, transfer }) =>
      network.request("eth_sendTransaction", [
        { from, to: token, data: transfer },
      ]),
  ],
  [
    "snapshot + revert",
    async ({ network }) =>
      await network.request("evm_revert", [
        await network.request("evm_snapshot"),
      ]),
  ],
  [
    "snapshot + ERC-20 send + revert",
    async ({ network, from, token, transfer }) => {
      const id = await network.request("evm_snapshot");
      await network.request("eth_sendTransaction", [
        { from, to: token, data: transfer, gas: "0x15f90" },
      ]);
      await network.request("evm_revert", [id]);
    },
  ],
];

/** Microseconds per request, on full Hardhat connections with and without the plugin. */
export const rpcBench: Bench = async (options) => {
  const networks = await openNetworks(
    (["edr", "ours-parallel"] as const)
      .filter((side) => options.sides?.includes(side) ?? true)
      .map((side) => ({ side })),
  );
  try {
    const scenes: Scene[] = [];
    for (const network of networks) {
      scenes.push(await prepare(network));
    }
    const rows: Row[] = [];
    for (const [name, request] of WORKS) {
      rows.push(
        ...(await measure(
          {
            name,
            unit: "us",
            sides: scenes.map((scene) => ({
              side: scene.network.side,
              sample: async () => {
                const milliseconds = await timed(async () => {
                  for (let i = 0; i < BATCH; i++) {
                    await request(scene);
                  }
                });
                return (milliseconds * 1000) / BATCH;
              },
            })),
          },
          options,
        )),
      );
    }
    return {
      bench: "rpc",
      rows,
      ratios: ratiosOf(rows, [["ours-parallel", "edr"]]),
    };
  } finally {
    await closeAll(networks);
  }
};

async function prepare(network: Network): Promise<Scene> {
  const { Token } = workloadContracts();
  const [from, to] = await network.request<string[]>("eth_accounts");
  const deployment = await network.request<string>("eth_sendTransaction", [
    { from, data: Token.initcode, gas: "0x200000" },
  ]);
  const { contractAddress: token } = await network.request<{
    contractAddress: string;
  }>("eth_getTransactionReceipt", [deployment]);
  const transfer = Token.interface.encodeFunctionData("transfer", [to, 1n]);
  const hash = await network.request<string>("eth_sendTransaction", [
    { from, to: token, data: transfer, gas: "0x15f90" },
  ]);
  return {
    network,
    from,
    to,
    token,
    transfer,
    balanceOf: Token.interface.encodeFunctionData("balanceOf", [to]),
    hash,
  };
}
