/** When code is compiled: never, when it is hot, or (for tests) wherever a jump goes. */
export type Compilation = "off" | "hot" | "eager";

/** As HARDHAT_PARALLEL_COMPILATION says, which tests set for a process and its threads. */
export function compilationOfProcess(): Compilation {
  const set = process.env.HARDHAT_PARALLEL_COMPILATION;
  return set === "off" || set === "eager" ? set : "hot";
}
