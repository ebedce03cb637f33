import type { Hash } from "../chain/types.js";
import type { Bytecode } from "./model/bytecode.js";
import type { CompilerInput, CompilerOutput } from "./model/compiler-output.js";
import type { ContractSource } from "./trace-builder.js";

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { debuglog } from "node:util";

import { ContractsIdentifier } from "./contracts-identifier.js";
import { buildModel } from "./model/build-model.js";
import { isAtLeast } from "./versions.js";

const log = debuglog("hardhat-parallel:stack-traces");

/** Where Hardhat keeps build infos, below the artifacts. */
const BUILD_INFO_DIRECTORY = "build-info";
const INPUT_SUFFIX = ".json";
const OUTPUT_SUFFIX = ".output.json";

/** The outputs of older compilers have no source maps that could be trusted. */
const FIRST_SUPPORTED_VERSION = "0.5.1";

interface BuildInfo {
  readonly solcVersion: string;
  readonly compilerType?: string;
  readonly input: CompilerInput;
}

/**
 * The contracts that the project has compiled. Build infos are read when a contract is first asked
 * for, because reading them takes seconds in a big project; those that a later compilation adds are
 * read when they are there.
 */
export class ProjectContracts implements ContractSource {
  readonly #directory: string;
  readonly #identifier = new ContractsIdentifier();
  readonly #loaded = new Set<string>();
  readonly #byHash = new Map<Hash, Bytecode | null>();
  #modified = -1;

  /** @param artifactsPath `paths.artifacts` of the config. */
  constructor(artifactsPath: string) {
    this.#directory = join(artifactsPath, BUILD_INFO_DIRECTORY);
  }

  public identify(
    code: Uint8Array,
    codeHash: Hash | undefined,
  ): Bytecode | undefined {
    this.#refresh();
    if (codeHash === undefined) {
      return this.#identifier.identify(code, true);
    }
    let bytecode = this.#byHash.get(codeHash);
    if (bytecode === undefined) {
      bytecode = this.#identifier.identify(code, false) ?? null;
      this.#byHash.set(codeHash, bytecode);
    }
    return bytecode ?? undefined;
  }

  /**
   * The contract that a code belongs to, where its hash is not known.
   *
   * @param isCreation `code` is init code, with the constructor's arguments behind it.
   */
  public identifyCode(
    code: Uint8Array,
    isCreation: boolean,
  ): Bytecode | undefined {
    this.#refresh();
    return this.#identifier.identify(code, isCreation);
  }

  #refresh(): void {
    const modified =
      statSync(this.#directory, { throwIfNoEntry: false })?.mtimeMs ?? -1;
    if (modified === this.#modified) {
      return;
    }
    this.#modified = modified;
    this.#byHash.clear();
    if (modified === -1) {
      return;
    }
    for (const file of readdirSync(this.#directory)) {
      if (
        file.endsWith(INPUT_SUFFIX) &&
        !file.endsWith(OUTPUT_SUFFIX) &&
        !this.#loaded.has(file)
      ) {
        this.#loaded.add(file);
        this.#load(file.slice(0, -INPUT_SUFFIX.length));
      }
    }
  }

  /** A build info that cannot be read leaves its contracts unrecognised. */
  #load(id: string): void {
    try {
      const path = join(this.#directory, id);
      const info = readJson<BuildInfo>(path + INPUT_SUFFIX);
      if (
        (info.compilerType !== undefined && info.compilerType !== "solc") ||
        !isAtLeast(info.solcVersion, FIRST_SUPPORTED_VERSION)
      ) {
        return;
      }
      const { output } = readJson<{ readonly output: CompilerOutput }>(
        path + OUTPUT_SUFFIX,
      );
      for (const bytecode of buildModel(info.solcVersion, info.input, output)) {
        this.#identifier.add(bytecode);
      }
    } catch (error) {
      log("build info %s cannot be read: %O", id, error);
    }
  }
}

function readJson<ContentT>(path: string): ContentT {
  return JSON.parse(readFileSync(path, "utf8")) as ContentT;
}
