/** Executes a world on `@ethereumjs/vm`: the independent oracle. */
import type { Outcome, World } from "./world.js";

import { createBlock } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTx } from "@ethereumjs/tx";
import {
  Account,
  bytesToHex,
  createAddressFromString,
  hexToBytes,
} from "@ethereumjs/util";
import { createVM, runTx } from "@ethereumjs/vm";

type Hex = `0x${string}`;

/** By number of assembly/forks.ts. */
const HARDFORKS: readonly (Hardfork | undefined)[] = [
  Hardfork.Chainstart,
  Hardfork.Homestead,
  Hardfork.TangerineWhistle,
  Hardfork.SpuriousDragon,
  Hardfork.Byzantium,
  Hardfork.Constantinople,
  Hardfork.Petersburg,
  Hardfork.Istanbul,
  Hardfork.MuirGlacier,
  Hardfork.Berlin,
  Hardfork.London,
  Hardfork.ArrowGlacier,
  Hardfork.GrayGlacier,
  Hardfork.Paris,
  Hardfork.Shanghai,
  Hardfork.Cancun,
  Hardfork.Prague,
  Hardfork.Osaka,
];

const LONDON = 10;
const PARIS = 13;

export async function executeOnEthereumjs(world: World): Promise<Outcome> {
  const { environment, transaction, fork } = world;
  const hardfork = HARDFORKS[fork];
  if (hardfork === undefined) {
    throw new Error(`expected a fork up to Osaka, got ${fork}`);
  }
  const common = new Common({ chain: Mainnet, hardfork });
  const stateManager = new MerkleStateManager({ common });
  for (const { address, balance, nonce, code, storage } of world.accounts) {
    const at = createAddressFromString(address);
    await stateManager.putAccount(at, new Account(nonce, balance));
    await stateManager.putCode(at, hexToBytes(code as Hex));
    for (const [key, value] of storage) {
      await stateManager.putStorage(at, hexToBytes(key), stripped(value));
    }
  }
  await stateManager.flush();
  const vm = await createVM({ common, stateManager });
  const block = createBlock(
    {
      header: {
        number: environment.number,
        timestamp: environment.timestamp,
        gasLimit: environment.gasLimit,
        coinbase: createAddressFromString(environment.coinbase),
        ...(fork >= LONDON ? { baseFeePerGas: environment.baseFee } : {}),
        ...(fork >= PARIS
          ? { mixHash: hexToBytes(environment.prevRandao) }
          : { difficulty: BigInt(environment.prevRandao) }),
      },
    },
    { common, skipConsensusFormatValidation: true },
  );
  const tx = createTx(
    {
      type: transaction.type,
      nonce: transaction.nonce,
      gasLimit: transaction.gasLimit,
      value: transaction.value,
      data: transaction.data,
      ...(transaction.to === undefined ? {} : { to: transaction.to }),
      ...(transaction.type === 2
        ? {
            maxFeePerGas: transaction.feeCap,
            maxPriorityFeePerGas: transaction.priorityFee,
          }
        : { gasPrice: transaction.feeCap }),
      ...(transaction.type >= 1
        ? {
            chainId: environment.chainId,
            accessList: transaction.accessList.map(
              ({ address, storageKeys }) => ({
                address,
                storageKeys: [...storageKeys],
              }),
            ),
          }
        : {}),
    },
    { common, freeze: false, allowUnlimitedInitCodeSize: true },
  );
  const sender = createAddressFromString(transaction.from);
  tx.isSigned = () => true;
  tx.getSenderAddress = () => sender;
  const before = bytesToHex(await stateManager.getStateRoot());
  try {
    const result = await runTx(vm, {
      tx,
      block,
      skipHardForkValidation: true,
      skipBlockGasLimitValidation: true,
    });
    await stateManager.flush();
    return {
      invalid: false,
      success: result.execResult.exceptionError === undefined,
      gasUsed: result.totalGasSpent,
      output: Buffer.from(result.execResult.returnValue).toString("hex"),
      logs: (result.execResult.exceptionError === undefined
        ? (result.execResult.logs ?? [])
        : []
      ).map(([address, topics, data]) =>
        [address, ...topics, data].map((bytes) => bytesToHex(bytes)).join(" "),
      ),
      created:
        result.execResult.exceptionError === undefined
          ? result.createdAddress?.toString()
          : undefined,
      root: bytesToHex(await stateManager.getStateRoot()),
    };
  } catch (error) {
    if (!(error instanceof Error) || !isValidityError(error)) throw error;
    return {
      invalid: true,
      success: false,
      gasUsed: 0n,
      output: "",
      logs: [],
      created: undefined,
      root: before,
    };
  }
}

function isValidityError(error: Error): boolean {
  return /is lower than the minimum gas limit|doesn't have enough funds|has insufficient|nonce/.test(
    error.message,
  );
}

/** Without leading zeros, as the state manager stores it. */
function stripped(word: Hex): Uint8Array {
  const hex = BigInt(word).toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}
