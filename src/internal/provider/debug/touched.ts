/** Finds out what an execution touches and changes, for the prestate tracer. */
import type { AccessSet, Address, Hash } from "../../chain/types.js";
import type { ExecutionTracer } from "../../evm/tracing.js";
import type { RunResult } from "../../evm/types.js";
import type { CallNode } from "./call-tree.js";
import type { Touched } from "./prestate-tracer.js";
import type { TracedExecution } from "./trace.js";

import { CallTreeTracer, hasFailed, isCreation } from "./call-tree.js";
import { StructLogTracer } from "./struct-logs.js";

const DELEGATION_PREFIX = "ef0100";

/** @param check throws when the transaction turns out to be invalid. */
export function findTouched(
  { run, transaction, environment, options }: TracedExecution,
  check: (result: RunResult) => void,
): Touched {
  const { fork } = environment;
  const tree = new CallTreeTracer({ balanceOf: () => 0n, fork });
  const steps = new StructLogTracer({
    stack: false,
    memory: false,
    returnData: false,
    storage: false,
  });
  const both: ExecutionTracer = {
    enter: (message) => {
      tree.enter(message);
      steps.enter(message);
    },
    step: (pc, opcode, state) => steps.step(pc, opcode, state),
    exit: (status, output, gasLeft) => {
      tree.exit(status, output, gasLeft);
      steps.exit(status, output, gasLeft);
    },
  };
  const result = run.trace(transaction, both, { ...options, record: true });
  check(result);
  const accesses = result.accessSet;
  if (accesses === undefined) {
    throw new Error("expected an access set, got none");
  }
  const slots = new Map<Address, Map<Hash, Hash>>();
  const touch = (address: Address, keys: Iterable<Hash>): void => {
    const values = slots.get(address) ?? new Map<Hash, Hash>();
    slots.set(address, values);
    for (const key of keys) {
      values.set(key, run.slot(address, key));
    }
  };
  for (const [address, seen] of steps.touchedSlots) {
    touch(address, seen.keys());
  }
  const tip = result.effectiveGasPrice - environment.baseFee;
  const balances = new Map<Address, bigint>();
  for (const { address, lazilyCredited } of accesses.accounts) {
    if (lazilyCredited && options.asCall !== true) {
      const { balance } = run.account(address);
      balances.set(address, balance + tip * result.gasUsed);
    }
  }
  const created = createdContracts(tree.root);
  const { authorizationList } = transaction;
  return {
    accounts: accesses.accounts,
    slots,
    changedSlots: changedSlots(accesses),
    created: new Set(created.keys()),
    code: newCode(created, authorizationList, accesses),
    balances,
    before: (address) => run.account(address),
  };
}

function changedSlots(accesses: AccessSet): Map<Address, Map<Hash, Hash>> {
  const changed = new Map<Address, Map<Hash, Hash>>();
  for (const { address, key, before, after } of accesses.slots) {
    if (before !== after) {
      const slots = changed.get(address) ?? new Map<Hash, Hash>();
      changed.set(address, slots.set(key, after));
    }
  }
  return changed;
}

/** Contracts that were created, and stayed, with their code. */
function createdContracts(
  root: CallNode | undefined,
): Map<Address, Uint8Array> {
  const created = new Map<Address, Uint8Array>();
  const visit = (node: CallNode): void => {
    if (hasFailed(node)) {
      return;
    }
    if (isCreation(node)) {
      created.set(node.to, node.output);
    }
    node.calls.forEach(visit);
  };
  if (root !== undefined) {
    visit(root);
  }
  return created;
}

/** Code that was deployed, or delegated to. */
function newCode(
  created: ReadonlyMap<Address, Uint8Array>,
  authorizations: TracedExecution["transaction"]["authorizationList"],
  accesses: AccessSet,
): Map<Address, Uint8Array> {
  const code = new Map(created);
  for (const { authority, address } of authorizations) {
    if (authority !== undefined) {
      const designator = `${DELEGATION_PREFIX}${address.slice(2)}`;
      code.set(
        authority,
        BigInt(address) === 0n
          ? new Uint8Array()
          : Buffer.from(designator, "hex"),
      );
    }
  }
  const changed = new Set(
    accesses.accounts
      .filter(({ codeChanged }) => codeChanged)
      .map(({ address }) => address),
  );
  return new Map([...code].filter(([address]) => changed.has(address)));
}
