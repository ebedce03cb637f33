import type { Hash } from "../chain/types.js";
import type { Bytecode } from "./model/bytecode.js";
import type {
  CompiledCode,
  ErrorSource,
  KnownCode,
} from "./model/compiled-code.js";
import type { ContractSource } from "./trace-builder.js";

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { debuglog } from "node:util";

import { BuildInfo } from "./build-info.js";
import { ContractsIdentifier } from "./contracts-identifier.js";

const log = debuglog("hardhat-parallel:stack-traces");

/** Where Hardhat keeps build infos, below the artifacts. */
const BUILD_INFO_DIRECTORY = "build-info";
const INPUT_SUFFIX = ".json";
const OUTPUT_SUFFIX = ".output.json";

/**
 * The contracts that the project has compiled. Build infos are read when a contract is first asked
 * for, because reading them takes seconds in a big project; those that a later compilation adds are
 * read when they are there.
 */
export class ProjectContracts implements ContractSource {
  readonly #directory: string;
  readonly #found = new Set<string>();
  readonly #codes: Knowledge<CompiledCode>;
  readonly #model: Knowledge<Bytecode>;
  #modified = -1;

  /** @param artifactsPath `paths.artifacts` of the config. */
  constructor(artifactsPath: string) {
    this.#directory = join(artifactsPath, BUILD_INFO_DIRECTORY);
    this.#codes = new Knowledge((buildInfo) => buildInfo.readCodes());
    this.#model = new Knowledge((buildInfo) => buildInfo.readModel());
  }

  public identify(
    code: Uint8Array,
    codeHash: Hash | undefined,
  ): Bytecode | undefined {
    this.#refresh();
    return this.#model.identify(code, codeHash);
  }

  /**
   * The errors that the contract of a code declares. Costs a tenth of what identifying a first
   * contract costs.
   *
   * @param codeHash of deployed code; undefined: `code` is init code.
   */
  public errorsOf(
    code: Uint8Array,
    codeHash: Hash | undefined,
  ): ErrorSource | undefined {
    this.#refresh();
    return this.#codes.identify(code, codeHash)?.errors;
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
    return this.#model.identifyCode(code, isCreation);
  }

  #refresh(): void {
    const modified =
      statSync(this.#directory, { throwIfNoEntry: false })?.mtimeMs ?? -1;
    if (modified === this.#modified) {
      return;
    }
    this.#modified = modified;
    const added = modified === -1 ? [] : this.#findNew();
    this.#codes.add(added);
    this.#model.add(added);
  }

  #findNew(): BuildInfo[] {
    const added: BuildInfo[] = [];
    for (const file of readdirSync(this.#directory)) {
      if (
        file.endsWith(INPUT_SUFFIX) &&
        !file.endsWith(OUTPUT_SUFFIX) &&
        !this.#found.has(file)
      ) {
        this.#found.add(file);
        const path = join(this.#directory, file.slice(0, -INPUT_SUFFIX.length));
        added.push(new BuildInfo(path + INPUT_SUFFIX, path + OUTPUT_SUFFIX));
      }
    }
    return added;
  }
}

/** Something that is known of codes, once the build infos are read for it. */
class Knowledge<CodeT extends KnownCode> {
  readonly #read: (buildInfo: BuildInfo) => readonly CodeT[];
  readonly #identifier = new ContractsIdentifier<CodeT>();
  readonly #byHash = new Map<Hash, CodeT | null>();
  #unread: BuildInfo[] = [];

  constructor(read: (buildInfo: BuildInfo) => readonly CodeT[]) {
    this.#read = read;
  }

  /** Called whenever build infos came or went. */
  public add(buildInfos: readonly BuildInfo[]): void {
    this.#byHash.clear();
    this.#unread.push(...buildInfos);
  }

  public identify(
    code: Uint8Array,
    codeHash: Hash | undefined,
  ): CodeT | undefined {
    if (codeHash === undefined) {
      return this.identifyCode(code, true);
    }
    let known = this.#byHash.get(codeHash);
    if (known === undefined) {
      known = this.identifyCode(code, false) ?? null;
      this.#byHash.set(codeHash, known);
    }
    return known ?? undefined;
  }

  public identifyCode(
    code: Uint8Array,
    isCreation: boolean,
  ): CodeT | undefined {
    this.#readAll();
    return this.#identifier.identify(code, isCreation);
  }

  /** A build info that cannot be read leaves its contracts unrecognised. */
  #readAll(): void {
    const unread = this.#unread;
    this.#unread = [];
    for (const buildInfo of unread) {
      try {
        for (const known of this.#read(buildInfo)) {
          this.#identifier.add(known);
        }
      } catch (error) {
        log("a build info cannot be read: %O", error);
      }
    }
  }
}
