/** Which block a caller means. */
import type { BlockReference, BlockTag } from "../../chain/types.js";

import {
  type AnyJson,
  describe,
  JsonMismatch,
  type JsonReader,
  quote,
} from "./json-reader.js";
import { INVALID_PARAM, type ParamType } from "./param-type.js";
import { boolean, hash, parseUint } from "./primitives.js";

const TAGS: ReadonlySet<string> = new Set<BlockTag>([
  "earliest",
  "latest",
  "pending",
  "safe",
  "finalized",
]);

function isTag(value: string): value is BlockTag {
  return TAGS.has(value);
}

/**
 * The message starts with "unknown variant", which makes EDR answer that the method is not
 * supported.
 */
const TAG_NAMES = [...TAGS].map((tag) => `\`${tag}\``).join(", ");

function blockNumber(text: string): bigint {
  const number = parseUint(text, 64);
  if (number === undefined) {
    throw new JsonMismatch(
      `invalid value: string ${quote(text)}, expected a 8 byte hex string`,
    );
  }
  return number;
}

/** A tag, a `0x` number, or an EIP-1898 object. */
export const blockSpec: ParamType<BlockReference> = {
  parse: (value) => {
    if (typeof value === "string") {
      if (isTag(value)) {
        return value;
      }
      if (value.startsWith("0x")) {
        const number = parseUint(value, 64);
        if (number !== undefined) {
          return number;
        }
      }
    } else if (
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value)
    ) {
      return parseEip1898(value);
    }
    throw INVALID_PARAM;
  },
  explain: (reader) => {
    if (reader.isString()) {
      const text = reader.string();
      reader.located(() => {
        if (text.startsWith("0x")) {
          blockNumber(text);
        } else if (!isTag(text)) {
          throw new JsonMismatch(
            `unknown variant \`${text}\`, expected one of ${TAG_NAMES}`,
          );
        }
      });
    } else if (reader.isMap()) {
      explainEip1898(reader);
    } else if (reader.isNumber()) {
      const number = reader.any();
      throw reader.mismatch(
        number.kind === "integer"
          ? `invalid type: ${describe(number)}, expected a block specifier`
          : // A number that is no 64-bit integer is read as an object of one field.
            unknownField("$serde_json::private::Number").message,
      );
    } else {
      throw reader.invalidAny("a block specifier");
    }
  },
};

function parseEip1898(value: object): BlockReference {
  let blockHash: unknown;
  let number: unknown;
  let canonical: unknown;
  for (const [key, field] of Object.entries(value) as Array<
    [string, unknown]
  >) {
    if (field === undefined) {
      continue;
    }
    switch (key) {
      case "blockHash":
        blockHash = field;
        break;
      case "blockNumber":
        number = field;
        break;
      case "requireCanonical":
        canonical = field;
        break;
      default:
        throw INVALID_PARAM;
    }
  }
  if (canonical !== undefined) {
    boolean.parse(canonical);
  }
  if (blockHash !== undefined && number === undefined) {
    return { hash: hash.parse(blockHash) };
  }
  if (
    typeof number === "string" &&
    blockHash === undefined &&
    canonical === undefined
  ) {
    const parsed = parseUint(number, 64);
    if (parsed !== undefined) {
      return parsed;
    }
  }
  throw INVALID_PARAM;
}

function unknownField(key: string): JsonMismatch {
  return new JsonMismatch(
    `unknown field \`${key}\`, expected one of \`blockHash\`, \`requireCanonical\`, \`blockNumber\``,
  );
}

function explainEip1898(reader: JsonReader): void {
  const seen = new Set<string>();
  let number = "";
  reader.map(
    (key) => {
      switch (key) {
        case "blockHash":
          hash.explain(reader);
          break;
        case "requireCanonical":
          boolean.explain(reader);
          break;
        case "blockNumber":
          if (!reader.isString()) {
            throw reader.invalidType("a string");
          }
          number = reader.string();
      }
    },
    (key) => {
      if (!["blockHash", "requireCanonical", "blockNumber"].includes(key)) {
        throw unknownField(key);
      }
      seen.add(key);
    },
    () => {
      const both = (a: string, b: string): void => {
        if (seen.has(a) && seen.has(b)) {
          throw new JsonMismatch(
            `EIP-1898 block spec cannot have both \`${a}\` and \`${b}\``,
          );
        }
      };
      both("blockHash", "blockNumber");
      both("blockNumber", "requireCanonical");
      if (seen.has("blockHash")) {
        return;
      }
      if (!seen.has("blockNumber")) {
        throw new JsonMismatch("Invalid EIP-1898 block spec");
      }
      blockNumber(number);
    },
  );
}

/** A tag or a number (also a JSON number, also decimal): what came before EIP-1898. */
export const preEip1898BlockSpec: ParamType<BlockTag | bigint> = {
  parse: (value) => {
    if (typeof value === "string") {
      if (isTag(value)) {
        return value;
      }
      const number = parseUint(value, 64);
      if (number !== undefined) {
        return number;
      }
    } else if (
      typeof value === "number" &&
      Number.isInteger(value) &&
      value >= 0 &&
      value < 2 ** 64
    ) {
      return BigInt(value);
    }
    throw INVALID_PARAM;
  },
  explain: (reader) => {
    const value = reader.any();
    if (!matches(value)) {
      throw new JsonMismatch(
        "data did not match any variant of untagged enum PreEip1898BlockSpec",
      );
    }
  },
};

function matches(value: AnyJson): boolean {
  if (value.kind === "string") {
    return isTag(value.value) || parseUint(value.value, 64) !== undefined;
  }
  return value.kind === "integer" && !value.text.startsWith("-");
}
