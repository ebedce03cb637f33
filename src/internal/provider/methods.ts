/** All methods of the network, by name. */
import type { Method } from "./method.js";

import { accountMethods } from "./handlers/accounts.js";
import { blockMethods } from "./handlers/blocks.js";
import { callMethods } from "./handlers/calls.js";
import { debugMethods } from "./handlers/debug.js";
import { evmMethods } from "./handlers/evm.js";
import { feeMethods } from "./handlers/fees.js";
import { filterMethods } from "./handlers/filters.js";
import { hardhatMethods } from "./handlers/hardhat.js";
import { networkMethods } from "./handlers/network.js";
import { stateMethods } from "./handlers/state.js";
import { transactionMethods } from "./handlers/transactions.js";

export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...accountMethods,
    ...blockMethods,
    ...callMethods,
    ...debugMethods,
    ...evmMethods,
    ...feeMethods,
    ...filterMethods,
    ...hardhatMethods,
    ...networkMethods,
    ...stateMethods,
    ...transactionMethods,
  }),
);
