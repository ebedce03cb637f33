/**
 * Parameter types: each parses a JavaScript value fast, and can explain a malformed one slowly.
 * The two halves accept the same values; `test/provider/params.ts` holds them to it.
 */
import { JsonMismatch, type JsonReader } from "./json-reader.js";

export interface ParamType<T> {
  /** @throws {@link INVALID_PARAM} when `value` is not of this type. */
  parse(value: unknown): T;
  /** Reads the value from JSON. @throws JsonMismatch where EDR stops reading. */
  explain(reader: JsonReader): void;
}

/** What `parse` throws: always this one, because who catches it explains the request from its JSON. */
export const INVALID_PARAM: Error = new Error("invalid parameter");

/** `T`, or null or undefined. */
export function optional<T>(type: ParamType<T>): ParamType<T | undefined> {
  return {
    parse: (value) =>
      value === undefined || value === null ? undefined : type.parse(value),
    explain: (reader) => {
      if (reader.isNull()) {
        reader.any();
      } else {
        type.explain(reader);
      }
    },
  };
}

/** An array of `T`. */
export function list<T>(type: ParamType<T>): ParamType<T[]> {
  return {
    parse: (value) => {
      if (!Array.isArray(value)) {
        throw INVALID_PARAM;
      }
      return value.map((item) => type.parse(item));
    },
    explain: (reader) => {
      if (!reader.isSequence()) {
        throw reader.invalidType("a sequence");
      }
      reader.sequence(() => type.explain(reader));
    },
  };
}

/** The fields of an object type: unknown keys are ignored, absent and null ones are undefined. */
export function explainStruct(
  reader: JsonReader,
  name: string,
  fields: ReadonlyMap<string, ParamType<unknown>>,
  options: {
    /** Other names of fields. */
    readonly aliases?: ReadonlyMap<string, string>;
    readonly required?: readonly string[];
    /** Number of fields as the error texts give it. */
    readonly elements: number;
  },
): void {
  if (reader.isSequence()) {
    reader.tuple(
      [...fields.values()].map((type) => () => type.explain(reader)),
      (index) => {
        throw new JsonMismatch(
          `invalid length ${index}, expected struct ${name} with ${options.elements} elements`,
        );
      },
    );
    return;
  }
  if (!reader.isMap()) {
    throw reader.invalidType(`struct ${name}`);
  }
  const seen = new Set<string>();
  reader.map(
    (key) => {
      const field = options.aliases?.get(key) ?? key;
      const type = fields.get(field);
      if (type === undefined) {
        reader.any();
      } else {
        type.explain(reader);
      }
    },
    (key) => {
      const field = options.aliases?.get(key) ?? key;
      if (!fields.has(field)) {
        return;
      }
      if (seen.has(field)) {
        throw new JsonMismatch(`duplicate field \`${field}\``);
      }
      seen.add(field);
    },
    () => {
      for (const field of options.required ?? []) {
        if (!seen.has(field)) {
          throw new JsonMismatch(`missing field \`${field}\``);
        }
      }
    },
  );
}
