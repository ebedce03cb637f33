/** The EIP-1193 provider of a connection: takes requests, drives a chain, throws Hardhat's errors. */
import type {
  EthereumProvider,
  JsonRpcRequest,
  JsonRpcResponse,
  RequestArguments,
  SuccessfulJsonRpcResponse,
} from "hardhat/types/providers";
import type { Chain } from "../chain/chain-interface.js";
import type { CallNamer } from "./call-describer.js";
import type { CallObserver, ProviderContext } from "./context.js";

import { EventEmitter } from "node:events";
import { callbackify } from "node:util";

import { ChainError } from "../chain/errors.js";
import { type FailureExplainer, genericExplainer } from "./failure.js";
import { FilterRegistry, type SubscriptionItem } from "./filters.js";
import { formatBlock } from "./format/block.js";
import { toQuantity } from "./format/quantity.js";
import { paramsNotArrayError, providerClosedError } from "./hardhat-errors.js";
import { MethodLogger, type PrintLine } from "./logger.js";
import { METHODS } from "./methods.js";
import { methodNotSupported, parseParams } from "./params/params.js";
import { printLine } from "./print-line.js";
import {
  InternalCallOutOfGasError,
  INVALID_PARAMS,
  ProviderError,
  rpcError,
  UnknownError,
} from "./rpc-errors.js";
import { SolidityError } from "./solidity-error.js";

/** As Hardhat's network says it; web3_clientVersion is rewritten from this. */
const EDR_VERSION = "0.3.8";
const CLIENT_VERSION = `edr/${EDR_VERSION}/revm/41.0.0`;
/** Emitted after a snapshot was reverted to. */
export const REVERT_SNAPSHOT_EVENT = "hardhatNetworkRevertSnapshot";

// Numbers of assembly/forks.ts.
const BERLIN = 9;
const LONDON = 10;

/** Runs Hardhat's `onRequest` hooks around a request. */
export type RequestWrapper = (
  request: JsonRpcRequest,
  next: (request: JsonRpcRequest) => Promise<JsonRpcResponse>,
) => Promise<JsonRpcResponse>;

export interface ProviderOptions {
  readonly chain: Chain;
  /** Failed calls throw (else they return what was returned). */
  readonly throwOnCallFailures: boolean;
  /** Failed transactions throw; they are mined all the same. */
  readonly throwOnTransactionFailures: boolean;
  readonly loggingEnabled: boolean;
  /** Version of Hardhat, for web3_clientVersion. */
  readonly hardhatVersion: string;
  readonly requestWrapper?: RequestWrapper;
  /** Default: explains executions as those of unknown contracts. */
  readonly explainer?: FailureExplainer;
  readonly onCall?: CallObserver;
  /** Names contracts in the log. */
  readonly namer?: CallNamer;
  /** Default: console.log. */
  readonly print?: PrintLine;
}

interface PendingEvent {
  readonly subscription: string;
  readonly result: SubscriptionItem;
}

export class ParallelProvider extends EventEmitter implements EthereumProvider {
  /** Gas of calls and transactions that name none. Hardhat's gas handler reads it. */
  public readonly defaultTransactionGasLimit: bigint;
  readonly #wrapper: RequestWrapper | undefined;
  readonly #hardhatVersion: string;
  readonly #handleRequest: (
    request: JsonRpcRequest,
  ) => Promise<JsonRpcResponse>;
  #context: ProviderContext | undefined;
  #nextRequestId = 1;
  /** Events of the running handler: emitted when it is done, before its request resolves. */
  #events: PendingEvent[] = [];
  #isHandling = false;

  constructor(options: ProviderOptions) {
    super();
    const { chain } = options;
    const showsType = chain.fork >= BERLIN;
    const logger = new MethodLogger(
      chain,
      options.loggingEnabled,
      options.print ?? printLine,
      options.namer,
    );
    // The chain outlives no provider, but must not keep one alive either: its timer would.
    const self = new WeakRef(this);
    const filters = new FilterRegistry(
      chain,
      (id, result) => {
        const provider = self.deref();
        if (provider !== undefined) {
          provider.#enqueue({ subscription: toQuantity(id), result });
        }
      },
      (block) => formatBlock(block, false, showsType),
    );
    chain.listen({
      pendingTransaction: (hash) => filters.onPendingTransaction(hash),
      block: (mined) => filters.onBlock(mined.block),
      intervalBlock: (mined) => logger.interval(mined),
    });
    this.#context = {
      chain,
      filters,
      logger,
      explainer: options.explainer ?? genericExplainer,
      onCall: options.onCall,
      throwOnCallFailures: options.throwOnCallFailures,
      throwOnTransactionFailures: options.throwOnTransactionFailures,
      showsType,
      showsPrice: chain.fork >= LONDON,
      clientVersion: CLIENT_VERSION,
    };
    this.#wrapper = options.requestWrapper;
    this.#hardhatVersion = options.hardhatVersion;
    this.#handleRequest = async (request) => this.#handle(request);
    this.defaultTransactionGasLimit = chain.defaultTransactionGasLimit;
  }

  /** Whether transactions above the block gas limit are refused. Hardhat's gas handler reads it. */
  public get isBlockGasLimitEnforced(): boolean {
    return this.#context?.chain.isBlockGasLimitEnforced ?? true;
  }

  public async request(requestArguments: RequestArguments): Promise<unknown> {
    if (this.#context === undefined) {
      throw providerClosedError();
    }
    // Refused requests count too, as on Hardhat's network.
    const id = this.#nextRequestId++;
    const { method, params = [] } = requestArguments;
    if (!Array.isArray(params)) {
      throw paramsNotArrayError();
    }
    const request: JsonRpcRequest = {
      jsonrpc: "2.0",
      id,
      method,
      params,
    };
    const response =
      this.#wrapper === undefined
        ? this.#handle(request)
        : await this.#wrapped(request, this.#wrapper);
    if ("error" in response && response.error !== undefined) {
      const { code, message, data } = response.error;
      const error = new ProviderError(message, code);
      error.data = data;
      throw error;
    }
    const { result } = response as SuccessfulJsonRpcResponse;
    if (request.method === "evm_revert" && result === true) {
      this.emit(REVERT_SNAPSHOT_EVENT);
    } else if (request.method === "web3_clientVersion") {
      return this.#rewriteClientVersion(result);
    }
    return result;
  }

  public send(method: string, params?: unknown[]): Promise<unknown> {
    return this.request({ method, params });
  }

  public sendAsync(
    request: JsonRpcRequest,
    callback: (error: unknown, response: JsonRpcResponse) => void,
  ): void {
    const respond = async (): Promise<JsonRpcResponse> => {
      const { id, method, params } = request;
      try {
        const result = await this.request({ method, params });
        return { jsonrpc: "2.0", id, result };
      } catch (error) {
        return sendAsyncFailure(id, error);
      }
    };
    callbackify(respond)(callback);
  }

  /** Gives back what the connection holds; later requests are refused. */
  public async close(): Promise<void> {
    this.removeAllListeners();
    const context = this.#context;
    this.#context = undefined;
    this.#events = [];
    context?.filters.clear();
    context?.chain.close();
    return Promise.resolve();
  }

  /**
   * Runs the hooks. Hardhat fills in a missing gas limit there, and falls back to the default when
   * an estimate is impossible because of an internal call; it knows that case by a class that it
   * does not export, so the fallback is made here.
   */
  async #wrapped(
    request: JsonRpcRequest,
    wrapper: RequestWrapper,
  ): Promise<JsonRpcResponse> {
    try {
      return await wrapper(request, this.#handleRequest);
    } catch (error) {
      const transaction = sentTransaction(request);
      if (
        !(error instanceof InternalCallOutOfGasError) ||
        transaction === undefined ||
        transaction.gas !== undefined ||
        this.#context === undefined
      ) {
        throw error;
      }
      transaction.gas = toQuantity(this.#fallbackGas(this.#context.chain));
      return await wrapper(request, this.#handleRequest);
    }
  }

  #fallbackGas(chain: Chain): bigint {
    const fallback = this.defaultTransactionGasLimit;
    if (!chain.isBlockGasLimitEnforced) {
      return fallback;
    }
    // Hardhat's handler sends a request for this block: the ids of later requests show it.
    this.#nextRequestId++;
    const limit = chain.pendingBlock().gasLimit;
    return fallback < limit ? fallback : limit;
  }

  /** Executes a request, hooks aside. Nothing in it waits, so requests are served one by one. */
  #handle(request: JsonRpcRequest): JsonRpcResponse {
    const context = this.#context;
    if (context === undefined) {
      throw providerClosedError();
    }
    const method = METHODS.get(request.method);
    if (method === undefined) {
      throw this.#unsupported(context, request);
    }
    const params = this.#parse(context, request, method.params);
    this.#isHandling = true;
    try {
      const result = method.run(context, params);
      if (context.logger.isEnabled) {
        context.logger.method(request.method, undefined);
      }
      return { jsonrpc: "2.0", id: request.id, result };
    } catch (error) {
      const converted = convertError(error);
      context.logger.method(request.method, converted);
      // The few frames that a stack has room for should reach the caller's code.
      const hidden =
        this.#wrapper === undefined ? this.#handle : this.#handleRequest;
      if (converted instanceof SolidityError) {
        converted.hideFrames(hidden);
      } else if (!(converted instanceof UnknownError)) {
        Error.captureStackTrace(converted, hidden);
      }
      throw converted;
    } finally {
      this.#isHandling = false;
      if (this.#events.length > 0) {
        this.#flushEvents();
      }
    }
  }

  #parse(
    context: ProviderContext,
    request: JsonRpcRequest,
    params: Parameters<typeof parseParams>[0],
  ): readonly unknown[] {
    try {
      return parseParams(params, request);
    } catch (error) {
      // What is malformed is not logged; what means nothing is.
      if (error instanceof ProviderError && error.code !== INVALID_PARAMS) {
        context.logger.method(request.method, error);
      }
      throw error;
    }
  }

  #unsupported(context: ProviderContext, request: JsonRpcRequest): Error {
    const json = JSON.parse(JSON.stringify(request)) as JsonRpcRequest;
    const error = methodNotSupported(json);
    context.logger.method(request.method, error);
    return error;
  }

  #rewriteClientVersion(version: unknown): unknown {
    return typeof version === "string"
      ? `HardhatNetwork/${this.#hardhatVersion}/@nomicfoundation/edr/${version.split("/")[1]}`
      : version;
  }

  #enqueue(event: PendingEvent): void {
    this.#events.push(event);
    if (!this.#isHandling) {
      this.#flushEvents();
    }
  }

  #flushEvents(): void {
    const events = this.#events;
    this.#events = [];
    for (const { subscription, result } of events) {
      this.#emitSafely("notification", { subscription, result });
      this.#emitSafely("message", {
        type: "eth_subscription",
        data: { subscription, result },
      });
    }
  }

  /** A listener that throws is its owner's problem, not the request's. */
  #emitSafely(event: string, payload: unknown): void {
    try {
      this.emit(event, payload);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}

/** What a handler threw, as a caller should see it. */
function convertError(error: unknown): Error {
  if (error instanceof ChainError) {
    return rpcError(error.code, error.message);
  }
  if (ProviderError.isProviderError(error)) {
    return error;
  }
  if (error instanceof Error) {
    // Failed executions have a numeric code; anything else is our own mistake.
    return "code" in error && typeof error.code === "number"
      ? error
      : new UnknownError(error.message, error);
  }
  return new UnknownError(String(error));
}

/** The transaction object of an eth_sendTransaction request. */
function sentTransaction(
  request: JsonRpcRequest,
): { gas?: unknown } | undefined {
  if (
    request.method !== "eth_sendTransaction" ||
    !Array.isArray(request.params)
  ) {
    return undefined;
  }
  const transaction: unknown = request.params[0];
  return typeof transaction === "object" && transaction !== null
    ? transaction
    : undefined;
}

/** Errors with a string code become responses; all others are the callback's first argument. */
function sendAsyncFailure(
  id: number | string,
  error: unknown,
): JsonRpcResponse {
  if (
    !(error instanceof Error) ||
    !("code" in error) ||
    typeof error.code !== "string"
  ) {
    throw error;
  }
  const code = parseInt(error.code, 10);
  return {
    jsonrpc: "2.0",
    id,
    error: {
      code: Number.isNaN(code) ? -1 : code,
      message: error.message,
      data: { stack: error.stack, name: error.name },
    },
  };
}
