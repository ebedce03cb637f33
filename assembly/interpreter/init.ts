/** What a thread needs before it can execute. */
import { areaInit } from "./area";

/** Once per thread. Returns false when out of memory. */
export function interpreterInit(): bool {
  return areaInit();
}
