/**
 * Solidity stack traces: what Hardhat's errors carry as `error.stackTrace`. Numbers and fields are
 * those of `@nomicfoundation/edr`; `test/provider/stack-trace.ts` pins them.
 */
export const StackTraceEntryType = {
  CALLSTACK_ENTRY: 0,
  UNRECOGNIZED_CREATE_CALLSTACK_ENTRY: 1,
  UNRECOGNIZED_CONTRACT_CALLSTACK_ENTRY: 2,
  PRECOMPILE_ERROR: 3,
  REVERT_ERROR: 4,
  PANIC_ERROR: 5,
  CUSTOM_ERROR: 6,
  FUNCTION_NOT_PAYABLE_ERROR: 7,
  INVALID_PARAMS_ERROR: 8,
  FALLBACK_NOT_PAYABLE_ERROR: 9,
  FALLBACK_NOT_PAYABLE_AND_NO_RECEIVE_ERROR: 10,
  UNRECOGNIZED_FUNCTION_WITHOUT_FALLBACK_ERROR: 11,
  MISSING_FALLBACK_OR_RECEIVE_ERROR: 12,
  RETURNDATA_SIZE_ERROR: 13,
  NONCONTRACT_ACCOUNT_CALLED_ERROR: 14,
  CALL_FAILED_ERROR: 15,
  DIRECT_LIBRARY_CALL_ERROR: 16,
  UNRECOGNIZED_CREATE_ERROR: 17,
  UNRECOGNIZED_CONTRACT_ERROR: 18,
  OTHER_EXECUTION_ERROR: 19,
  UNMAPPED_SOLC_0_6_3_REVERT_ERROR: 20,
  CONTRACT_TOO_LARGE_ERROR: 21,
  INTERNAL_FUNCTION_CALLSTACK_ENTRY: 22,
  CONTRACT_CALL_RUN_OUT_OF_GAS_ERROR: 23,
} as const;

type EntryType = typeof StackTraceEntryType;

export interface SourceReference {
  readonly sourceName: string;
  readonly sourceContent: string;
  readonly contract?: string;
  readonly function?: string;
  /** 1-based. */
  readonly line: number;
  /** Start and end offset. */
  readonly range: readonly number[];
}

/** Kind of a function on the call stack. */
export const ContractFunctionType = {
  CONSTRUCTOR: 0,
  FUNCTION: 1,
  FALLBACK: 2,
  RECEIVE: 3,
  GETTER: 4,
  MODIFIER: 5,
  FREE_FUNCTION: 6,
} as const;

interface InSource {
  readonly sourceReference: SourceReference;
}

interface MaybeInSource {
  readonly sourceReference?: SourceReference | undefined;
}

interface Returned {
  readonly returnData: Uint8Array;
  readonly isInvalidOpcodeError: boolean;
}

export type StackTraceEntry =
  | (InSource & {
      readonly type: EntryType["CALLSTACK_ENTRY"];
      readonly functionType: number;
    })
  | {
      readonly type: EntryType["UNRECOGNIZED_CREATE_CALLSTACK_ENTRY"];
      readonly sourceReference?: undefined;
    }
  | {
      readonly type: EntryType["UNRECOGNIZED_CONTRACT_CALLSTACK_ENTRY"];
      readonly address: Uint8Array;
      readonly sourceReference?: undefined;
    }
  | {
      readonly type: EntryType["PRECOMPILE_ERROR"];
      readonly precompile: number;
      readonly sourceReference?: undefined;
    }
  | (InSource & Returned & { readonly type: EntryType["REVERT_ERROR"] })
  | (MaybeInSource & {
      readonly type: EntryType["PANIC_ERROR"];
      readonly errorCode: bigint;
    })
  | (InSource & {
      readonly type: EntryType["CUSTOM_ERROR"];
      readonly message: string;
    })
  | (InSource & {
      readonly type:
        | EntryType["FUNCTION_NOT_PAYABLE_ERROR"]
        | EntryType["FALLBACK_NOT_PAYABLE_ERROR"]
        | EntryType["FALLBACK_NOT_PAYABLE_AND_NO_RECEIVE_ERROR"];
      readonly value: bigint;
    })
  | (InSource & {
      readonly type:
        | EntryType["INVALID_PARAMS_ERROR"]
        | EntryType["UNRECOGNIZED_FUNCTION_WITHOUT_FALLBACK_ERROR"]
        | EntryType["MISSING_FALLBACK_OR_RECEIVE_ERROR"]
        | EntryType["RETURNDATA_SIZE_ERROR"]
        | EntryType["NONCONTRACT_ACCOUNT_CALLED_ERROR"]
        | EntryType["CALL_FAILED_ERROR"]
        | EntryType["DIRECT_LIBRARY_CALL_ERROR"];
    })
  | (Returned & {
      readonly type: EntryType["UNRECOGNIZED_CREATE_ERROR"];
      readonly sourceReference?: undefined;
    })
  | (Returned & {
      readonly type: EntryType["UNRECOGNIZED_CONTRACT_ERROR"];
      readonly address: Uint8Array;
      readonly sourceReference?: undefined;
    })
  | (MaybeInSource & {
      readonly type:
        | EntryType["OTHER_EXECUTION_ERROR"]
        | EntryType["UNMAPPED_SOLC_0_6_3_REVERT_ERROR"]
        | EntryType["CONTRACT_TOO_LARGE_ERROR"]
        | EntryType["CONTRACT_CALL_RUN_OUT_OF_GAS_ERROR"];
    })
  | (InSource & {
      readonly type: EntryType["INTERNAL_FUNCTION_CALLSTACK_ENTRY"];
      readonly pc: number;
    });

export type StackTrace = readonly StackTraceEntry[];

/** Names of functions that have none. */
export const FALLBACK_FUNCTION_NAME = "<fallback>";
export const RECEIVE_FUNCTION_NAME = "<receive>";
export const CONSTRUCTOR_FUNCTION_NAME = "constructor";
export const UNRECOGNIZED_FUNCTION_NAME = "<unrecognized-selector>";
export const UNKNOWN_FUNCTION_NAME = "<unknown>";
export const PRECOMPILE_FUNCTION_NAME = "<precompile>";
export const UNRECOGNIZED_CONTRACT_NAME = "<UnrecognizedContract>";
