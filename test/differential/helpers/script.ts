import type { Shrunk } from "./shrink.js";

import { show } from "./compare.js";

/** A script that sends the minimal failing requests to both networks and prints what they answer. */
export function reproductionScript({ sequence, failure }: Shrunk): string {
  return `import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import plugin from "hardhat-parallel";

const config = ${JSON.stringify({ type: "edr-simulated", ...sequence.config }, null, 2)};
const requests = [
${failure.requests.map((request) => `  ${JSON.stringify(request)},`).join("\n")}
];
for (const plugins of [[], [plugin]]) {
  const hre = await createHardhatRuntimeEnvironment({ plugins, networks: { repro: config } });
  const { provider } = await hre.network.create({ network: "repro" });
  console.log(plugins.length === 0 ? "--- EDR" : "--- ours");
  for (const request of requests) {
    try {
      console.log(request.method, JSON.stringify(await provider.request(request)));
    } catch (error) {
      console.log(request.method, error.name, error.code, error.message, JSON.stringify(error.data));
    }
  }
}
`;
}

export function failureText({ sequence, failure }: Shrunk): string {
  const { difference } = failure;
  return [
    `seed ${sequence.seed}: ${failure.check} differs at ${difference.path}`,
    `  EDR:  ${show(difference.reference)}`,
    `  ours: ${show(difference.subject)}`,
    ...((difference.besides ?? []).length > 0
      ? [`  and in ${difference.besides?.join(", ")}`]
      : []),
    `config ${JSON.stringify(sequence.config)}`,
    "steps",
    ...sequence.steps.map(
      ({ id, method, params }) => `  ${id}: ${method} ${show(params, 1500)}`,
    ),
  ].join("\n");
}
