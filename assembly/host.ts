/** What the core asks of its host: `CoreImports` in src/internal/evm/abi.ts. */

// @ts-ignore: decorator
@external("env", "precompile")
export declare function precompile(id: u32, input: usize, length: u32, out: usize, capacity: u32): i32;

// @ts-ignore: decorator
@external("env", "blockHash")
export declare function blockHash(number: u64, out: usize): u32;

/** Compiles what is around a jump destination of the frame's code (`pc`), for this thread; `traits` is the fork's table,
 *  `isMarked` says that another thread has found it worth compiling.
 *  Returns where that is entered + 1, 0 when it is not hot enough yet, all ones when there is nothing to compile. */
// @ts-ignore: decorator
@external("env", "compileRegion")
export declare function compileRegion(frame: usize, pc: u32, fork: u32, traits: usize, isMarked: bool): u32;

// The tracing build only (`TraceImports`).

// @ts-ignore: decorator
@external("env", "traceStep")
export declare function traceStep(
  pc: u32, op: u32, gas: u64, top: usize, stackSize: u32, memory: usize, memorySize: u32, depth: u32, refund: i64,
): void;

// @ts-ignore: decorator
@external("env", "traceEnter")
export declare function traceEnter(
  kind: u32, caller: usize, address: usize, codeAddress: usize, value: usize, input: usize, inputLength: u32,
  gas: u64, depth: u32, callerGas: u64,
): void;

// @ts-ignore: decorator
@external("env", "traceExit")
export declare function traceExit(status: u32, output: usize, outputLength: u32, gasLeft: u64): void;
