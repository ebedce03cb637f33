import { HardhatPluginError } from "hardhat/plugins";

import { PLUGIN_ID } from "./constants.js";

/**
 * An error of this plugin: Hardhat's CLI prints it as "Error in community plugin
 * hardhat-parallel", without a stack.
 *
 * @param message Names the field, what was expected and what was found.
 */
export function pluginError(
  message: string,
  parent?: Error,
): HardhatPluginError {
  return new HardhatPluginError(PLUGIN_ID, message, parent);
}

/** How a value is shown in an error: JSON where that is short, else its type. */
export function describeValue(value: unknown): string {
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (typeof value === "function" || typeof value === "symbol") {
    return `a ${typeof value}`;
  }
  if (value === undefined) {
    return "undefined";
  }
  if (typeof value === "number") {
    return String(value);
  }
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "bigint" ? `${inner}n` : inner,
  );
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
