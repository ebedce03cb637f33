/** Which pieces of state hold a block together: ranked by what their removal would win. */
import { accessesOf } from "./dependencies.js";
import { criticalPath } from "./schedule.js";
import {
  type ConflictCause,
  type Dependency,
  type Location,
  locationKey,
  type RecordedTransaction,
} from "./types.js";

export interface HotLocation {
  readonly location: Location;
  readonly causes: readonly ConflictCause[];
  /** Transactions of the block that read it, write it. */
  readonly readers: number;
  readonly writers: number;
  /** Dependencies that run through it. */
  readonly conflicts: number;
  /** Gas by which the critical path would be shorter without it. */
  readonly pathGasSaved: bigint;
}

/** Locations with at least one conflict, the most rewarding first. */
export function hotLocations(
  transactions: readonly RecordedTransaction[],
  dependencies: readonly Dependency[],
): HotLocation[] {
  const gas = transactions.map(({ gasUsed }) => gasUsed);
  const path = criticalPath(gas, dependencies);
  const byKey = Map.groupBy(dependencies, ({ location }) =>
    locationKey(location),
  );
  const onPath = locationsOnPath(path.transactions, dependencies);
  const counts = countAccesses(transactions, byKey);
  const hot = [...byKey].map(([key, group]): HotLocation => {
    const { readers, writers } = counts.get(key) ?? { readers: 0, writers: 0 };
    return {
      location: group[0].location,
      causes: [...new Set(group.map(({ cause }) => cause))].sort(),
      readers,
      writers,
      conflicts: group.length,
      pathGasSaved: onPath.has(key)
        ? path.gas - pathWithout(key, gas, dependencies)
        : // The longest path does not run through it, so it stays as long.
          0n,
    };
  });
  return hot.sort((a, b) => {
    if (a.pathGasSaved !== b.pathGasSaved) {
      return a.pathGasSaved > b.pathGasSaved ? -1 : 1;
    }
    if (a.conflicts !== b.conflicts) {
      return b.conflicts - a.conflicts;
    }
    return locationKey(a.location) < locationKey(b.location) ? -1 : 1;
  });
}

function pathWithout(
  key: string,
  gas: readonly bigint[],
  dependencies: readonly Dependency[],
): bigint {
  return criticalPath(
    gas,
    dependencies.filter(({ location }) => locationKey(location) !== key),
  ).gas;
}

function locationsOnPath(
  path: readonly number[],
  dependencies: readonly Dependency[],
): ReadonlySet<string> {
  const next = new Map(path.map((index, at) => [index, path[at + 1]]));
  return new Set(
    dependencies
      .filter(({ from, to }) => next.get(from) === to)
      .map(({ location }) => locationKey(location)),
  );
}

function countAccesses(
  transactions: readonly RecordedTransaction[],
  wanted: ReadonlyMap<string, unknown>,
): Map<string, { readers: number; writers: number }> {
  const counts = new Map<string, { readers: number; writers: number }>();
  for (const transaction of transactions) {
    for (const { location, reads, writes } of accessesOf(transaction)) {
      const key = locationKey(location);
      if (!wanted.has(key)) {
        continue;
      }
      const count = counts.get(key) ?? { readers: 0, writers: 0 };
      count.readers += reads ? 1 : 0;
      count.writers += writes ? 1 : 0;
      counts.set(key, count);
    }
  }
  return counts;
}
