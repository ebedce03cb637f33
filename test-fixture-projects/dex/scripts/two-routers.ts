// The same trades through a router that keeps no statistics, and through one that does:
//   npx hardhat parallel-report --script scripts/two-routers.ts
import { deployMarket, inOneBlock, trade } from "../test/helpers/dex.js";

const market = await deployMarket(8, 32);
await inOneBlock(() => trade(market, market.router, 1));
await inOneBlock(() => trade(market, market.metered, 1));
