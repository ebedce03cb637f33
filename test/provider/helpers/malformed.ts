/** Parameter lists of all methods: what they should be, and many ways in which they are not. */
const ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const HASH = `0x${"ab".repeat(32)}`;
const AUTHORIZATION = {
  chainId: "0x1",
  address: ADDRESS,
  nonce: "0x0",
  yParity: "0x0",
  r: "0x1",
  s: "0x1",
};

export type ParamKind =
  | "address"
  | "looseAddress"
  | "hash"
  | "data"
  | "block"
  | "requiredBlock"
  | "oldBlock"
  | "flag"
  | "quantity"
  | "count"
  | "call"
  | "transaction"
  | "filter"
  | "subscription"
  | "timestamp"
  | "interval"
  | "typed"
  | "floats"
  | "keys"
  | "slot"
  | "overrides"
  | "strictQuantity"
  | "strictData"
  | "word"
  | "trace";

export const WELL_FORMED: Readonly<Record<ParamKind, readonly unknown[]>> = {
  address: [ADDRESS, `0x${ADDRESS.slice(2).toUpperCase()}`],
  looseAddress: [ADDRESS, ADDRESS.slice(2)],
  hash: [HASH, HASH.slice(2)],
  data: ["0x", "0x1234", "1234", "0X1F", [1, 2]],
  block: ["latest", "0x0", { blockNumber: "0x0" }, { blockHash: HASH }, null],
  requiredBlock: ["latest", "0x0", { blockNumber: "0x0" }],
  oldBlock: ["latest", "0x0", 0, "0", "0x", ""],
  flag: [true, false],
  quantity: ["0x1", "1", 1, "1_0", "0b11", "0o7", "0X1F", "", "0x"],
  count: ["0x1", 1, null],
  call: [
    { to: ADDRESS },
    { to: ADDRESS, data: "0x12", value: "0x1", gas: "0x10000" },
    { to: ADDRESS, accessList: [{ address: ADDRESS, storageKeys: [HASH] }] },
    { to: ADDRESS, accessList: [[ADDRESS, [HASH]]] },
    { to: ADDRESS, gas: null, nonce: "zz", foo: 1 },
    { to: ADDRESS, authorizationList: [AUTHORIZATION] },
    {
      to: ADDRESS,
      authorizationList: [{ ...AUTHORIZATION, yParity: undefined, v: "0x1b" }],
    },
    {
      to: ADDRESS,
      authorizationList: [{ ...AUTHORIZATION, chainId: 1, nonce: 0 }],
    },
  ],
  transaction: [{ from: ADDRESS, to: ADDRESS, gas: "0x10000" }],
  filter: [
    {},
    { fromBlock: "0x0", toBlock: "latest", address: ADDRESS },
    { address: [ADDRESS], topics: [null, HASH, [HASH]] },
    { address: null, topics: null },
  ],
  subscription: ["newHeads", "newPendingTransactions"],
  timestamp: ["0x7fffffff", 2147483647, "2147483647"],
  interval: [0],
  typed: [
    {
      types: { P: [{ name: "x", type: "uint8" }] },
      primaryType: "P",
      domain: {},
      message: { x: 1 },
    },
  ],
  floats: [[1, 2.5], []],
  keys: [[HASH], []],
  slot: ["0x0", "1", "0x", `0x${"f".repeat(64)}`],
  overrides: [
    null,
    {
      [ADDRESS]: {
        balance: "0x1",
        code: "0x",
        nonce: "0x1",
        state: { [HASH]: HASH },
      },
    },
  ],
  strictQuantity: ["0x1", "0x"],
  strictData: ["0x00", "0x"],
  word: [HASH],
  trace: [null, {}, { tracer: "noopTracer" }, { disableStack: true }],
};

/** Values that are wrong for about everything. */
const ANYTHING: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  2 ** 53,
  "",
  "0x",
  "0x0",
  "0xzz",
  "zz",
  "-1",
  "foo",
  'a"b\\c\n\t\u0001é',
  `0x${"f".repeat(16)}`,
  `0x${"f".repeat(64)}`,
  `0x${"f".repeat(65)}`,
  ADDRESS.slice(2),
  `${ADDRESS}00`,
  `${ADDRESS.slice(0, -1)}g`,
  HASH.slice(0, -1),
  `${HASH}00`,
  `${HASH.slice(0, -1)}é`,
  [],
  [1],
  ["0x1"],
  [null],
  [[HASH]],
  {},
  { a: 1 },
];

const BLOCKS: readonly unknown[] = [
  { blockHash: "0x1" },
  { blockHash: HASH, blockNumber: "0x1" },
  { blockNumber: 1 },
  { blockNumber: "zz" },
  { blockNumber: "0x1", requireCanonical: true },
  { blockHash: HASH, requireCanonical: 1 },
  { requireCanonical: true },
];

const CALL_FIELDS: readonly Record<string, unknown>[] = [
  { to: 1 },
  { to: "zz" },
  { data: 1 },
  { data: "0x1" },
  { data: "zz" },
  { input: "0x1" },
  { data: "0x", input: "0x" },
  { input: "0x", data: "0x" },
  { gas: "zz" },
  { gas: -1 },
  { gas: 1.5 },
  { gas: {} },
  { value: `0x1${"0".repeat(64)}` },
  { gasPrice: `0x1${"0".repeat(32)}` },
  { accessList: 1 },
  { accessList: [1] },
  { accessList: [{}] },
  { accessList: [{ address: ADDRESS }] },
  { accessList: [{ address: ADDRESS, storageKeys: 1 }] },
  { accessList: [{ address: ADDRESS, storageKeys: ["0x1"], x: 1 }] },
  { type: "0x100" },
  { type: 256 },
  { blobs: ["0x"] },
  { blobs: [1] },
  { blobHashes: ["0x1"] },
  { authorizationList: 1 },
  { authorizationList: [{}] },
  { authorizationList: [{ ...AUTHORIZATION, r: "zz" }] },
  { authorizationList: [{ ...AUTHORIZATION, yParity: undefined }] },
  { authorizationList: [{ ...AUTHORIZATION, address: "0x1" }] },
  { authorizationList: [{ ...AUTHORIZATION, nonce: "zz" }] },
  { authorizationList: [{ ...AUTHORIZATION, chainId: undefined }] },
];

const BIG_NUMBERS = new Set<unknown>([1e21, 2 ** 53]);

/** Without numbers that crash EDR as times, fees and counts. */
const SMALL: readonly unknown[] = ANYTHING.filter(
  (value) =>
    !BIG_NUMBERS.has(value) &&
    !(typeof value === "string" && /^(0x)?[0-9a-f]{16,}$/.test(value)),
);

export const MALFORMED: Readonly<Record<ParamKind, readonly unknown[]>> = {
  address: ANYTHING,
  looseAddress: ANYTHING,
  hash: ANYTHING,
  data: ANYTHING,
  block: [...ANYTHING, ...BLOCKS],
  requiredBlock: [...ANYTHING, ...BLOCKS],
  oldBlock: ANYTHING,
  flag: ANYTHING,
  quantity: SMALL,
  count: SMALL,
  call: [
    ...ANYTHING,
    ...CALL_FIELDS.map((fields) => ({ to: ADDRESS, ...fields })),
  ],
  transaction: [
    ...ANYTHING.filter((value) => typeof value !== "object" || value === null),
    ...[...CALL_FIELDS, { nonce: "zz" }, { chainId: {} }].map((fields) => ({
      from: ADDRESS,
      to: ADDRESS,
      gas: "0x10000",
      gasPrice: "0x1",
      ...fields,
    })),
  ],
  filter: [
    ...ANYTHING,
    { fromBlock: "foo" },
    { fromBlock: 1 },
    { toBlock: {} },
    { address: 1 },
    { address: [1] },
    { address: [ADDRESS, "zz"] },
    { topics: 1 },
    { topics: [1] },
    { topics: ["0x1"] },
    { topics: [[null]] },
    { blockHash: "zz" },
  ],
  subscription: ANYTHING,
  timestamp: SMALL,
  interval: [...SMALL, [1, 2, 3], [1], ["0x1", 2]],
  typed: [...ANYTHING, { types: 1 }],
  floats: ANYTHING,
  keys: ANYTHING,
  slot: ANYTHING,
  overrides: [
    ...ANYTHING,
    { [ADDRESS]: 1 },
    { [ADDRESS]: { balance: "zz" } },
    { [ADDRESS]: { nonce: "zz" } },
    { [ADDRESS]: { code: "0x1" } },
    { [ADDRESS]: { state: 1 } },
    { [ADDRESS]: { state: { "0x1": "0x1" } } },
    { [ADDRESS]: { state: { [HASH]: "zz" } } },
    { [ADDRESS]: { foo: 1 } },
    { zz: {} },
  ],
  strictQuantity: SMALL,
  strictData: ANYTHING,
  word: ANYTHING,
  trace: [
    ...ANYTHING,
    { tracer: 1 },
    { tracer: [] },
    { disableStack: 1 },
    { enableMemory: "yes" },
    { disableStorage: {}, tracer: "noopTracer" },
  ],
};

/** Parameter types by method; methods that are not here take none. */
export const SIGNATURES: Readonly<Record<string, readonly ParamKind[]>> = {
  debug_traceCall: ["call", "block", "trace"],
  debug_traceTransaction: ["hash", "trace"],
  eth_call: ["call", "block", "overrides"],
  eth_estimateGas: ["call", "block"],
  eth_feeHistory: ["quantity", "requiredBlock", "floats"],
  eth_getBalance: ["address", "block"],
  eth_getBlockByHash: ["hash", "flag"],
  eth_getBlockByNumber: ["oldBlock", "flag"],
  eth_getBlockTransactionCountByHash: ["hash"],
  eth_getBlockTransactionCountByNumber: ["oldBlock"],
  eth_getCode: ["address", "block"],
  eth_getFilterChanges: ["quantity"],
  eth_getFilterLogs: ["quantity"],
  eth_getLogs: ["filter"],
  eth_getProof: ["address", "keys", "requiredBlock"],
  eth_getStorageAt: ["address", "slot", "block"],
  eth_getTransactionByBlockHashAndIndex: ["hash", "quantity"],
  eth_getTransactionByBlockNumberAndIndex: ["oldBlock", "quantity"],
  eth_getTransactionByHash: ["hash"],
  eth_getTransactionCount: ["address", "block"],
  eth_getTransactionReceipt: ["hash"],
  eth_newFilter: ["filter"],
  eth_sendRawTransaction: ["data"],
  eth_sendTransaction: ["transaction"],
  eth_sign: ["address", "data"],
  eth_signTypedData_v4: ["address", "typed"],
  eth_subscribe: ["subscription", "filter"],
  eth_uninstallFilter: ["quantity"],
  eth_unsubscribe: ["quantity"],
  evm_increaseTime: ["timestamp"],
  evm_mine: ["timestamp"],
  evm_revert: ["quantity"],
  evm_setAutomine: ["flag"],
  evm_setBlockGasLimit: ["quantity"],
  evm_setIntervalMining: ["interval"],
  evm_setNextBlockTimestamp: ["timestamp"],
  hardhat_dropTransaction: ["hash"],
  hardhat_impersonateAccount: ["address"],
  hardhat_mine: ["count", "count"],
  hardhat_setBalance: ["address", "strictQuantity"],
  hardhat_setCode: ["address", "strictData"],
  hardhat_setCoinbase: ["looseAddress"],
  hardhat_setLoggingEnabled: ["flag"],
  hardhat_setMinGasPrice: ["quantity"],
  hardhat_setNextBlockBaseFeePerGas: ["quantity"],
  hardhat_setNonce: ["address", "strictQuantity"],
  hardhat_setPrevRandao: ["hash"],
  hardhat_setStorageAt: ["address", "strictQuantity", "word"],
  hardhat_stopImpersonatingAccount: ["address"],
  personal_sign: ["data", "address"],
  web3_sha3: ["data"],
};

export function validParams(types: readonly ParamKind[]): unknown[] {
  return types.map((type): unknown => WELL_FORMED[type][0]);
}
