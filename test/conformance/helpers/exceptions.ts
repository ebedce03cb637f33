/**
 * What fixtures call the reasons for which a block or a transaction is refused, and which of our faults
 * each stands for. A name that is not here makes its case fail: the table is complete, or says so.
 */
import type { Fault, Refusal } from "../../../src/internal/protocol/errors.js";

/** Why a block is none that could be imported at all. */
export interface DeliveryRefusal {
  /** By the Engine API. */
  readonly fault: "block hash" | "versioned hashes" | "parameters";
  readonly detail: string;
}

type KnownFault = Fault | DeliveryRefusal["fault"];

/** A fault, or only those of its refusals whose detail begins like this. */
type Pattern = KnownFault | readonly [fault: KnownFault, detail: string];

type Row = readonly [names: string, ...patterns: Pattern[]];

/** What old fixtures mean that say of a block only that it is refused. */
export const ANY_EXCEPTION = "any exception";

const ENCODING = "transaction encoding";
const LEADING_ZERO: Pattern = [ENCODING, "leading zero"];
const OVERFLOW: Pattern = [ENCODING, "overflow"];
const LENGTH: Pattern = [ENCODING, "unexpected length"];
const SINGLE_BYTE: Pattern = [ENCODING, "non-canonical single byte"];
const UNKNOWN_TYPE: Pattern = ["transaction type", "unknown"];
const LIST: Pattern = [ENCODING, "unexpected list"];
const TOO_SHORT: Pattern = [ENCODING, "input too short"];

/** Names as in the execution specs, in github.com/ethereum/tests, and in its older fixtures. */
const BLOCKS: readonly Row[] = [
  ["RLP_STRUCTURES_ENCODING", "encoding", ENCODING],
  ["RLP_INVALID_ADDRESS INPUT_UNMARSHAL_ADDRESS_ERROR", "encoding"],
  ["RLP_INVALID_FIELD_OVERFLOW_64 INPUT_UNMARSHAL_ERROR", "encoding"],
  ["RLP_WITHDRAWALS_NOT_READ RLP_ExpectedAsList", "withdrawals root"],
  ["RLP_BLOCK_LIMIT_EXCEEDED", "size"],
  // Fields are known by their places: without one, those after it are others. Nor has an access list in
  // disorder a form, but a block brings its hash alone.
  ["INCORRECT_BLOCK_FORMAT", "header fields", "encoding", "access list"],
  ["UNKNOWN_PARENT UnknownParent", "parent"],
  // No proof of work is looked at; the fixtures' blocks also have other states than they say.
  ["InvalidBlockNonce", "state root", "receipts root"],
  ["UNKNOWN_PARENT_ZERO UnknownParent2", "parent"],
  ["INVALID_BLOCK_NUMBER InvalidNumber", "number"],
  ["INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT", "timestamp"],
  ["InvalidTimestampOlderParent InvalidTimestamp", "timestamp"],
  ["GASLIMIT_TOO_BIG InvalidGasLimit", "gas limit"],
  ["INVALID_GASLIMIT InvalidGasLimit2", "gas limit"],
  ["INVALID_BASEFEE_PER_GAS", "base fee"],
  ["1559BlockImportImpossible_BaseFeeWrong", "base fee"],
  ["EXTRA_DATA_TOO_BIG ExtraDataTooBig", "extra data"],
  ["EXTRA_DATA_INVALID_DAO ExtraDataIncorrectDAO", "DAO extra data"],
  ["INVALID_DIFFICULTY InvalidDifficulty", "difficulty"],
  ["IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS", "difficulty"],
  ["PostParisDifficultyIsNot0", "difficulty"],
  ["IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS", "ommers after the merge"],
  ["PostParisUncleHashIsNotEmpty", "ommers after the merge"],
  ["INCORRECT_EXCESS_BLOB_GAS", "excess blob gas"],
  ["TOO_MANY_UNCLES TooManyUncles", "too many ommers"],
  // In old fixtures also of what the chain has as a block.
  [
    "UNCLE_IN_CHAIN UncleInChain",
    "ommer was named already",
    "ommer is an ancestor",
  ],
  ["UNCLE_IS_ANCESTOR UncleIsAncestor", "ommer is an ancestor"],
  // Of another ommer of the block, in old fixtures also of the block.
  [
    "UNCLE_IS_BROTHER UncleIsBrother",
    "ommer was named already",
    "ommer's parent",
  ],
  ["UNCLE_PARENT_INCORRECT UncleParentIsNotAncestor", "ommer's parent"],
  ["UNCLE_UNKNOWN_PARENT", "ommer's parent"],
  // An ommer with the genesis block's number has no parent, and may be that block.
  ["InvalidUncleParentHash", "ommer's parent", "ommer is an ancestor"],
  ["UncleTooOld", "ommer's parent"],
  ["INVALID_UNCLES_HASH InvalidUnclesHash", "ommers' hash"],
  ["INVALID_TRANSACTIONS_ROOT InvalidTransactionsRoot", "transactions root"],
  ["INVALID_WITHDRAWALS_ROOT InvalidWithdrawals", "withdrawals root"],
  ["INCORRECT_BLOB_GAS_USED", "blob gas used"],
  // Nothing is said of the limit: it follows from what the transactions use.
  ["BLOB_GAS_USED_ABOVE_LIMIT", "blob gas used"],
  ["INVALID_GAS_USED InvalidGasUsed", "gas used"],
  ["INVALID_GAS_USED_ABOVE_LIMIT", "gas used above the limit"],
  // A limit of nothing is below what is used, and wrong by itself.
  ["TooMuchGasUsed", "gas used above the limit", "gas limit"],
  [
    "GAS_USED_OVERFLOW BlockGasLimitReached",
    "gas limit above the block's",
    "gas used above the limit",
  ],
  ["INVALID_RECEIPTS_ROOT InvalidReceiptsStateRoot", "receipts root"],
  ["INVALID_LOG_BLOOM InvalidLogBloom", "logs bloom"],
  ["INVALID_STATE_ROOT InvalidStateRoot", "state root"],
  ["INVALID_REQUESTS", "requests hash"],
  ["INVALID_DEPOSIT_EVENT_LAYOUT", "deposit event"],
  ["SYSTEM_CONTRACT_EMPTY", "system contract's code"],
  ["SYSTEM_CONTRACT_CALL_FAILED", "system contract's call"],
  // Whatever is wrong with a list shows in its hash.
  ["INVALID_BLOCK_ACCESS_LIST INVALID_BAL_HASH", "access list"],
  ["BLOCK_ACCESS_LIST_GAS_LIMIT_EXCEEDED", "access list's size"],
  ["INVALID_BLOCK_HASH", "block hash"],
  ["INVALID_VERSIONED_HASHES", "versioned hashes"],
  // The Engine API's codes: parameters that do not fit the method, or the fork.
  ["-32602", "parameters", "header fields", "block hash"],
  ["-38005", "parameters", "header fields", "block hash"],
  // A header shows what fork it is of by the fields that it has.
  ["IMPORT_IMPOSSIBLE_LEGACY", "header fields"],
  ["IMPORT_IMPOSSIBLE_LEGACY_WRONG_PARENT", "header fields"],
  ["1559BlockImportImpossible_HeaderIsLegacy", "header fields"],
  ["LegacyBlockImportImpossible", "header fields", "gas limit"],
  ["IMPORT_IMPOSSIBLE_LONDON_WRONG_PARENT", "header fields"],
  ["LegacyBlockImportImpossible2", "header fields"],
  ["IMPORT_IMPOSSIBLE_LONDON_OVER_PARIS", "difficulty"],
  ["IMPORT_IMPOSSIBLE_PARIS_WRONG_POW 3675PoWBlockRejected", "difficulty"],
  ["IMPORT_IMPOSSIBLE_PARIS_WRONG_POS 3675PoSBlockRejected", "difficulty"],
  // Blocks made for the time before the merge: with a difficulty, and some with ommers.
  ["3675PreParis1559BlockRejected", "difficulty", "ommers after the merge"],
  ["IMPORT_IMPOSSIBLE_PARIS_OVER_SHANGHAI", "header fields"],
  ["ParisBlockImportImpossible", "header fields"],
  ["IMPORT_IMPOSSIBLE_SHANGHAI ShanghaiBlockImportImpossible", "header fields"],
];

const TRANSACTIONS: readonly Row[] = [
  // Of a type that the fork does not have, the bytes may be wrong, too.
  [
    "TYPE_NOT_SUPPORTED TR_TypeNotSupported",
    "transaction type",
    OVERFLOW,
    [ENCODING, "unexpected string"],
  ],
  ["TR_TypeNotSupportedBlob", "transaction type"],
  ["TYPE_1_TX_PRE_FORK TYPE_2_TX_PRE_FORK", "transaction type"],
  ["TYPE_3_TX_PRE_FORK TYPE_3_TX_ZERO_BLOBS_PRE_FORK", "transaction type"],
  ["TYPE_4_TX_PRE_FORK", "transaction type"],
  ["SENDER_NOT_EOA SenderNotEOA", "sender has code"],
  ["NONCE_MISMATCH_TOO_HIGH TR_NonceTooHigh", "nonce too high"],
  ["NONCE_MISMATCH_TOO_LOW TR_NonceTooLow", "nonce too low"],
  ["NONCE_IS_MAX NONCE_TOO_BIG TR_NonceHasMaxValue", "nonce overflow"],
  ["INSUFFICIENT_ACCOUNT_FUNDS TR_NoFunds TR_NoFundsX", "funds"],
  ["GASLIMIT_PRICE_PRODUCT_OVERFLOW", "funds"],
  ["INSUFFICIENT_MAX_FEE_PER_GAS", "fee below the base fee"],
  ["TR_FeeCapLessThanBlocks", "fee below the base fee"],
  ["PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS", "priority fee above the fee"],
  ["PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2", "priority fee above the fee"],
  ["TR_TipGtFeeCap", "priority fee above the fee"],
  ["INSUFFICIENT_MAX_FEE_PER_BLOB_GAS", "blob fee"],
  // EIP-7623's floor is one of the two things that the limit has to pay for.
  ["INTRINSIC_GAS_TOO_LOW", "intrinsic gas", "floor gas"],
  ["TR_IntrinsicGas IntrinsicGas", "intrinsic gas"],
  ["INTRINSIC_GAS_BELOW_FLOOR_GAS_COST", "floor gas"],
  ["INITCODE_SIZE_EXCEEDED TR_InitCodeLimitExceeded", "initcode size"],
  ["GAS_ALLOWANCE_EXCEEDED TR_GasLimitReached", "gas limit above the block's"],
  ["GAS_LIMIT_EXCEEDS_MAXIMUM", "gas limit above the cap"],
  ["TYPE_3_TX_ZERO_BLOBS TR_EMPTYBLOB", "no blobs"],
  ["TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH", "blob version"],
  ["TR_BLOBVERSION_INVALID", "blob version"],
  // Too many for one transaction are too many for the block in most forks: one error for both.
  ["TYPE_3_TX_BLOB_COUNT_EXCEEDED TR_BLOBLIST_OVERSIZE", "blob count"],
  ["TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED", "blob count"],
  // In bytes, the address is not one; in fields, it is missing.
  ["TYPE_3_TX_CONTRACT_CREATION", "blob transaction creates", LENGTH],
  ["TR_BLOBCREATE", "blob transaction creates", LENGTH],
  ["TYPE_4_TX_CONTRACT_CREATION", "authorization transaction creates", LENGTH],
  ["TYPE_3_TX_WITH_FULL_BLOBS", ENCODING],
  ["TYPE_4_EMPTY_AUTHORIZATION_LIST", "no authorizations"],
  ["TYPE_4_INVALID_AUTHORIZATION_FORMAT", ENCODING],
  // Only when it has no form: what cannot be recovered is passed over (EIP-7702).
  ["TYPE_4_INVALID_AUTHORITY_SIGNATURE", ENCODING],
  ["TYPE_4_INVALID_AUTHORITY_SIGNATURE_S_TOO_HIGH", ENCODING],
  // Two faults, of which fixtures leave open which is seen first.
  ["TR_NoFundsOrGas", "funds", "intrinsic gas"],
  ["TR_FeeCapLessThanBlocksORNoFunds", "fee below the base fee", "funds"],
  [
    "TR_FeeCapLessThanBlocksORGasLimitReached",
    "fee below the base fee",
    "gas limit above the block's",
  ],
  ["SenderNotEOAorNoCASH", "sender has code", "funds"],
  // The bytes.
  ["EC_RECOVERY_FAIL", "signature"],
  ["INVALID_SIGNATURE_VRS", "signature", OVERFLOW],
  // It is a part of v.
  ["INVALID_CHAINID", "chain id", "signature", OVERFLOW],
  ["ADDRESS_TOO_SHORT ADDRESS_TOO_LONG", LENGTH],
  ["NONCE_OVERFLOW GASLIMIT_OVERFLOW VALUE_OVERFLOW", OVERFLOW],
  ["GASPRICE_OVERFLOW PRIORITY_OVERFLOW RLP_INVALID_VALUE", OVERFLOW],
  ["TR_RLP_WRONGVALUE", OVERFLOW],
  ["RLP_LEADING_ZEROS_GASLIMIT RLP_LEADING_ZEROS_GASPRICE", LEADING_ZERO],
  ["RLP_LEADING_ZEROS_VALUE RLP_LEADING_ZEROS_NONCE", LEADING_ZERO],
  ["RLP_LEADING_ZEROS_V", LEADING_ZERO],
  // With zeros before them, words are too long as well.
  ["RLP_LEADING_ZEROS_R RLP_LEADING_ZEROS_S", LEADING_ZERO, OVERFLOW],
  ["RLP_LEADING_ZEROS_BASEFEE", LEADING_ZERO, OVERFLOW],
  ["RLP_LEADING_ZEROS_PRIORITY_FEE", LEADING_ZERO, OVERFLOW],
  ["RLP_LEADING_ZEROS_DATA_SIZE", LEADING_ZERO],
  ["RLP_LEADING_ZEROS_NONCE_SIZE", SINGLE_BYTE],
  ["RLP_ERROR_SIZE_LEADING_ZEROS", LEADING_ZERO],
  // What follows the missing field stands in its place.
  ["RLP_TOO_FEW_ELEMENTS", TOO_SHORT, OVERFLOW],
  ["RLP_TOO_MANY_ELEMENTS", LENGTH],
  ["RLP_ERROR_SIZE", TOO_SHORT, LENGTH],
  // Not a list: the first byte is a type.
  ["RLP_ERROR_EOF RLP_INVALID_HEADER", UNKNOWN_TYPE],
  ["RLP_INVALID_SIGNATURE_R RLP_INVALID_SIGNATURE_S", LIST],
  ["RLP_INVALID_DATA RLP_INVALID_GASLIMIT RLP_INVALID_NONCE", LIST],
  ["RLP_INVALID_TO", LIST],
  ["RLP_INVALID_ACCESS_LIST_ADDRESS_TOO_LONG", LENGTH],
  ["RLP_INVALID_ACCESS_LIST_ADDRESS_TOO_SHORT", LENGTH],
  ["RLP_INVALID_ACCESS_LIST_STORAGE_TOO_LONG", LENGTH],
  ["RLP_INVALID_ACCESS_LIST_STORAGE_TOO_SHORT", LENGTH],
];

const PATTERNS: ReadonlyMap<string, readonly Pattern[]> = new Map(
  [...BLOCKS, ...TRANSACTIONS].flatMap(([names, ...patterns]) =>
    names.split(" ").map((name): [string, Pattern[]] => [name, patterns]),
  ),
);

/**
 * What differs between the refusal that a fixture expects (undefined: none) and the one that came.
 * @param expected names of the table, with `|` between those of which any will do.
 */
export function compareRefusal(
  refusal: Refusal | DeliveryRefusal | undefined,
  expected: string | undefined,
): string | undefined {
  if (expected === undefined) {
    return refusal && `refused: ${refusal.fault}: ${refusal.detail}`;
  }
  if (refusal === undefined) {
    return `accepted, expected ${expected}`;
  }
  if (expected === ANY_EXCEPTION) {
    return undefined;
  }
  const patterns = expected.split("|").map(patternsOf);
  const unknown = patterns.find((found) => typeof found === "string");
  if (unknown !== undefined) {
    return `unknown exception ${unknown}`;
  }
  return patterns.flat().some((pattern) => isOf(refusal, pattern as Pattern))
    ? undefined
    : `refused: ${refusal.fault}: ${refusal.detail}, expected ${expected}`;
}

/** The name itself when the table does not have it. */
function patternsOf(name: string): readonly Pattern[] | string {
  const short = name.replace(/^(Block|Transaction)Exception\./, "");
  return PATTERNS.get(short) ?? name;
}

function isOf(
  { fault, detail }: Refusal | DeliveryRefusal,
  pattern: Pattern,
): boolean {
  return typeof pattern === "string"
    ? fault === pattern
    : fault === pattern[0] && detail.startsWith(pattern[1]);
}
