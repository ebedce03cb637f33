import type { EdrNetworkConfig } from "hardhat/types/config";
import type { HardhatUserConfig } from "hardhat/types/config";

import { expect } from "chai";
import { computeAddress, HDNodeWallet } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { getOwnedAccounts } from "../../src/internal/network/accounts.js";
import {
  isBuildable,
  toChainOptions,
} from "../../src/internal/network/chain-options.js";
import {
  DEFAULT_ADDRESSES,
  DEFAULT_DERIVATION_PATH,
  DEFAULT_KEYS,
  DEFAULT_MNEMONIC,
} from "../../src/internal/network/default-keys.js";

type Network = NonNullable<HardhatUserConfig["networks"]>[string];

async function resolve(network: Partial<Network>): Promise<EdrNetworkConfig> {
  const x: unknown = { ...network, type: "edr-simulated" };
  const hre = await createHardhatRuntimeEnvironment({
    networks: { x: x as Network },
  });
  return hre.config.networks.x as EdrNetworkConfig;
}

function keysOf(
  accounts: Awaited<ReturnType<typeof getOwnedAccounts>>,
): string[] {
  return accounts.map(
    ({ privateKey }) => `0x${Buffer.from(privateKey).toString("hex")}`,
  );
}

describe("accounts", () => {
  it("the default ones are known by heart, and right", async () => {
    const root = HDNodeWallet.fromPhrase(
      DEFAULT_MNEMONIC,
      undefined,
      DEFAULT_DERIVATION_PATH,
    );
    for (const [index, key] of DEFAULT_KEYS.entries()) {
      expect(root.deriveChild(index).privateKey).to.equal(key);
      expect(computeAddress(key).toLowerCase()).to.equal(
        DEFAULT_ADDRESSES[index],
      );
    }
    const { accounts } = await resolve({});
    const owned = await getOwnedAccounts(accounts);
    expect(keysOf(owned)).to.deep.equal(DEFAULT_KEYS);
    expect(owned[19]?.balance).to.equal(10_000n * 10n ** 18n);
    expect(await getOwnedAccounts(accounts)).to.equal(owned);
  });

  it("derives from mnemonic, path, passphrase, index and count", async () => {
    const mnemonic =
      "legal winner thank year wave sausage worth useful legal winner thank yellow";
    const path = "m/44'/60'/1'/0";
    const { accounts } = await resolve({
      accounts: {
        mnemonic,
        path: `${path}/`,
        passphrase: "open",
        initialIndex: 3,
        count: 2,
        accountsBalance: "17",
      },
    });
    const root = HDNodeWallet.fromPhrase(mnemonic, "open", path);
    const expected = [root.deriveChild(3), root.deriveChild(4)];
    const owned = await getOwnedAccounts(accounts);
    expect(keysOf(owned)).to.deep.equal(expected.map((w) => w.privateKey));
    expect(owned.map((a) => a.address)).to.deep.equal(
      expected.map((w) => w.address.toLowerCase()),
    );
    expect(owned.map((a) => a.balance)).to.deep.equal([17n, 17n]);
  });

  it("derives beyond the keys known by heart", async () => {
    const { accounts } = await resolve({ accounts: { count: 22 } });
    const owned = await getOwnedAccounts(accounts);
    expect(keysOf(owned).slice(0, 20)).to.deep.equal(DEFAULT_KEYS);
    const root = HDNodeWallet.fromPhrase(
      DEFAULT_MNEMONIC,
      undefined,
      DEFAULT_DERIVATION_PATH,
    );
    expect(keysOf(owned)[21]).to.equal(root.deriveChild(21).privateKey);
  });

  it("takes a list of keys, and an empty one", async () => {
    const privateKey = `0x${"11".repeat(32)}`;
    const { accounts } = await resolve({
      accounts: [{ privateKey, balance: "5" }],
    });
    expect(await getOwnedAccounts(accounts)).to.deep.equal([
      {
        address: computeAddress(privateKey).toLowerCase(),
        privateKey: Buffer.from("11".repeat(32), "hex"),
        balance: 5n,
      },
    ]);
    expect(
      await getOwnedAccounts((await resolve({ accounts: [] })).accounts),
    ).to.deep.equal([]);
  });
});

describe("chain options", () => {
  const parallel = {
    enabled: true,
    workers: 3,
    verify: false,
    storageLayout: true,
  } as const;

  it("carry every field of the network's config", async () => {
    const options = await toChainOptions(
      await resolve({
        chainId: 7,
        networkId: 8,
        hardfork: "cancun",
        coinbase: `0x${"AB".repeat(20)}`,
        blockGasLimit: 1_000_000,
        transactionGasCap: false,
        initialBaseFeePerGas: 9,
        initialDate: "2030-01-01T00:00:00.900Z",
        minGasPrice: 10n,
        mining: { auto: false, mempool: { order: "fifo" } },
        gasEstimationMode: "topLevelSuccess",
        allowBlocksWithSameTimestamp: true,
        allowUnlimitedContractSize: true,
        accounts: [],
      }),
      parallel,
    );
    expect(options).to.deep.equal({
      chainId: 7n,
      networkId: 8n,
      hardfork: "cancun",
      accounts: [],
      coinbase: `0x${"ab".repeat(20)}`,
      blockGasLimit: 1_000_000n,
      transactionGasCap: false,
      initialBaseFeePerGas: 9n,
      initialDate: 1893456000n,
      minGasPrice: 10n,
      mempoolOrder: "fifo",
      automine: false,
      gasEstimationMode: "topLevelSuccess",
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: true,
      execution: { parallel: true, workers: 3 },
    });
  });

  it("have Hardhat's defaults", async () => {
    const options = await toChainOptions(await resolve({}), {
      ...parallel,
      workers: 1,
    });
    expect(options).to.include({
      chainId: 31337n,
      networkId: 31337n,
      hardfork: "osaka",
      coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
      blockGasLimit: 60_000_000n,
      transactionGasCap: undefined,
      automine: true,
      allowUnlimitedContractSize: false,
    });
    expect(options.execution).to.deep.equal({ parallel: false, workers: 1 });
  });

  it("are not made of what Hardhat refuses only later", async () => {
    expect(isBuildable(await resolve({}))).to.equal(true);
    for (const network of [
      { accounts: { path: "m/x" } },
      { blockGasLimit: 0 },
      { initialDate: "1969-01-01" },
    ]) {
      expect(isBuildable(await resolve(network))).to.equal(false);
    }
  });
});
