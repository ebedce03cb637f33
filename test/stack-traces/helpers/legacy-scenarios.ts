import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { EthereumProvider } from "hardhat/types/providers";
import type { Deployed, Scenario } from "./scenarios.js";

import { abiOf, creationCode, send, word } from "./scenarios.js";

const NONE = "0x00000000000000000000000000000000000000ff";

/** Deploys the contracts of older compilers. */
export async function deployLegacy(
  hre: HardhatRuntimeEnvironment,
  provider: EthereumProvider,
): Promise<Deployed> {
  const deployed = new Map<string, string>();
  for (const name of ["Checks", "Other", "Mute", "Legacy"]) {
    const args = name === "Legacy" ? word(0) : "";
    const code = await creationCode(hre, name, deployed);
    deployed.set(name, await send(provider, code + args));
  }
  return deployed;
}

export async function listLegacyScenarios(
  hre: HardhatRuntimeEnvironment,
  deployed: Deployed,
): Promise<Scenario[]> {
  const at = (name: string): string => deployed.get(name) ?? "";
  const abi = await abiOf(hre, "Legacy");
  const legacy = at("Legacy");
  const code = await creationCode(hre, "Legacy", deployed);
  const call = (
    signature: string,
    args: readonly unknown[] = [],
    extra: Partial<Scenario> = {},
  ): Scenario => ({
    name: `${signature}(${args.map(String).join()})`,
    to: legacy,
    data: abi.encodeFunctionData(signature, args),
    ...extra,
  });
  const raw = (
    name: string,
    data: string,
    extra: Partial<Scenario> = {},
  ): Scenario => ({ name, to: legacy, data, ...extra });
  const selector = (signature: string): string =>
    abi.getFunction(signature)?.selector ?? "";

  return [
    ...["reason", "noReason", "assertion"].map((name) => call(name)),
    call("requireFalse", [false]),
    call("inModifier", [0]),
    call("inModifier", [7]),
    call("nested", [3]),
    call("outOfBounds", [0]),
    call("divide", [0]),
    ...["Other", "Mute", "Checks"].flatMap((name) => [
      call("callAnswer", [at(name)]),
      call("callList", [at(name)]),
    ]),
    call("callAnswer", [NONE]),
    call("inLibrary", [100]),
    call("pay", [legacy, 1]),
    call("pay", [NONE, 1]),
    call("create", [1]),
    call("inherited", [1]),
    call("overloaded(uint256)", [1]),
    call("overloaded(address)", [NONE]),
    call("withStruct", [[1, 2]]),
    call("reason", [], { name: "with value", value: "0x1" }),
    raw("struct without fields", selector("withStruct")),
    raw("enum too large", selector("withEnum") + word(9) + word(1)),
    raw("enum without contract", selector("withEnum") + word(1)),
    raw("arrays cut off", selector("withArrays") + word(1) + word(2)),
    raw("getter of an array", selector("others") + word(1)),
    raw("getter without key", selector("table") + word(1)),
    raw("getter with value", selector("small"), { value: "0x1" }),
    raw("unknown selector", "0x11111111"),
    raw("no calldata", "0x"),
    raw("ether", "0x", { value: "0x1" }),
    { name: "library called", to: at("Checks"), data: "0x11111111" },
    { name: "new", to: undefined, data: code + word(1) },
    { name: "new without argument", to: undefined, data: code },
    {
      name: "new with value",
      to: undefined,
      data: code + word(5),
      value: "0x1",
    },
  ];
}
