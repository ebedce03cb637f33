import type { NetworkConfig } from "hardhat/types/config";
import type { NetworkEngine } from "../constants.js";

/** What decides on which engine a connection runs. */
export interface EngineQuestion {
  readonly networkName: string;
  readonly networkConfig: NetworkConfig;
  readonly chainType: string;
  /** `parallel.enabled` of the config. */
  readonly enabled: boolean;
  /** `--network-engine`, when given. */
  readonly engineOption: NetworkEngine | undefined;
  /** Somebody wants coverage data (`--coverage`). */
  readonly wantsCoverage: boolean;
  /** `-v`, `-vv`…: from 3 on, Hardhat prints call traces. */
  readonly verbosity: number;
}

export type EngineAnswer =
  | { readonly engine: "parallel" }
  /** `reason`: what the user is told; undefined when EDR was never in question (http networks). */
  | { readonly engine: "hardhat"; readonly reason: string | undefined };

const VERBOSITY_OF_TRACES = 3;

/** Decides on which engine a connection runs, and if not on ours, why. */
export function chooseEngine(question: EngineQuestion): EngineAnswer {
  const { networkConfig, networkName } = question;
  if (networkConfig.type !== "edr-simulated") {
    return { engine: "hardhat", reason: undefined };
  }
  if (question.engineOption === "edr") {
    return stay("--network-engine is edr");
  }
  if (networkConfig.parallel === false) {
    return stay(`networks.${networkName}.parallel is false`);
  }
  if (!question.enabled && question.engineOption !== "parallel") {
    return stay("parallel.enabled is false");
  }
  if (question.chainType !== "generic" && question.chainType !== "l1") {
    return stay(
      `its chain type is "${question.chainType}"; only "generic" and "l1" are executed in parallel`,
    );
  }
  if (networkConfig.forking?.enabled === true) {
    return stay("it forks another network (forking.enabled)");
  }
  if (question.wantsCoverage) {
    return stay("code coverage is being collected (--coverage)");
  }
  if (question.verbosity >= VERBOSITY_OF_TRACES) {
    return stay("call traces were asked for (-vvv)");
  }
  return { engine: "parallel" };
}

function stay(reason: string): EngineAnswer {
  return { engine: "hardhat", reason };
}

const told = new Set<string>();

/** Says once per network and reason, on stderr, that a network stays on EDR. */
export function tellWhyOnEdr(
  networkName: string,
  reason: string,
  write: (line: string) => void = (line) => process.stderr.write(line),
): void {
  const line = `hardhat-parallel: network "${networkName}" stays on EDR because ${reason}.\n`;
  if (!told.has(line)) {
    told.add(line);
    write(line);
  }
}
