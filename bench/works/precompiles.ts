import type { CoreWork } from "./work.js";

import { Buffer } from "node:buffer";

import { PRECOMPILE_INPUTS } from "../../test/helpers/workloads/precompile-inputs.js";
import { freeAddress, INPUT_REPEATER, withInputs } from "./work.js";

/** Each precompile with a typical and, where it differs, its worst input; no input comes twice. */
export function precompileWorks(): CoreWork[] {
  return PRECOMPILE_INPUTS.map((kind) => {
    const to = freeAddress();
    const { id, inputs = 1, rounds = 1 } = kind;
    const data: string[] = [];
    const dataOf = (sample: number): string =>
      (data[sample] ??= withInputs(
        id,
        rounds,
        Array.from({ length: inputs }, (_, i) =>
          Buffer.from(kind.make(sample * inputs + i + 1), "hex"),
        ),
      ));
    return {
      name: `precompile ${kind.name}`,
      unit: "us",
      count: inputs * rounds,
      repeat: 1,
      without: kind.without,
      prepare: async (machine) => {
        await machine.setCode(to, INPUT_REPEATER);
        return (sample) => ({ to, data: dataOf(sample) });
      },
    };
  });
}
