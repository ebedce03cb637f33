import type { ChainState } from "../../src/internal/evm/types.js";
import type { World } from "../evm/helpers/world.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { assemble } from "../helpers/assembler.js";
import { computeContract } from "../helpers/workloads/compile.js";
import {
  callWorld,
  compiling,
  execute,
  firstDifference,
} from "./helpers/compiled.js";

const { core } = getEngine();
const BERLIN = 9;

/** Adds `step` up, `rounds` times. */
function loopOf(step: number, rounds: number): string {
  return assemble([
    ...[rounds, { label: "loop" }, 0, "MLOAD", step, "ADD", 0, "MSTORE"],
    ...[3, "SLOAD", "POP"],
    ...[1, "SWAP1", "SUB", "DUP1", { ref: "loop" }, "JUMPI", 32, 0, "RETURN"],
  ]);
}

function callOf(method: string, rounds: number): World {
  const { runtime, interface: methods } = computeContract(false);
  const data = methods.encodeFunctionData(method, [rounds]).slice(2);
  return callWorld(runtime, Buffer.from(data, "hex"));
}

/** A chain with the world's accounts, for more than one execution. */
function prepared({ accounts }: World): ChainState {
  const state = getEngine().createState();
  for (const { address, balance, nonce, code } of accounts) {
    state.setBalance(address, balance);
    state.setNonce(address, nonce);
    if (code !== "0x") {
      state.setCode(address, Buffer.from(code.slice(2), "hex"));
    }
  }
  state.nextEpoch();
  return state;
}

describe("compiled loops that are met again", () => {
  it("are not compiled again for the same code in another chain", () => {
    const world = callWorld(loopOf(7, 20));
    compiling("eager", () => {
      const first = execute(world);
      expect(core.compiledLoops).to.equal(1);
      for (let i = 0; i < 5; i++) expect(execute(world)).to.equal(first);
      expect(core.compiledLoops).to.equal(1);
    });
  });

  it("are other ones for other code in the same place", () => {
    const worlds = Array.from({ length: 20 }, (_, i) =>
      callWorld(loopOf(i, 5 + i)),
    );
    const expected = compiling("off", () =>
      worlds.map((world) => execute(world)),
    );
    compiling("eager", () => {
      for (let round = 0; round < 3; round++) {
        expect(worlds.map((world) => execute(world))).to.deep.equal(expected);
      }
      expect(core.compiledLoops).to.equal(worlds.length);
    });
  });

  it("are other ones on another fork", () => {
    const code = loopOf(7, 20);
    const forks = [BERLIN - 1, BERLIN];
    const worlds = forks.map((fork) =>
      callWorld(code, new Uint8Array(0), fork),
    );
    const expected = compiling("off", () =>
      worlds.map((world) => execute(world)),
    );
    compiling("eager", () => {
      expect(worlds.map((world) => execute(world))).to.deep.equal(expected);
      expect(core.compiledLoops).to.equal(2);
    });
  });

  it("make way for new ones, and are made anew", () => {
    const worlds = Array.from({ length: 150 }, (_, i) =>
      callWorld(loopOf(i + 1, 9)),
    );
    const expected = compiling("off", () =>
      worlds.map((world) => execute(world)),
    );
    compiling("eager", () => {
      const before = core.exports.table.length;
      for (let round = 0; round < 2; round++) {
        expect(worlds.map((world) => execute(world))).to.deep.equal(expected);
      }
      expect(core.compiledLoops).to.be.greaterThan(worlds.length);
      expect(core.exports.table.length - before).to.be.at.most(64);
    });
  });
});

describe("hot loops", () => {
  it("are compiled when they have run for a while, and give the same from then on", () => {
    const world = callOf("checkedLoop", 400);
    const expected = compiling("off", () => execute(world));
    compiling("hot", () => {
      expect(execute(world)).to.equal(expected);
      expect(core.compiledLoops).to.equal(0);
      for (let i = 0; i < 40; i++) {
        expect(execute(world)).to.equal(expected);
      }
      expect(core.compiledLoops).to.be.greaterThan(0);
    });
  });

  it("are found from inside a function that they call", () => {
    // Nothing but the function's own entry and return are jumps, beside the loop's end.
    const code = assemble([
      ...[30_000, { label: "loop" }],
      ...[
        { ref: "a" },
        { ref: "f" },
        "JUMP",
        { label: "a" },
        { ref: "b" },
        { ref: "f" },
        "JUMP",
        { label: "b" },
      ],
      ...[1, "SWAP1", "SUB", "DUP1", { ref: "loop" }, "JUMPI", "STOP"],
      ...[{ label: "f" }, "JUMP"],
    ]);
    const world = callWorld(code);
    compiling("hot", () => {
      execute(world);
      expect(core.compiledLoops).to.equal(1);
    });
    expect(firstDifference(world, [3_000_000n])).to.equal(undefined);
  });

  it("that a jump nobody can know leaves are the interpreter's", () => {
    // Where it jumps to comes out of calldata.
    const code = assemble([
      ...[30_000, { label: "loop" }, 0, "CALLDATALOAD", "JUMP"],
      ...[
        { label: "back" },
        1,
        "SWAP1",
        "SUB",
        "DUP1",
        { ref: "loop" },
        "JUMPI",
        "STOP",
      ],
    ]);
    const data = Buffer.alloc(32);
    data[31] = code.slice(2).match(/../g)?.lastIndexOf("5b") ?? 0;
    const world = callWorld(code, data);
    compiling("hot", () => {
      execute(world);
      expect(core.compiledLoops).to.equal(0);
    });
  });
});

describe("tracing", () => {
  it("sees every step of what is compiled", () => {
    const world = callOf("sort", 12);
    const { environment, transaction } = world;
    const state = prepared(world);
    const traced = (): string[] => {
      const run = state.createRun(environment, { mode: "direct" });
      const steps: string[] = [];
      run.trace(transaction, {
        enter: () => undefined,
        step: (pc, opcode, { gas, stackSize }) =>
          steps.push([pc, opcode, gas, stackSize].join(" ")),
        exit: () => undefined,
      });
      run.free();
      return steps;
    };
    const before = traced();
    compiling("eager", () => {
      const run = state.createRun(environment, { mode: "direct" });
      for (let i = 0; i < 3; i++) run.call(transaction);
      run.free();
      expect(core.compiledLoops).to.be.greaterThan(0);
      expect(traced()).to.deep.equal(before);
    });
    state.close();
  });
});
