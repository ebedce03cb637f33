/** Options of debug_traceTransaction and debug_traceCall. */
import { JsonMismatch, JsonReader } from "../params/json-reader.js";
import {
  INVALID_PARAM,
  optional,
  type ParamType,
} from "../params/param-type.js";
import { boolean } from "../params/primitives.js";

export interface TraceOptions {
  /** undefined: every step. */
  readonly tracer: string | undefined;
  /** As it came. */
  readonly tracerConfig: unknown;
  readonly disableStack: boolean;
  readonly disableStorage: boolean;
  readonly enableMemory: boolean;
  readonly enableReturnData: boolean;
}

const FLAGS = [
  "disableStorage",
  "disableStack",
  "disableMemory",
  "enableMemory",
  "disableReturnData",
  "enableReturnData",
  "debug",
] as const;

const flag = optional(boolean);
const TEXT_MISMATCH =
  "data did not match any variant of untagged enum GethDebugTracerType";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const DEFAULT_TRACE_OPTIONS: TraceOptions = parse({});

function parse(value: unknown): TraceOptions {
  if (!isRecord(value)) {
    throw INVALID_PARAM;
  }
  const [
    disableStorage,
    disableStack,
    _disableMemory,
    enableMemory,
    disableReturnData,
    enableReturnData,
  ] = FLAGS.map((name) => flag.parse(value[name]));
  const { tracer, tracerConfig } = value;
  if (tracer !== undefined && tracer !== null && typeof tracer !== "string") {
    throw INVALID_PARAM;
  }
  return {
    tracer: tracer ?? undefined,
    tracerConfig,
    disableStack: disableStack ?? false,
    disableStorage: disableStorage ?? false,
    enableMemory: enableMemory ?? false,
    enableReturnData: enableReturnData ?? disableReturnData === false,
  };
}

export const traceOptions: ParamType<TraceOptions> = {
  parse,
  explain: (reader) => {
    if (!reader.isMap()) {
      throw reader.invalidType("struct GethDebugTracingOptions");
    }
    const aside = new Map<string, string>();
    reader.map(
      (key) => {
        if (key === "tracer") {
          const value = reader.any();
          if (value.kind !== "string" && value.kind !== "null") {
            throw new JsonMismatch(TEXT_MISMATCH);
          }
        } else {
          aside.set(key, reader.rawAny());
        }
      },
      undefined,
      () => {
        // The flags are read when the object has ended.
        for (const name of FLAGS) {
          explainFlag(aside.get(name));
        }
      },
    );
  },
};

function explainFlag(text: string | undefined): void {
  if (text === undefined) {
    return;
  }
  try {
    flag.explain(new JsonReader(text));
  } catch (error) {
    throw error instanceof JsonMismatch
      ? new JsonMismatch(error.message)
      : error;
  }
}
