import type { AstNode } from "./compiler-output.js";

import { selectorOfSignature } from "../../abi/selector.js";

/**
 * The selector of a function or of a public variable. Compilers before 0.6 do not say it: then it
 * is worked out from the types, which fails for structs (`Contract.correctSelector` mends that).
 */
export function declarationSelector(node: AstNode): string {
  if (node.functionSelector !== undefined) {
    return node.functionSelector;
  }
  const types =
    node.nodeType === "VariableDeclaration"
      ? getterParameters(node.typeName)
      : (node.parameters?.parameters ?? []).map(parameterType);
  return selectorOfSignature(`${node.name ?? ""}(${types.join(",")})`);
}

/** A getter takes a key for every mapping, and an index for the array, that the variable is of. */
function getterParameters(typeName: AstNode | undefined): string[] {
  const types: string[] = [];
  let type = typeName;
  while (type?.nodeType === "Mapping") {
    types.push(type.keyType === undefined ? "" : typeOf(type.keyType));
    type = type.valueType;
  }
  if (type?.nodeType === "ArrayTypeName") {
    types.push("uint256");
  }
  return types;
}

function parameterType({ typeName }: AstNode): string {
  return typeName === undefined ? "" : typeOf(typeName);
}

function typeOf(typeName: AstNode): string {
  const typeString = typeName.typeDescriptions?.typeString ?? "";
  switch (typeName.nodeType) {
    case "UserDefinedTypeName":
      return typeString.startsWith("enum ") ? "uint8" : "address";
    case "ArrayTypeName":
    case "FunctionTypeName":
      return typeString;
    default:
      return canonical(typeName.name ?? "");
  }
}

function canonical(name: string): string {
  return name.replace(/^(u?int)(?=$|\[)/, "$1256").replace(/ payable$/, "");
}
