/** Refusals, and what fixtures call them. */
import { expect } from "chai";

import { ANY_EXCEPTION, compareRefusal } from "./helpers/exceptions.js";

const GAS = { fault: "intrinsic gas", detail: "21000 for 1" } as const;

describe("exceptions of fixtures", function () {
  it("are those that came", function () {
    expect(compareRefusal(undefined, undefined)).to.equal(undefined);
    for (const name of [
      "TransactionException.INTRINSIC_GAS_TOO_LOW",
      "TR_IntrinsicGas",
      "BlockException.INVALID_GASLIMIT|TransactionException.INTRINSIC_GAS_TOO_LOW",
      ANY_EXCEPTION,
    ]) {
      expect(compareRefusal(GAS, name), name).to.equal(undefined);
    }
  });

  it("are not when something else, or nothing, was refused", function () {
    expect(compareRefusal(GAS, undefined)).to.equal(
      "refused: intrinsic gas: 21000 for 1",
    );
    expect(compareRefusal(undefined, "TR_IntrinsicGas")).to.equal(
      "accepted, expected TR_IntrinsicGas",
    );
    expect(compareRefusal(undefined, ANY_EXCEPTION)).to.equal(
      "accepted, expected any exception",
    );
    expect(compareRefusal(GAS, "TR_NoFunds")).to.equal(
      "refused: intrinsic gas: 21000 for 1, expected TR_NoFunds",
    );
  });

  it("have to be known, even beside one that fits", function () {
    expect(compareRefusal(GAS, "TR_IntrinsicGas|TR_Unheard")).to.equal(
      "unknown exception TR_Unheard",
    );
  });

  it("may stand for some details of a fault alone", function () {
    const name = "TransactionException.RLP_LEADING_ZEROS_NONCE";
    const refuse = (detail: string): string | undefined =>
      compareRefusal({ fault: "transaction encoding", detail }, name);
    expect(refuse("leading zero")).to.equal(undefined);
    expect(refuse("overflow")).to.contain("expected TransactionException.RLP_");
  });
});
