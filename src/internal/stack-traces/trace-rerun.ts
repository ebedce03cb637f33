import type { Chain } from "../chain/chain-interface.js";
import type { Address, Rerun } from "../chain/types.js";
import type { ExecutionTracer } from "../evm/tracing.js";
import type { TracedExecution } from "./trace-builder.js";

import { precompileNumber } from "../provider/call-describer.js";
import { toHex } from "../provider/format/quantity.js";
import { TraceBuilder } from "./trace-builder.js";

/** Executes a call or transaction again, and returns what it went through. */
export function traceRerun(rerun: Rerun, chain: Chain): TracedExecution {
  const builder = new TraceBuilder();
  const tracer: ExecutionTracer = {
    enter: (message) => {
      const { codeAddress } = message;
      const number = precompileNumber(toHex(codeAddress), chain.fork);
      builder.enter({ ...message, isPrecompile: number !== undefined });
    },
    step: (pc, opcode) => {
      builder.step(pc, opcode);
    },
    exit: (status, output) => {
      builder.exit(status, output);
    },
  };
  return chain.withRerun(rerun, (run, transaction) => {
    run.trace(transaction, tracer, { asCall: rerun.kind === "call" });
    return builder.finish((address) => {
      const account = run.account(toHex(address));
      const delegate = delegateOf(account.code);
      return delegate === undefined ? account : run.account(delegate);
    });
  });
}

const DELEGATION_PREFIX = "0xef0100";
const DELEGATION_LENGTH = 23;

/** Whose code runs at an account with a delegation (EIP-7702). */
function delegateOf(code: Uint8Array): Address | undefined {
  if (code.length !== DELEGATION_LENGTH) {
    return undefined;
  }
  const hex = toHex(code);
  return hex.startsWith(DELEGATION_PREFIX)
    ? `0x${hex.slice(DELEGATION_PREFIX.length)}`
    : undefined;
}
