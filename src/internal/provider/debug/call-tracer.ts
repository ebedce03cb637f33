/** The tracers that show calls: callTracer, flatCallTracer and 4byteTracer. */
import type { Address, Hash, Hex } from "../../chain/types.js";
import type { CallNode } from "./call-tree.js";

import {
  TRACE_KIND_CALL,
  TRACE_KIND_CALLCODE,
  TRACE_KIND_CREATE2,
  TRACE_KIND_DELEGATECALL,
  TRACE_KIND_STATICCALL,
} from "../../evm/abi.js";
import { toHex, toQuantity } from "../format/quantity.js";
import { decodeRevert } from "../return-data.js";
import { hasFailed, isCreation, SELFDESTRUCT_KIND } from "./call-tree.js";
import { gethError, panicText, parityError } from "./names.js";

const REVERT = 0x10;

/** Options of callTracer. */
export interface CallTracerConfig {
  readonly onlyTopCall: boolean;
  readonly withLog: boolean;
}

/** Where the traced transaction is; undefined for calls. */
export interface TracedPlace {
  readonly blockHash: Hash;
  readonly transactionHash: Hash;
  readonly transactionIndex: number;
}

const TYPES: ReadonlyMap<number, string> = new Map([
  [SELFDESTRUCT_KIND, "SELFDESTRUCT"],
  [TRACE_KIND_CALL, "CALL"],
  [TRACE_KIND_CALLCODE, "CALLCODE"],
  [TRACE_KIND_DELEGATECALL, "DELEGATECALL"],
  [TRACE_KIND_STATICCALL, "STATICCALL"],
  [TRACE_KIND_CREATE2, "CREATE2"],
]);

function typeOf(node: CallNode): string {
  return TYPES.get(node.kind) ?? "CREATE";
}

/** @param gas of the transaction: what the outermost frame is said to have been given. */
export function callTrace(
  root: CallNode,
  config: CallTracerConfig,
  total?: { readonly gas: bigint; readonly gasUsed: bigint },
): Record<string, unknown> {
  const trace = callFrame(root, config);
  if (total !== undefined) {
    trace.gas = toQuantity(total.gas);
    trace.gasUsed = toQuantity(total.gasUsed);
  }
  return trace;
}

function callFrame(
  node: CallNode,
  config: CallTracerConfig,
): Record<string, unknown> {
  const failed = hasFailed(node);
  const frame: Record<string, unknown> = {
    from: node.from,
    gas: toQuantity(node.gas),
    gasUsed: toQuantity(node.gasUsed),
  };
  if (!failed || !isCreation(node)) {
    frame.to = node.to;
  }
  frame.input = toHex(node.input);
  if (node.output.length > 0 && (!failed || node.status === REVERT)) {
    frame.output = toHex(node.output);
  }
  if (failed) {
    frame.error = gethError(node.status);
    const reason = revertReason(node);
    if (reason !== undefined) {
      frame.revertReason = reason;
    }
  }
  const calls = config.onlyTopCall
    ? node.calls.filter(({ kind }) => kind === SELFDESTRUCT_KIND)
    : node.calls;
  if (calls.length > 0) {
    frame.calls = calls.map((call) => callFrame(call, config));
  }
  if (config.withLog && node.logs.length > 0) {
    frame.logs = node.logs.map((log) => ({
      address: log.address,
      topics: log.topics,
      data: log.data,
      position: toQuantity(log.position),
      index: toQuantity(log.index),
    }));
  }
  if (node.kind !== TRACE_KIND_STATICCALL) {
    frame.value = toQuantity(node.value);
  }
  frame.type = typeOf(node);
  return frame;
}

function revertReason(node: CallNode): string | undefined {
  if (node.status !== REVERT) {
    return undefined;
  }
  const revert = decodeRevert(node.output);
  switch (revert.kind) {
    case "error":
      return revert.reason === "" ? undefined : revert.reason;
    case "panic":
      return panicText(revert.code);
    default:
      return undefined;
  }
}

/**
 * Parity's form: a list, each call with its place in the tree; without calls of precompiles.
 *
 * @param isPrecompile whether an address is one.
 */
export function flatCallTrace(
  root: CallNode,
  blockNumber: bigint,
  place: TracedPlace | undefined,
  gasLimit: bigint,
  isPrecompile: (address: Address) => boolean,
): unknown[] {
  const traces: unknown[] = [];
  const visit = (node: CallNode, traceAddress: number[]): void => {
    const calls = node.calls.filter(
      (call) => call.value !== 0n || !isPrecompile(call.to),
    );
    traces.push({
      action: flatAction(node, traceAddress.length === 0 ? gasLimit : node.gas),
      ...(place === undefined ? {} : { blockHash: place.blockHash }),
      blockNumber: Number(blockNumber),
      ...(hasFailed(node) ? { error: parityError(node.status) } : {}),
      result: flatResult(node),
      subtraces: calls.length,
      traceAddress,
      ...(place === undefined
        ? {}
        : {
            transactionHash: place.transactionHash,
            transactionPosition: place.transactionIndex,
          }),
      type: flatType(node),
    });
    for (const [index, call] of calls.entries()) {
      visit(call, [...traceAddress, index]);
    }
  };
  visit(root, []);
  return traces;
}

function flatType(node: CallNode): string {
  if (node.kind === SELFDESTRUCT_KIND) {
    return "suicide";
  }
  return isCreation(node) ? "create" : "call";
}

function flatAction(node: CallNode, gas: bigint): unknown {
  if (node.kind === SELFDESTRUCT_KIND) {
    return {
      address: node.from,
      balance: toQuantity(node.value),
      refundAddress: node.to,
    };
  }
  if (isCreation(node)) {
    return {
      from: node.from,
      gas: toQuantity(gas),
      init: toHex(node.input),
      value: toQuantity(node.value),
      creationMethod: typeOf(node).toLowerCase(),
    };
  }
  return {
    from: node.from,
    callType: typeOf(node).toLowerCase(),
    gas: toQuantity(gas),
    input: toHex(node.input),
    to: node.to,
    value: toQuantity(node.value),
  };
}

function flatResult(node: CallNode): unknown {
  if (
    node.kind === SELFDESTRUCT_KIND ||
    (hasFailed(node) && node.status !== REVERT)
  ) {
    return null;
  }
  const gasUsed = toQuantity(node.gasUsed);
  return isCreation(node)
    ? { address: node.to, code: toHex(node.output), gasUsed }
    : { gasUsed, output: toHex(node.output) };
}

/** How often each selector was called, by selector and size of the arguments. */
export function fourByteTrace(root: CallNode): Record<string, number> {
  const counts: Record<string, number> = {};
  const visit = (node: CallNode): void => {
    if (!isCreation(node) && node.input.length >= 4) {
      const selector: Hex = toHex(node.input.subarray(0, 4));
      const key = `${selector}-${node.input.length - 4}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    node.calls.forEach(visit);
  };
  visit(root);
  return Object.fromEntries(
    Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
