import type { JsonRpcRequest } from "hardhat/types/providers";
import type { Method } from "../../src/internal/provider/method.js";
import type { Pair } from "./helpers/pair.js";

import { expect } from "chai";

import { METHODS } from "../../src/internal/provider/methods.js";
import { parseParams } from "../../src/internal/provider/params/params.js";
import {
  MALFORMED,
  SIGNATURES,
  validParams,
  WELL_FORMED,
} from "./helpers/malformed.js";
import { openPair } from "./helpers/pair.js";

interface Seen {
  readonly text: string;
  readonly request: JsonRpcRequest | undefined;
}

/** How EDR reads the parameters: "accepted", or the error it answers them with. */
async function edrReads(
  pair: Pair,
  method: string,
  params: readonly unknown[],
): Promise<Seen | undefined> {
  try {
    await pair.edr.request({ method, params: structuredClone(params) });
    return { text: "accepted", request: undefined };
  } catch (error) {
    const { name, code, message, data } = error as Record<string, unknown>;
    // Errors about the request carry it; others come from executing it.
    const request = data as JsonRpcRequest | null | undefined;
    if (request?.jsonrpc !== "2.0") {
      return { text: "accepted", request: undefined };
    }
    return request.method === method
      ? { text: `${name} ${code} ${message}`, request }
      : // A request that Hardhat's hooks make of this one failed first.
        undefined;
  }
}

function weRead(method: Method, request: JsonRpcRequest): Seen {
  try {
    parseParams(method.params, request);
    return { text: "accepted", request: undefined };
  } catch (error) {
    const { name, code, message, data } = error as Record<string, unknown>;
    return {
      text: `${name} ${code} ${message}`,
      request: data as JsonRpcRequest,
    };
  }
}

describe("parameters of methods", () => {
  let pair: Pair;

  before(async () => {
    pair = await openPair();
  });

  afterEach(async () => {
    await pair.edr.request({
      method: "hardhat_setLoggingEnabled",
      params: [false],
    });
  });

  after(async () => {
    await pair.close();
  });

  for (const [name, method] of METHODS) {
    it(`${name} are read as EDR reads them`, async () => {
      const types = SIGNATURES[name] ?? [];
      const valid = validParams(types);
      const lists = valid
        .map((_, count) => valid.slice(0, count))
        .concat([valid, [...valid, 1], [...valid, null]]);
      for (const [index, type] of types.entries()) {
        for (const value of [...WELL_FORMED[type], ...MALFORMED[type]]) {
          lists.push(valid.with(index, value));
        }
      }
      for (const params of lists) {
        const edr = await edrReads(pair, name, params);
        if (edr === undefined) {
          continue;
        }
        const request = edr.request ?? {
          jsonrpc: "2.0",
          id: 1,
          method: name,
          params,
        };
        expect(weRead(method, request), JSON.stringify(params)).to.deep.equal(
          edr,
        );
      }
    }).timeout(60_000);
  }

  it("are read from what JSON would carry", () => {
    const method = METHODS.get("eth_getBalance") as Method;
    const address = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
    const read = (params: unknown[]): Seen =>
      weRead(method, {
        jsonrpc: "2.0",
        id: 1,
        method: "eth_getBalance",
        params,
      });
    expect(read([address, undefined]).text).to.equal("accepted");
    expect(read([{ toJSON: () => address }]).text).to.equal("accepted");
    expect(
      read([address, { blockNumber: "0x0", ignored: undefined }]).text,
    ).to.equal("accepted");
    expect(read([1n]).text).to.match(/TypeError .* BigInt/);
  });
});
