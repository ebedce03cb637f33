import type { Bytecode } from "./model/bytecode.js";
import type { CompiledCode } from "./model/compiled-code.js";
import type { CompilerInput, CompilerOutput } from "./model/compiler-output.js";

import { readFileSync } from "node:fs";

import { buildModel } from "./model/build-model.js";
import { readCompiledCodes } from "./model/compiled-code.js";
import { isAtLeast } from "./versions.js";

/** The outputs of older compilers have no source maps that could be trusted. */
const FIRST_SUPPORTED_VERSION = "0.5.1";

interface BuildInfoInput {
  readonly solcVersion: string;
  readonly compilerType?: string;
  readonly input: CompilerInput;
}

interface BuildInfoOutput {
  readonly output: CompilerOutput;
}

/** Where the syntax trees begin: solc writes "sources" behind "contracts". */
const SOURCES = `,"sources":{`;

/** A compilation as Hardhat keeps it, in two files. Both are read when they are needed. */
export class BuildInfo {
  readonly #inputPath: string;
  readonly #outputPath: string;
  #input: BuildInfoInput | undefined;

  constructor(inputPath: string, outputPath: string) {
    this.#inputPath = inputPath;
    this.#outputPath = outputPath;
  }

  /** @throws when the files cannot be read or are no build info. */
  public readCodes(): readonly CompiledCode[] {
    return this.#isSupported()
      ? readCompiledCodes(readContracts(readFileSync(this.#outputPath)).output)
      : [];
  }

  /** @throws when the files cannot be read or are no build info. */
  public readModel(): readonly Bytecode[] {
    if (!this.#isSupported()) {
      return [];
    }
    const { solcVersion, input } = this.#readInput();
    const text = readFileSync(this.#outputPath, "utf8");
    const { output } = JSON.parse(text) as BuildInfoOutput;
    return buildModel(solcVersion, input, output);
  }

  #isSupported(): boolean {
    const { solcVersion, compilerType } = this.#readInput();
    return (
      (compilerType === undefined || compilerType === "solc") &&
      isAtLeast(solcVersion, FIRST_SUPPORTED_VERSION)
    );
  }

  #readInput(): BuildInfoInput {
    this.#input ??= JSON.parse(
      readFileSync(this.#inputPath, "utf8"),
    ) as BuildInfoInput;
    return this.#input;
  }
}

/** Parses an output up to its syntax trees, where it is laid out as expected; else all of it. */
function readContracts(file: Buffer): BuildInfoOutput {
  const end = file.indexOf(SOURCES);
  if (end !== -1) {
    try {
      // A wrong place, inside of a contract that is called "sources", leaves the text unbalanced.
      return JSON.parse(
        `${file.toString("utf8", 0, end)}}}`,
      ) as BuildInfoOutput;
    } catch (error) {
      if (!(error instanceof SyntaxError)) {
        throw error;
      }
    }
  }
  return JSON.parse(file.toString("utf8")) as BuildInfoOutput;
}
