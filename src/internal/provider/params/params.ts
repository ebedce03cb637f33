/** Parameter lists of methods, and what is said of a list that does not fit. */
import type { JsonRpcRequest } from "hardhat/types/providers";

import {
  INVALID_INPUT,
  INVALID_PARAMS,
  METHOD_NOT_SUPPORTED,
  type ProviderError,
  rpcError,
} from "../rpc-errors.js";
import { JsonMismatch, JsonReader } from "./json-reader.js";
import { INVALID_PARAM, type ParamType } from "./param-type.js";
import { STORAGE_KEY_TOO_LARGE, STORAGE_VALUE_LENGTH } from "./strict.js";

/** A method's parameters: an array of fixed types, whose last ones may be left out. */
export interface Params<P extends readonly unknown[]> {
  /** @throws {@link INVALID_PARAM} */
  parse(values: readonly unknown[]): P;
  explain(reader: JsonReader): void;
}

/** No parameters. */
export const none: Params<[]> = {
  parse: (values) => {
    if (values.length !== 0) {
      throw INVALID_PARAM;
    }
    return [];
  },
  explain: (reader) => {
    let count = 0;
    reader.sequence(() => {
      if (!reader.isNull()) {
        throw reader.invalidType("unit");
      }
      reader.any();
      count++;
    });
    expectCount(count, 0);
  },
};

/** Exactly one parameter. */
export function single<T>(type: ParamType<T>): Params<[T]> {
  return {
    parse: (values) => {
      if (values.length !== 1) {
        throw INVALID_PARAM;
      }
      return [type.parse(values[0])];
    },
    explain: (reader) => {
      let count = 0;
      reader.sequence(() => {
        type.explain(reader);
        count++;
      });
      expectCount(count, 1);
    },
  };
}

/** Any number of parameters of one type, of which the first counts. */
export function first<T>(type: ParamType<T>): Params<[T | undefined]> {
  return {
    parse: (values) => [values.map((value) => type.parse(value))[0]],
    explain: (reader) => reader.sequence(() => type.explain(reader)),
  };
}

function expectCount(actual: number, expected: number): void {
  if (actual !== expected) {
    throw new JsonMismatch(
      `expected params sequence with length ${expected} but got ${actual}`,
    );
  }
}

/**
 * Several parameters.
 *
 * @param variant the method's name in EDR's texts.
 * @param required how many must be given; the rest are parsed from undefined when left out.
 */
export function tuple<P extends readonly unknown[]>(
  variant: string,
  types: { readonly [K in keyof P]: ParamType<P[K]> },
  required: number = types.length,
): Params<P> {
  const size = types.length;
  return {
    parse: (values) => {
      if (values.length > size || values.length < required) {
        throw INVALID_PARAM;
      }
      const parsed = new Array<unknown>(size);
      for (let i = 0; i < size; i++) {
        parsed[i] = types[i].parse(values[i]);
      }
      return parsed as unknown as P;
    },
    explain: (reader) => {
      reader.tuple(
        types.map((type) => () => type.explain(reader)),
        (index) => {
          if (index < required) {
            throw new JsonMismatch(
              `invalid length ${index}, expected tuple variant MethodInvocation::${variant} with ${size} elements`,
            );
          }
        },
      );
    },
  };
}

/**
 * Parses a request's parameters. Those that the fast parsers refuse are tried again as JSON would
 * carry them (undefined becomes null, `toJSON` applies), then explained.
 */
export function parseParams<P extends readonly unknown[]>(
  params: Params<P>,
  request: JsonRpcRequest,
): P {
  try {
    return params.parse(request.params as readonly unknown[]);
  } catch (error) {
    if (error !== INVALID_PARAM) {
      throw error;
    }
  }
  const text = JSON.stringify(request);
  const json = JSON.parse(text) as JsonRpcRequest;
  try {
    return params.parse(json.params as readonly unknown[]);
  } catch (error) {
    if (error !== INVALID_PARAM) {
      throw error;
    }
  }
  throw explain(params, json, text);
}

/** Why `params` refuses the request, as EDR says it. `text` is the request's JSON. */
function explain(
  params: Params<readonly unknown[]>,
  request: JsonRpcRequest,
  text: string,
): ProviderError {
  const reader = new JsonReader(text);
  try {
    // The request is one object, and the method's name comes before its parameters.
    reader.map((key) => {
      if (key === "params" && reader.isSequence()) {
        params.explain(reader);
      } else {
        reader.any();
      }
    });
  } catch (error) {
    if (error instanceof JsonMismatch) {
      return mismatchError(error, request);
    }
    throw error;
  }
  return rpcError(INVALID_PARAMS, "Invalid params", request);
}

function mismatchError(
  mismatch: JsonMismatch,
  request: JsonRpcRequest,
): ProviderError {
  const message = `${mismatch.message} at line 1 column ${mismatch.column}`;
  if (message.startsWith("unknown variant")) {
    return methodNotSupported(request);
  }
  const isStorageProblem =
    message.startsWith(STORAGE_KEY_TOO_LARGE) ||
    message.startsWith(STORAGE_VALUE_LENGTH);
  return rpcError(
    isStorageProblem ? INVALID_INPUT : INVALID_PARAMS,
    message,
    request,
  );
}

/** @param request as JSON would carry it. */
export function methodNotSupported(request: JsonRpcRequest): ProviderError {
  return rpcError(
    METHOD_NOT_SUPPORTED,
    `Method ${request.method} is not supported`,
    request,
  );
}
