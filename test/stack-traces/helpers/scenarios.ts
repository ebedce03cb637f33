import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { EthereumProvider } from "hardhat/types/providers";

import { AbiCoder, Interface } from "ethers";

/** A call that fails; `to` is undefined for creations. */
export interface Scenario {
  readonly name: string;
  readonly to: string | undefined;
  readonly data: string;
  readonly value?: string;
  readonly gas?: string;
}

/** Contracts of the test project on one network, by name. */
export type Deployed = ReadonlyMap<string, string>;

const NONE = "0x00000000000000000000000000000000000000ff";
const FUNDS = "0xde0b6b3a7640000";

/** Deploys every contract that the scenarios need; the addresses are the same on every network. */
export async function deployAll(
  hre: HardhatRuntimeEnvironment,
  provider: EthereumProvider,
): Promise<Deployed> {
  const deployed = new Map<string, string>();
  const deploy = async (name: string, args = ""): Promise<void> => {
    const code = (await creationCode(hre, name, deployed)) + args;
    deployed.set(name, await send(provider, code));
  };
  for (const name of [
    "Checks",
    "Mute",
    "Closed",
    "Failures",
    "WithFallback",
    "WithReceive",
    "WithBoth",
    "NonPayableFallback",
    "Overloaded",
    "NoConstructor",
  ]) {
    await deploy(name);
  }
  const implementation = deployed.get("Failures")?.slice(2) ?? "";
  await deploy("Proxy", implementation.padStart(64, "0"));
  // An opcode that is not defined, and one that is defined to be invalid, in code nobody knows.
  deployed.set("Undefined", await send(provider, runtime("0c")));
  deployed.set("Invalid", await send(provider, runtime("fe")));
  // PUSH0 PUSH0 REVERT; and: revert with the 32 bytes of calldata
  deployed.set("Reverts", await send(provider, runtime("5f5ffd")));
  deployed.set("Echo", await send(provider, runtime("365f5f37365ffd")));
  const withFunds = deployed.get("Failures");
  await provider.request({
    method: "hardhat_setBalance",
    params: [withFunds, FUNDS],
  });
  return deployed;
}

function runtime(code: string): string {
  const size = (code.length / 2).toString(16).padStart(2, "0");
  return `0x60${size}600c60003960${size}6000f3${code}`;
}

export async function send(
  provider: EthereumProvider,
  data: string,
): Promise<string> {
  const [from] = await provider.request({ method: "eth_accounts" });
  const hash = await provider.request({
    method: "eth_sendTransaction",
    params: [{ from, data, gas: "0xf42400" }],
  });
  const receipt = await provider.request({
    method: "eth_getTransactionReceipt",
    params: [hash],
  });
  return receipt.contractAddress;
}

export async function creationCode(
  hre: HardhatRuntimeEnvironment,
  name: string,
  deployed: Deployed,
): Promise<string> {
  const artifact = await hre.artifacts.readArtifact(name);
  let code: string = artifact.bytecode;
  for (const file of Object.values(artifact.linkReferences)) {
    for (const [library, references] of Object.entries(file ?? {})) {
      const address = (deployed.get(library) ?? "").slice(2);
      for (const { start } of references) {
        const at = 2 + start * 2;
        code = code.slice(0, at) + address + code.slice(at + address.length);
      }
    }
  }
  return code;
}

export async function abiOf(
  hre: HardhatRuntimeEnvironment,
  name: string,
): Promise<Interface> {
  const { abi } = await hre.artifacts.readArtifact(name);
  return new Interface(JSON.stringify(abi));
}

/** 32 bytes, without 0x. */
export function word(value: number): string {
  return value.toString(16).padStart(64, "0");
}

export async function listScenarios(
  hre: HardhatRuntimeEnvironment,
  deployed: Deployed,
): Promise<Scenario[]> {
  const at = (name: string): string => deployed.get(name) ?? "";
  const abi = await abiOf(hre, "Failures");
  const failures = at("Failures");
  const call = (
    signature: string,
    args: readonly unknown[] = [],
    extra: Partial<Scenario> = {},
  ): Scenario => ({
    name: `${signature}(${args.map(String).join()}) ${extra.name ?? ""}`,
    to: failures,
    data: abi.encodeFunctionData(signature, args),
    ...withoutName(extra),
  });
  const raw = (
    name: string,
    to: string,
    data: string,
    extra: Partial<Scenario> = {},
  ): Scenario => ({ name, to, data, ...extra });
  const create = async (
    name: string,
    args: string,
    extra: Partial<Scenario> = {},
  ): Promise<Scenario> => ({
    name: `new ${name} ${extra.name ?? ""}`,
    to: undefined,
    data: (await creationCode(hre, name, deployed)) + args,
    ...withoutName(extra),
  });
  const coder = AbiCoder.defaultAbiCoder();
  const overloaded = await abiOf(hre, "Overloaded");

  return [
    ...[
      "reason",
      "emptyReason",
      "longReason",
      "noReason",
      "noArgs",
      "custom",
      "many",
      "freeError",
      "unknownError",
      "threeBytes",
      "shortError",
      "shortCustom",
      "assertion",
      "popEmpty",
      "allocate",
      "callZero",
      "otherPanic",
      "invalidOpcode",
      "payableOnly",
      "create2Twice",
      "precompile",
      "writesInView",
      "createTooLarge",
      "createStartingWithEf",
    ].map((name) => call(name)),
    call("requireFalse", [false]),
    call("requireCustom", [false]),
    call("requireReason", [3]),
    call("overflow", [100]),
    call("divide", [0]),
    call("toColor", [7]),
    call("outOfBounds", [0]),
    call("inModifier", [0]),
    call("inModifier", [2]),
    call("inModifier", [6]),
    ...[0, 3, 4].map((value) => call("nested", [value])),
    call("recurse", [3]),
    call("inLibrary", [101]),
    ...[
      failures,
      at("Mute"),
      at("Closed"),
      at("WithFallback"),
      at("Reverts"),
      at("Invalid"),
      NONE,
    ].flatMap((other) => [
      call("callAnswer", [other]),
      call("callTwo", [other]),
      call("callNothing", [other]),
    ]),
    ...[1, 6, 10].flatMap((precompile) => {
      const address = `0x${precompile.toString(16).padStart(40, "0")}`;
      return [
        call("callAnswer", [address]),
        call("callWithGas", [address, 10]),
      ];
    }),
    call("callWithGas", [failures, 30]),
    ...[0, 3, 4].map((value) => call("callOther", [failures, value])),
    call("callOther", [NONE, 1]),
    call("callTwice", [failures, 0]),
    call("precompileThenCall", [failures, 3]),
    call("callThenPrecompile", [failures, 3]),
    call("tryOther", [failures]),
    ...["custom", "reason", "noReason", "assertion"].flatMap((name) => {
      const data = abi.encodeFunctionData(name);
      return [
        call("bubble", [failures, data]),
        call("lowLevel", [failures, data]),
        call("bubble", [at("Proxy"), data]),
        raw(`proxy ${name}`, at("Proxy"), data),
      ];
    }),
    call("bubble", [at("Echo"), coder.encode(["uint256"], [5])]),
    raw("proxy value", at("Proxy"), abi.encodeFunctionData("reason"), {
      value: "0x1",
    }),
    raw("proxy selector", at("Proxy"), "0x11111111"),
    raw("proxy nested", at("Proxy"), abi.encodeFunctionData("nested", [3])),
    ...["Closed", "WithFallback", "WithReceive", "Mute", "Undefined"].map(
      (name) => call("pay", [at(name), 3]),
    ),
    call("pay", [at("WithReceive"), 10n ** 20n]),
    ...[1, 4, 9, 11].map((precompile) =>
      call("pay", [`0x${precompile.toString(16).padStart(40, "0")}`, 3]),
    ),
    call("send", [at("Closed"), 3]),
    call("payFunction", [failures], { value: "0x5" }),
    call("payFunction", [at("Closed")], { value: "0x5" }),
    ...[1, 2].flatMap((value) => [
      call("create", [value]),
      call("tryCreate", [value]),
    ]),
    call("burnGas", [], { gas: "0x20000" }),
    call("innerOutOfGas", [failures]),
    call("reason", [], { value: "0x1", name: "with value" }),
    call("plain", [1], { value: "0x2", name: "with value" }),
    call("payableOnly", [], { value: "0x2" }),
    raw("unknown selector", failures, "0x11111111"),
    raw("unknown selector with value", failures, "0x11111111", {
      value: "0x1",
    }),
    raw("no calldata", failures, "0x"),
    raw("ether", failures, "0x", { value: "0x1" }),
    raw("half a selector", failures, "0x1122"),
    raw(
      "no argument",
      failures,
      abi.encodeFunctionData("plain", [1]).slice(0, 10),
    ),
    raw(
      "half an argument",
      failures,
      abi.encodeFunctionData("plain", [1]).slice(0, 40),
    ),
    raw(
      "wide address",
      failures,
      abi
        .encodeFunctionData("address_", [NONE])
        .replace("0x", "0x")
        .slice(0, 10) + "ff".repeat(32),
    ),
    raw(
      "bool of 2",
      failures,
      abi.encodeFunctionData("flag", [true]).slice(0, 10) + word(2),
    ),
    raw(
      "string without data",
      failures,
      abi.encodeFunctionData("text", [""]).slice(0, 10) + word(32),
    ),
    raw(
      "string too long",
      failures,
      abi.encodeFunctionData("text", [""]).slice(0, 10) + word(32) + word(5),
    ),
    raw(
      "string far away",
      failures,
      abi.encodeFunctionData("text", [""]).slice(0, 10) + "ff".repeat(32),
    ),
    raw(
      "half a struct",
      failures,
      abi.encodeFunctionData("point", [[1, 2]]).slice(0, 74),
    ),
    raw(
      "array index missing",
      failures,
      abi.encodeFunctionData("items", [1]).slice(0, 10),
    ),
    raw("getter out of bounds", failures, abi.encodeFunctionData("items", [1])),
    raw(
      "getter with value",
      failures,
      abi.encodeFunctionData("balances", [NONE]),
      { value: "0x1" },
    ),
    raw("inherited", failures, abi.encodeFunctionData("inherited", [1])),
    raw("in fallback", at("WithFallback"), "0x12345678"),
    raw("in fallback, ether", at("WithFallback"), "0x", { value: "0x1" }),
    raw("in receive", at("WithReceive"), "0x", { value: "0x3" }),
    raw("receive only, selector", at("WithReceive"), "0x12345678"),
    raw("receive of both", at("WithBoth"), "0x"),
    raw("fallback of both", at("WithBoth"), "0x12345678"),
    raw("fallback takes no ether", at("NonPayableFallback"), "0x12345678", {
      value: "0x4",
    }),
    raw(
      "fallback takes no ether, no calldata",
      at("NonPayableFallback"),
      "0x",
      { value: "0x4" },
    ),
    raw("empty contract", at("NoConstructor"), "0x12345678"),
    raw("empty contract, no calldata", at("NoConstructor"), "0x"),
    raw("undefined opcode", at("Undefined"), "0x"),
    raw("invalid opcode", at("Invalid"), "0x12345678"),
    raw("unknown contract, no data", at("Reverts"), "0x"),
    raw(
      "unknown contract, error",
      at("Echo"),
      abi.encodeErrorResult("Custom", [1, "x"]),
    ),
    raw("unknown contract, word", at("Echo"), `0x${word(5)}`),
    raw(
      "library called",
      at("Checks"),
      new Interface(["function requireSmall(uint256)"]).encodeFunctionData(
        "requireSmall",
        [1],
      ),
    ),
    raw(
      "library called with failure",
      at("Checks"),
      new Interface(["function requireSmall(uint256)"]).encodeFunctionData(
        "requireSmall",
        [101],
      ),
    ),
    raw("library called, unknown selector", at("Checks"), "0x12345678"),
    raw(
      "overloaded uint",
      at("Overloaded"),
      overloaded.encodeFunctionData("f(uint256)", [1]),
    ),
    raw(
      "overloaded address",
      at("Overloaded"),
      overloaded.encodeFunctionData("f(address)", [NONE]),
    ),
    raw(
      "overloaded struct",
      at("Overloaded"),
      overloaded.encodeFunctionData("f(uint256,(int256,int256))", [1, [2, 3]]),
    ),
    raw(
      "precompile",
      "0x0000000000000000000000000000000000000006",
      `0x${word(1)}`,
      { gas: "0x30000" },
    ),
    await create("InConstructor", word(1)),
    await create("InConstructor", word(2)),
    await create("InConstructor", "", { name: "without argument" }),
    await create("InConstructor", "00".repeat(5), {
      name: "with a short argument",
    }),
    await create("InConstructor", word(5), {
      name: "with value",
      value: "0x1",
    }),
    await create("ModifierInConstructor", word(0)),
    await create("PayableConstructor", word(1)),
    await create("PayableConstructor", word(1), {
      name: "with value",
      value: "0x2",
    }),
    await create("NoConstructor", "", { value: "0x1", name: "with value" }),
    await create("TooLarge", ""),
    await create("StartsWithEf", ""),
    {
      name: "unknown creation, starts with ef",
      to: undefined,
      data: "0x61ef125f5260026011f3".replace("6011", "601e"),
    },
    { name: "unknown creation", to: undefined, data: "0x5f5ffd" },
    { name: "unknown creation, invalid", to: undefined, data: "0xfe" },
    {
      name: "unknown creation, too large",
      to: undefined,
      data: "0x6160015ff3",
    },
  ];
}

function withoutName(extra: Partial<Scenario>): Partial<Scenario> {
  const { name: _name, ...rest } = extra;
  return rest;
}
