import type {
  AbiEntry,
  AstNode,
  CompilerInput,
  CompilerOutput,
  ContractOutput,
} from "./compiler-output.js";
import type { ContractFunction, FunctionType, Visibility } from "./contract.js";

import { selectorOfSignature } from "../../abi/selector.js";
import { declarationSelector } from "./ast-selectors.js";
import { Bytecode } from "./bytecode.js";
import { AbiErrors, readCode } from "./compiled-code.js";
import { Contract } from "./contract.js";
import { SourceFile, SourceLocation } from "./source.js";

/**
 * The bytecodes of one compilation, with contracts, functions and source locations.
 *
 * @param compilerVersion "0.8.28"
 * @returns Creation code and runtime code of every contract that has code, in the order of the
 * compiler's output.
 */
export function buildModel(
  compilerVersion: string,
  input: CompilerInput,
  output: CompilerOutput,
): Bytecode[] {
  const files = readFiles(input, output);
  const contracts = new Map<number, ContractInFile>();
  for (const [sourceName, { id, ast }] of Object.entries(
    output.sources ?? {},
  )) {
    const file = files.get(id);
    if (file !== undefined && ast !== undefined) {
      readFile(
        file,
        ast,
        files,
        output.contracts?.[sourceName] ?? {},
        contracts,
      );
    }
  }

  for (const [id, { contract, bases }] of contracts) {
    for (const base of bases) {
      const inherited = contracts.get(base);
      if (base !== id && inherited !== undefined) {
        contract.inherit(inherited.contract);
      }
    }
  }

  const bytecodes: Bytecode[] = [];
  for (const { contract, compiled } of contracts.values()) {
    // Abstract contracts and interfaces have no code.
    if (compiled === undefined || compiled.evm.bytecode.object === "") {
      continue;
    }
    const { bytecode, deployedBytecode, methodIdentifiers } = compiled.evm;
    for (const [signature, selector] of Object.entries(
      methodIdentifiers ?? {},
    )) {
      contract.correctSelector(signature.split("(")[0] ?? "", selector);
    }
    for (const [code, isDeployment] of [
      [bytecode, true],
      [deployedBytecode, false],
    ] as const) {
      bytecodes.push(
        new Bytecode({
          contract,
          isDeployment,
          ...readCode(code),
          compilerVersion,
          sourceMap: code.sourceMap ?? "",
          files,
        }),
      );
    }
  }
  return bytecodes;
}

interface ContractInFile {
  readonly contract: Contract;
  /** Ids of the linearised bases, the contract itself first. */
  readonly bases: readonly number[];
  readonly compiled: ContractOutput | undefined;
}

type Files = ReadonlyMap<number, SourceFile>;

function readFiles(input: CompilerInput, output: CompilerOutput): Files {
  const files = new Map<number, SourceFile>();
  for (const [sourceName, { id }] of Object.entries(output.sources ?? {})) {
    const content = input.sources[sourceName]?.content ?? "";
    files.set(id, new SourceFile(sourceName, content));
  }
  return files;
}

function readFile(
  file: SourceFile,
  ast: AstNode,
  files: Files,
  compiled: Readonly<Record<string, ContractOutput>>,
  contracts: Map<number, ContractInFile>,
): void {
  const functions: ContractFunction[] = [];
  for (const node of ast.nodes ?? []) {
    if (node.nodeType === "FunctionDefinition") {
      functions.push(...readFunction(node, files, []));
    } else if (
      node.nodeType === "ContractDefinition" &&
      (node.contractKind === "contract" || node.contractKind === "library")
    ) {
      const output = compiled[node.name ?? ""];
      const abi = output?.abi ?? [];
      const declared = (node.nodes ?? []).flatMap((member) =>
        readMember(member, files, abi),
      );
      functions.push(...declared);
      contracts.set(node.id ?? -1, {
        contract: new Contract(
          node.name ?? "",
          node.contractKind === "library",
          readLocation(node.src, files),
          declared,
          new AbiErrors(abi),
        ),
        bases: node.linearizedBaseContracts ?? [],
        compiled: output,
      });
    }
  }
  file.functions = functions;
}

function readMember(
  node: AstNode,
  files: Files,
  abi: readonly AbiEntry[],
): ContractFunction[] {
  switch (node.nodeType) {
    case "FunctionDefinition":
      return readFunction(node, files, abi);
    case "ModifierDefinition":
      return [
        {
          name: node.name ?? "",
          type: "modifier",
          location: readLocation(node.src, files),
          visibility: undefined,
          isPayable: false,
          selector: undefined,
          parameters: () => undefined,
        },
      ];
    case "VariableDeclaration":
      return node.visibility === "public"
        ? [
            {
              name: node.name ?? "",
              type: "getter",
              location: readLocation(node.src, files),
              visibility: "public",
              isPayable: false,
              selector: declarationSelector(node),
              parameters: () =>
                abi.find(({ name }) => name === node.name)?.inputs,
            },
          ]
        : [];
    default:
      return [];
  }
}

function functionTypeOf(kind: string | undefined): FunctionType {
  switch (kind) {
    case "constructor":
    case "fallback":
    case "receive":
      return kind;
    case "freeFunction":
      return "free-function";
    default:
      return "function";
  }
}

function readFunction(
  node: AstNode,
  files: Files,
  abi: readonly AbiEntry[],
): ContractFunction[] {
  if (node.implemented === false) {
    return [];
  }
  const type = functionTypeOf(node.kind);
  const visibility = toVisibility(node.visibility);
  const isCallable =
    type === "function" &&
    (visibility === "public" || visibility === "external");
  const selector = isCallable ? declarationSelector(node) : undefined;
  return [
    {
      name: node.name ?? "",
      type,
      location: readLocation(node.src, files),
      visibility,
      isPayable: node.stateMutability === "payable",
      selector,
      parameters: () =>
        abi.find(
          (entry) =>
            entry.name === node.name && selectorOfTypes(entry) === selector,
        )?.inputs,
    },
  ];
}

/**
 * Structs are "tuple" here, so functions that take one find no entry: Hardhat's network does not
 * check their arguments, and neither do we.
 */
function selectorOfTypes({ name = "", inputs = [] }: AbiEntry): string {
  return selectorOfSignature(
    `${name}(${inputs.map(({ type }) => type).join(",")})`,
  );
}

function toVisibility(visibility: string | undefined): Visibility {
  switch (visibility) {
    case "private":
    case "internal":
    case "external":
      return visibility;
    default:
      return "public";
  }
}

/** `src` is "offset:length:file". */
function readLocation(src: string, files: Files): SourceLocation {
  const [offset, length, id] = src.split(":").map(Number);
  const file = files.get(id ?? -1) ?? new SourceFile("", "");
  return new SourceLocation(file, offset ?? 0, length ?? 0);
}
