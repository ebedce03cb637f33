/**
 * The conflicts of a block. Under multi-version concurrency only a read after a write, in block
 * order, makes one transaction wait for another; writes alone never do. The fee recipient's lazily
 * credited balance is no access. A slot that ends as it began was not written, whatever happened
 * in between (re-entrancy guards).
 */
import {
  type ConflictCause,
  type Dependency,
  type Location,
  locationKey,
  type RecordedTransaction,
} from "./types.js";

export interface Access {
  readonly location: Location;
  readonly reads: boolean;
  readonly writes: boolean;
}

/** What a transaction reads and writes, location by location. */
export function accessesOf(transaction: RecordedTransaction): Access[] {
  const accesses: Access[] = [];
  for (const slot of transaction.accessSet.slots) {
    const writes = slot.written && slot.before !== slot.after;
    if (slot.read || writes) {
      accesses.push({
        location: { kind: "slot", address: slot.address, key: slot.key },
        reads: slot.read,
        writes,
      });
    }
  }
  for (const account of transaction.accessSet.accounts) {
    const { address, balance, nonce } = account;
    if (!account.lazilyCredited || account.readsBalance) {
      const writes = balance !== undefined && balance.before !== balance.after;
      if (account.readsBalance || writes) {
        accesses.push({
          location: { kind: "balance", address },
          // A transfer adds to what is there, so a changed balance was also read.
          reads: account.readsBalance || writes,
          writes,
        });
      }
    }
    const bumps = nonce !== undefined && nonce.before !== nonce.after;
    if (account.readsNonce || bumps) {
      accesses.push({
        location: { kind: "nonce", address },
        reads: true,
        writes: bumps,
      });
    }
    if (account.readsCode || account.codeChanged) {
      accesses.push({
        location: { kind: "code", address },
        reads: account.readsCode,
        writes: account.codeChanged || account.destructed,
      });
    }
  }
  return accesses;
}

/** All read-after-write dependencies of a block, by reader, then writer. */
export function findDependencies(
  transactions: readonly RecordedTransaction[],
): Dependency[] {
  const lastWriter = new Map<string, number>();
  const dependencies: Dependency[] = [];
  transactions.forEach((transaction, index) => {
    const accesses = accessesOf(transaction);
    const found: Dependency[] = [];
    for (const { location, reads } of accesses) {
      const writer = reads ? lastWriter.get(locationKey(location)) : undefined;
      if (writer !== undefined) {
        const cause = causeOf(location, transaction, transactions[writer]);
        found.push({ from: writer, to: index, location, cause });
      }
    }
    found.sort((a, b) => a.from - b.from);
    dependencies.push(...found);
    for (const { location, writes } of accesses) {
      if (writes) {
        lastWriter.set(locationKey(location), index);
      }
    }
  });
  return dependencies;
}

function causeOf(
  location: Location,
  reader: RecordedTransaction,
  writer: RecordedTransaction,
): ConflictCause {
  switch (location.kind) {
    case "slot":
      return "slot";
    case "code":
      return "code";
    case "nonce":
      return location.address === reader.from ? "sender" : "code";
    case "balance":
      if (location.address !== reader.from) {
        return "balance";
      }
      return writer.from === reader.from ? "sender" : "funding";
  }
}
