import type { HardhatConfig } from "hardhat/types/config";
import type { HookManager } from "hardhat/types/hooks";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { ChainType, NetworkConnection } from "hardhat/types/network";
import type { RequestWrapper } from "../provider/provider.js";
import type { Verifier } from "../replay/verifier.js";
import type { ProviderFactory } from "./provider-factory.js";

import { createChain } from "../chain/chain.js";
import { getBlockExecutor } from "../executor/executor.js";
import { GasMeter } from "../gas-analytics/gas-meter.js";
import { GasReport } from "../gas-analytics/gas-report.js";
import { ParallelProvider } from "../provider/provider.js";
import { activeRecorder } from "../report/recorder.js";
import { ProjectContracts } from "../stack-traces/project-contracts.js";
import { SolidityExplainer } from "../stack-traces/solidity-explainer.js";
import { toChainOptions } from "./chain-options.js";
import { warnIfExperimental } from "./experimental-hardfork.js";

/** Makes the chain of a connection and the provider in front of it. */
export const createProvider: ProviderFactory = async (
  hre,
  connection,
  networkConfig,
) => {
  const { interval } = networkConfig.mining;
  warnIfExperimental(
    networkConfig.hardfork,
    networkConfig.chainType ?? "generic",
  );
  const recorder = activeRecorder();
  const verifier = isVerifying(hre)
    ? await createVerifier(hre.config.paths.cache)
    : undefined;
  const chain = createChain({
    ...(await toChainOptions(networkConfig, hre.config.parallel)),
    record: recorder !== undefined,
    ...(verifier === undefined ? {} : { executor: verifier.executor }),
  });
  const { contracts, explainer } = contractsOf(hre);
  const gasReport = (await hre.hooks.hasHandlers("network", "onGasMeasurement"))
    ? new GasReport(hre.hooks)
    : undefined;
  const meter =
    gasReport === undefined
      ? undefined
      : new GasMeter(chain, contracts, (measurement) => {
          gasReport.add(measurement);
        });
  const provider = new ParallelProvider({
    chain,
    throwOnCallFailures: networkConfig.throwOnCallFailures,
    throwOnTransactionFailures: networkConfig.throwOnTransactionFailures,
    loggingEnabled: networkConfig.loggingEnabled,
    hardhatVersion: hre.versions.hardhat,
    requestWrapper: afterwards(
      verifier,
      runOnRequestHooks(hre.hooks, connection, gasReport),
    ),
    explainer,
    ...(meter === undefined
      ? {}
      : {
          onCall: (...call) => {
            meter.call(...call);
          },
        }),
    namer: explainer,
  });
  recorder?.attach(chain, connection.networkName);
  if (interval !== 0) {
    chain.setIntervalMining(
      typeof interval === "number"
        ? BigInt(interval)
        : [BigInt(interval[0]), BigInt(interval[1])],
    );
  }
  return provider;
};

/** `parallel.verify` of the config, or `--parallel-verify`. */
function isVerifying(hre: HardhatRuntimeEnvironment): boolean {
  return hre.globalOptions.parallelVerify || hre.config.parallel.verify;
}

/** Loaded where it is used only. */
async function createVerifier(cacheFolder: string): Promise<Verifier> {
  const { Verifier } = await import("../replay/verifier.js");
  return new Verifier(getBlockExecutor(), { cacheFolder });
}

/** Nobody goes on before the blocks that a request mined are verified. */
function afterwards(
  verifier: Verifier | undefined,
  wrapper: RequestWrapper,
): RequestWrapper {
  return verifier === undefined
    ? wrapper
    : async (request, next) => {
        try {
          return await wrapper(request, next);
        } finally {
          await verifier.settled();
        }
      };
}

// Not async: every async function is a frame less for the caller in the stack of an error.
function runOnRequestHooks(
  hooks: HookManager,
  connection: NetworkConnection<ChainType | string>,
  gasReport: GasReport | undefined,
): RequestWrapper {
  return (request, next) =>
    hooks.runHandlerChain(
      "network",
      "onRequest",
      [connection, request],
      gasReport === undefined
        ? (_context, _connection, innermost) => next(innermost)
        : async (_context, _connection, innermost) => {
            try {
              return await next(innermost);
            } finally {
              await gasReport.settled();
            }
          },
    );
}

/** Whether some build profile compiles some contract via IR. */
function usesIrPipeline({ profiles }: HardhatConfig["solidity"]): boolean {
  return Object.values(profiles).some(({ compilers, overrides }) =>
    [...compilers, ...Object.values(overrides)].some(
      ({ settings }) => settings?.viaIR === true,
    ),
  );
}

/** What the connections of an environment know of its compiled contracts. */
interface KnownContracts {
  readonly contracts: ProjectContracts;
  readonly explainer: SolidityExplainer;
}

const knownContracts = new WeakMap<HardhatRuntimeEnvironment, KnownContracts>();

function contractsOf(hre: HardhatRuntimeEnvironment): KnownContracts {
  let known = knownContracts.get(hre);
  if (known === undefined) {
    const contracts = new ProjectContracts(hre.config.paths.artifacts);
    const explainer = new SolidityExplainer(contracts, {
      distrustsData: usesIrPipeline(hre.config.solidity),
    });
    known = { contracts, explainer };
    knownContracts.set(hre, known);
  }
  return known;
}
