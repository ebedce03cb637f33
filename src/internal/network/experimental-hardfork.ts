/** The warning that Hardhat gives for hard forks that are not final. */
import { styleText } from "node:util";

import { hardforkByName, OSAKA } from "../chain/hardforks.js";

const LATEST_STABLE = "osaka";

/** Chain types and hard forks that were warned about. */
const warned = new Set<string>();

/** Warns on stderr, once per process, chain type and hard fork, as Hardhat's own network does. */
export function warnIfExperimental(hardfork: string, chainType: string): void {
  const key = `${chainType}:${hardfork}`;
  if (hardforkByName(hardfork).number <= OSAKA || warned.has(key)) {
    return;
  }
  warned.add(key);
  const text =
    ` you have configured the "${hardfork}" hardfork, which is experimental and not yet finalized, ` +
    "so its behavior may change or be incomplete. " +
    `The latest stable hardfork is "${LATEST_STABLE}". Keep Hardhat up to date to track changes to "${hardfork}" ` +
    "and to pick up its stable version once it activates on mainnet.\n\n";
  process.stderr.write(styleText(["bold", "yellow"], "Warning:") + text);
}
