/** What `--gas-stats` wants to know: the gas of every successful call, transaction and deployment. */
import type { NetworkHooks } from "hardhat/types/hooks";
import type { Chain, MinedBlock } from "../chain/chain-interface.js";
import type {
  Address,
  CallRequest,
  ExecutionResult,
  Rerun,
} from "../chain/types.js";
import type { Bytecode } from "../stack-traces/model/bytecode.js";
import type { ProjectContracts } from "../stack-traces/project-contracts.js";
import type {
  TracedExecution,
  TracedMessage,
} from "../stack-traces/trace-builder.js";

import { UNRECOGNIZED_CONTRACT_NAME } from "../provider/stack-trace.js";
import { traceRerun } from "../stack-traces/trace-rerun.js";

/** Of Hardhat's `onGasMeasurement` hook. */
export type GasMeasurement = Parameters<NetworkHooks["onGasMeasurement"]>[1];

const FIRST_FAILURE = 0x10;
const DELEGATECALL = 0xf4;
const KIND_DELEGATECALL = 2;

/** What was executed. */
interface Execution {
  readonly to: Address | undefined;
  readonly data: Uint8Array;
  readonly result: ExecutionResult;
  readonly rerun: Rerun;
}

export class GasMeter {
  readonly #chain: Chain;
  readonly #contracts: ProjectContracts;
  readonly #report: (measurement: GasMeasurement) => void;

  constructor(
    chain: Chain,
    contracts: ProjectContracts,
    report: (measurement: GasMeasurement) => void,
  ) {
    this.#chain = chain;
    this.#contracts = contracts;
    this.#report = report;
    chain.listen({
      block: (mined) => {
        this.#block(mined);
      },
    });
  }

  public call(
    { to, data }: CallRequest,
    result: ExecutionResult,
    rerun: Rerun,
  ): void {
    this.#measure({ to, data, result, rerun });
  }

  #block({ executed }: MinedBlock): void {
    for (const { transaction, result } of executed) {
      const { to, data, hash } = transaction;
      this.#measure({
        to,
        data,
        result,
        rerun: { kind: "transaction", hash },
      });
    }
  }

  #measure(execution: Execution): void {
    const { to, result } = execution;
    if (result.status >= FIRST_FAILURE) {
      return;
    }
    const measurement =
      to === undefined
        ? this.#deployment(execution)
        : this.#function(execution, to);
    if (measurement !== undefined) {
      this.#report(measurement);
    }
  }

  #deployment({ data, result }: Execution): GasMeasurement | undefined {
    const bytecode = this.#contracts.identifyCode(data, true);
    return bytecode === undefined
      ? undefined
      : {
          contractFqn: nameOf(bytecode),
          type: "deployment",
          gas: Number(result.gasUsed),
          runtimeSize: result.output.length,
        };
  }

  #function(execution: Execution, to: Address): GasMeasurement | undefined {
    const { data, rerun, result } = execution;
    const reference = rerun.kind === "call" ? rerun.block : "latest";
    const code = this.#chain.code(to, reference);
    // Whether the contract is a proxy shows only in what it did.
    const proxies = code.includes(DELEGATECALL)
      ? findProxies(traceRerun(rerun, this.#chain))
      : [];
    const codes = proxies.map(({ code: executed }) => executed);
    const implementation = this.#contracts.identifyCode(
      codes.at(-1) ?? code,
      false,
    );
    const called = implementation?.contract.functionFor(data);
    if (implementation === undefined || called === undefined) {
      return undefined;
    }
    const types = (called.parameters() ?? []).map(({ type }) => type);
    return {
      contractFqn: nameOf(implementation),
      type: "function",
      functionSig: `${called.name}(${types.join(",")})`,
      gas: Number(result.gasUsed),
      proxyChain: codes.map((executed) => {
        const bytecode = this.#contracts.identifyCode(executed, false);
        return bytecode === undefined
          ? UNRECOGNIZED_CONTRACT_NAME
          : nameOf(bytecode);
      }),
    };
  }
}

/** The contract's name with its file's. */
function nameOf({ contract }: Bytecode): string {
  return `${contract.location.file.sourceName}:${contract.name}`;
}

/**
 * From the outermost proxy to the implementation; empty when there is no proxy. A proxy delegates
 * the function it was called with, and returns what it is returned.
 */
function findProxies(execution: TracedExecution): TracedMessage[] {
  const chain: TracedMessage[] = [];
  let message: TracedMessage | undefined = execution.message;
  while (message !== undefined) {
    const proxy: TracedMessage = message;
    chain.push(proxy);
    message = proxy.messages.find(
      ({ kind, input, output }) =>
        kind === KIND_DELEGATECALL &&
        input.length >= 4 &&
        proxy.input.length >= 4 &&
        Buffer.compare(output, proxy.output) === 0 &&
        Buffer.compare(input.subarray(0, 4), proxy.input.subarray(0, 4)) === 0,
    );
  }
  return chain.length === 1 ? [] : chain;
}
