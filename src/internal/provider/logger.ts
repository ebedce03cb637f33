/**
 * What the network prints: console.log of contracts, always; and, when logging is enabled, every
 * method with what it did, as Hardhat's network does it.
 */
import type {
  Chain,
  ExecutedTransaction,
  MinedBlock,
  SendOutcome,
} from "../chain/chain-interface.js";
import type {
  Address,
  Block,
  BlockReference,
  CallRequest,
  ExecutionResult,
  Hash,
  Transaction,
} from "../chain/types.js";

import {
  CallDescriber,
  type CallNamer,
  type DescriptionLine,
} from "./call-describer.js";
import { decodeConsoleLogs } from "./console/decode.js";
import { isSuccess } from "./failure.js";
import { failureText } from "./failure-text.js";
import {
  bold,
  emptyBlockText,
  emptyRangeText,
  formatWei,
  green,
  LogLines,
  red,
  yellow,
} from "./log-lines.js";
import { METHOD_NOT_SUPPORTED } from "./rpc-errors.js";

/** Prints a line; `replace`: over the line before. */
export type PrintLine = (line: string, replace: boolean) => void;

const INCOMPATIBLE_EIP155 =
  "Trying to send an incompatible EIP-155 transaction, signed for another chain.";
const METAMASK_HINT =
  "If you are using MetaMask, you can learn how to fix this error here: https://hardhat.org/metamask-issue";

/** The method that the log leaves out. */
const UNLOGGED_METHOD = "hardhat_setLoggingEnabled";

/** What was printed last, as far as it may be continued. */
type State =
  | { readonly kind: "none" }
  | { readonly kind: "method"; readonly name: string; readonly count: number }
  | { readonly kind: "mined-empty"; readonly first: bigint }
  | { readonly kind: "interval-empty"; readonly first: bigint };

const NONE: State = { kind: "none" };

export class MethodLogger {
  public isEnabled: boolean;
  readonly #print: PrintLine;
  readonly #describer: CallDescriber;
  readonly #lines = new LogLines();
  /** Errors whose story has been told. */
  readonly #reported = new WeakSet<Error>();
  #state: State = NONE;

  constructor(
    chain: Chain,
    isEnabled: boolean,
    print: PrintLine,
    namer: CallNamer | undefined,
  ) {
    this.isEnabled = isEnabled;
    this.#print = print;
    this.#describer = new CallDescriber(chain, namer);
  }

  /** The error is of a failed execution that has been logged. */
  public markReported(error: Error): void {
    this.#reported.add(error);
  }

  public call(
    request: CallRequest,
    result: ExecutionResult,
    reference: BlockReference,
  ): void {
    this.#execution(request, result, reference, false);
  }

  public estimateFailure(
    request: CallRequest,
    result: ExecutionResult,
    reference: BlockReference,
    isInternalOutOfGas: boolean,
  ): void {
    this.#execution(request, result, reference, true, isInternalOutOfGas);
  }

  public send(outcome: SendOutcome): void {
    if (!this.isEnabled) {
      this.#printConsoleOf(outcome.mined);
      return;
    }
    const { mined, own, hash } = outcome;
    const home = mined.find(({ executed }) =>
      executed.some(({ transaction }) => transaction.hash === hash),
    );
    if (own === undefined || home === undefined) {
      return;
    }
    this.#state = NONE;
    if (mined.length > 1 || home.executed.length > 1) {
      this.#addOthers(mined, hash);
    }
    this.#addSent(home.block, own);
  }

  /** Blocks mined on request; `reserved`: empty ones among them that nobody has made yet. */
  public mined(
    blocks: readonly MinedBlock[],
    reserved: { readonly first: bigint; readonly last: bigint } | undefined,
  ): void {
    if (!this.isEnabled) {
      this.#printConsoleOf(blocks);
      return;
    }
    for (const [index, mined] of blocks.entries()) {
      const first =
        this.#state.kind === "mined-empty" ? this.#state.first : undefined;
      this.#state = NONE;
      if (mined.executed.length === 0) {
        this.#addEmptyBlock(mined.block, first);
        this.#state = {
          kind: "mined-empty",
          first: first ?? mined.block.number,
        };
      } else {
        this.#addMinedBlock(mined);
        if (index < blocks.length - 1) {
          this.#lines.add("");
        }
      }
    }
    const last = blocks.at(-1)?.block.number;
    if (
      reserved !== undefined &&
      this.#state.kind === "mined-empty" &&
      (last === undefined || reserved.last > last)
    ) {
      this.#addEmptyRange(this.#state.first, reserved.last);
    }
  }

  /** A block of the interval timer: printed at once. */
  public interval(mined: MinedBlock): void {
    if (!this.isEnabled) {
      this.#printConsoleOf([mined]);
      return;
    }
    const { block } = mined;
    if (mined.executed.length > 0) {
      this.#lines.indented(() => this.#addBlockContent(mined));
      this.#print(`Mined block #${block.number}`, false);
      if (this.#printLines()) {
        this.#print("", false);
      }
      return;
    }
    const first =
      this.#state.kind === "interval-empty" ? this.#state.first : undefined;
    if (first === undefined) {
      this.#print(emptyBlockText(block), false);
    } else {
      this.#print(emptyRangeText(first, block.number), true);
    }
    this.#state = { kind: "interval-empty", first: first ?? block.number };
  }

  /** Prints a method that has ended, with what was logged meanwhile. */
  public method(name: string, error: Error | undefined): void {
    if (!this.isEnabled || name === UNLOGGED_METHOD) {
      return;
    }
    if (error !== undefined) {
      this.#failedMethod(name, error);
      return;
    }
    if (this.#state.kind === "method" && this.#state.name === name) {
      const count = this.#state.count + 1;
      this.#state = { kind: "method", name, count };
      this.#print(green(`${name} (${count})`), true);
    } else {
      this.#state = { kind: "method", name, count: 1 };
      this.#print(green(name), false);
    }
    if (this.#printLines()) {
      this.#print("", false);
    }
  }

  #execution(
    request: CallRequest,
    result: ExecutionResult,
    reference: BlockReference,
    showsZero: boolean,
    isInternalOutOfGas = false,
  ): void {
    if (!this.isEnabled) {
      this.#printConsole(result);
      return;
    }
    this.#state = NONE;
    this.#lines.indented(() => {
      this.#addLines(this.#describer.call(request, reference));
      this.#addParties(request.from, request.to);
      if (showsZero || request.value > 0n) {
        this.#lines.addTitled("Value", formatWei(request.value));
      }
      this.#addOutcome(result, isInternalOutOfGas);
    });
  }

  #failedMethod(name: string, error: Error): void {
    this.#state = NONE;
    const code = "code" in error ? error.code : undefined;
    if (code === METHOD_NOT_SUPPORTED) {
      this.#print(red(`${name} - Method not supported`), false);
      return;
    }
    this.#print(red(name), false);
    this.#printLines();
    if (!this.#reported.has(error)) {
      this.#print("", false);
      this.#lines.indented(() => {
        this.#print(this.#lines.indent(error.message), false);
        if (error.message === INCOMPATIBLE_EIP155) {
          this.#print(this.#lines.indent(yellow(METAMASK_HINT)), false);
        }
      });
    }
    this.#print("", false);
  }

  /** Everything in the blocks, when the sent transaction was not the only one. */
  #addOthers(mined: readonly MinedBlock[], sent: Hash): void {
    this.#lines.indented(() => {
      this.#lines.add(
        mined.length > 1
          ? "There were other pending transactions. More than one block had to be mined:"
          : "There were other pending transactions mined in the same block:",
      );
    });
    this.#lines.add("");
    for (const block of mined) {
      this.#lines.indented(() => {
        const { number, hash } = block.block;
        this.#lines.add(`Block #${number}: ${hash}`);
        this.#lines.indented(() => this.#addTransactions(block, sent));
      });
      this.#lines.add("");
    }
    this.#lines.indented(() => {
      this.#lines.add("Currently sent transaction:");
      this.#lines.add("");
    });
  }

  #addSent(block: Block, own: ExecutedTransaction): void {
    const { transaction, result } = own;
    this.#lines.indented(() => {
      this.#addLines(this.#describer.transaction(transaction, block));
      this.#lines.addTitled("Transaction", transaction.hash);
      this.#addParties(transaction.from, transaction.to);
      this.#addValueAndGas(transaction, result);
      this.#lines.addTitled(`Block #${block.number}`, block.hash);
      this.#addOutcome(result);
    });
  }

  #addMinedBlock(mined: MinedBlock): void {
    this.#lines.indented(() => {
      this.#lines.add(`Mined block #${mined.block.number}`);
      this.#lines.indented(() => this.#addBlockContent(mined));
    });
  }

  #addBlockContent(mined: MinedBlock): void {
    this.#lines.add(`Block: ${mined.block.hash}`);
    this.#lines.indented(() => this.#addTransactions(mined, undefined));
  }

  #addTransactions(mined: MinedBlock, highlighted: Hash | undefined): void {
    const { block, executed } = mined;
    if (block.baseFeePerGas !== undefined) {
      this.#lines.add(`Base fee: ${block.baseFeePerGas}`);
    }
    for (const [index, { transaction, result }] of executed.entries()) {
      const { hash } = transaction;
      this.#lines.addTitled(
        "Transaction",
        hash === highlighted ? bold(hash) : hash,
      );
      this.#lines.indented(() => {
        this.#addLines(this.#describer.transaction(transaction, block));
        this.#addParties(transaction.from, transaction.to);
        this.#addValueAndGas(transaction, result);
        this.#addOutcome(result);
      });
      if (index < executed.length - 1) {
        this.#lines.add("");
      }
    }
  }

  #addEmptyBlock(block: Block, first: bigint | undefined): void {
    if (first !== undefined) {
      this.#addEmptyRange(first, block.number);
      return;
    }
    this.#lines.indented(() => this.#lines.add(emptyBlockText(block)));
  }

  #addEmptyRange(first: bigint, last: bigint): void {
    this.#lines.indented(() => {
      this.#lines.replaceLast(emptyRangeText(first, last));
    });
  }

  #addLines(lines: readonly DescriptionLine[]): void {
    for (const { title, text } of lines) {
      if (title === undefined) {
        this.#lines.add(text);
      } else {
        this.#lines.addTitled(title, text);
      }
    }
  }

  #addParties(from: Address, to: Address | undefined): void {
    this.#lines.addTitled("From", from);
    if (to !== undefined) {
      this.#lines.addTitled("To", to);
    }
  }

  #addValueAndGas(transaction: Transaction, result: ExecutionResult): void {
    this.#lines.addTitled("Value", formatWei(transaction.value));
    this.#lines.addTitled(
      "Gas used",
      `${result.gasUsed} of ${transaction.gasLimit}`,
    );
  }

  #addOutcome(result: ExecutionResult, isInternalOutOfGas = false): void {
    const messages = decodeConsoleLogs(result.console);
    if (messages.length > 0) {
      this.#lines.add("");
      this.#lines.add("console.log:");
      this.#lines.indented(() => {
        for (const message of messages) {
          this.#lines.add(message);
        }
      });
    }
    if (isInternalOutOfGas || !isSuccess(result)) {
      this.#lines.add("");
      this.#lines.add(failureText(result, isInternalOutOfGas));
    }
  }

  #printLines(): boolean {
    const lines = this.#lines.take();
    for (const line of lines) {
      this.#print(line, false);
    }
    return lines.length > 0;
  }

  #printConsoleOf(blocks: readonly MinedBlock[]): void {
    for (const { executed } of blocks) {
      for (const { result } of executed) {
        this.#printConsole(result);
      }
    }
  }

  #printConsole(result: ExecutionResult): void {
    if (result.console.length === 0) {
      return;
    }
    for (const line of decodeConsoleLogs(result.console)) {
      this.#print(line, false);
    }
  }
}
