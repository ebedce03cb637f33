// The ABI and nothing else. `src/internal/evm/abi.ts` is its face in TypeScript.
export * from "./abi/engine";
export * from "./abi/state";
export * from "./abi/run";
export * from "./abi/parallel";
export * from "./abi/tail";
export * from "./abi/u256";
export * from "./abi/compiled";
