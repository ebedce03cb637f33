import type { AnyContract } from "./helpers/any-contract.js";

import { expect } from "chai";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.create();
const { loadFixture, time } = networkHelpers;

const MAX = 2n ** 256n - 1n;
const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

async function deployCoin() {
  const [admin, alice, bob] = await ethers.getSigners();
  const coin: AnyContract = await ethers.deployContract("Coin", [admin]);
  await coin.mint(alice, 1000n);
  return { admin, alice, bob, coin };
}

async function domainOf(coin: AnyContract) {
  const { chainId } = await ethers.provider.getNetwork();
  return {
    name: "Coin",
    version: "1",
    chainId,
    verifyingContract: await coin.getAddress(),
  };
}

describe("Coin (ERC-20)", () => {
  describe("transfers", () => {
    it("move balances and emit Transfer", async () => {
      const { coin, alice, bob } = await loadFixture(deployCoin);
      const transfer = coin.connect(alice).transfer(bob, 300n);
      await expect(transfer)
        .to.emit(coin, "Transfer")
        .withArgs(alice.address, bob.address, 300n);
      await expect(transfer).to.changeTokenBalances(
        ethers,
        coin,
        [alice, bob],
        [-300n, 300n],
      );
    });

    it("fail for more than the balance", async () => {
      const { coin, alice, bob } = await loadFixture(deployCoin);
      await expect(coin.connect(alice).transfer(bob, 1001n))
        .to.be.revertedWithCustomError(coin, "ERC20InsufficientBalance")
        .withArgs(alice.address, 1000n, 1001n);
    });

    it("fail towards the zero address", async () => {
      const { coin, alice } = await loadFixture(deployCoin);
      await expect(coin.connect(alice).transfer(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(coin, "ERC20InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });

    it("use up an allowance, but not an unlimited one", async () => {
      const { coin, admin, alice, bob } = await loadFixture(deployCoin);
      await coin.connect(alice).approve(bob, 500n);
      await coin.connect(bob).transferFrom(alice, admin, 200n);
      expect(await coin.allowance(alice, bob)).to.equal(300n);
      await coin.connect(alice).approve(bob, MAX);
      await coin.connect(bob).transferFrom(alice, admin, 200n);
      expect(await coin.allowance(alice, bob)).to.equal(MAX);
    });

    it("cost the same gas whenever nothing else differs", async () => {
      const { coin, alice, bob } = await loadFixture(deployCoin);
      const gas = async () =>
        (await (await coin.connect(alice).transfer(bob, 10n)).wait())!.gasUsed;
      const first = await gas();
      const second = await gas();
      const third = await gas();
      // The first one fills an empty slot.
      expect(first - second).to.equal(17_100n);
      expect(third).to.equal(second);
    });
  });

  describe("supply", () => {
    it("grows with mint and shrinks with burn", async () => {
      const { coin, alice } = await loadFixture(deployCoin);
      await coin.connect(alice).burn(400n);
      expect(await coin.totalSupply()).to.equal(600n);
      await expect(coin.mint(alice, 50n))
        .to.emit(coin, "Transfer")
        .withArgs(ethers.ZeroAddress, alice.address, 50n);
      expect(await coin.totalSupply()).to.equal(650n);
    });

    it("panics rather than overflow", async () => {
      const { coin, alice } = await loadFixture(deployCoin);
      await expect(coin.mint(alice, MAX)).to.be.revertedWithPanic(0x11);
    });
  });

  describe("roles", () => {
    it("let only minters mint", async () => {
      const { coin, alice } = await loadFixture(deployCoin);
      const role = await coin.MINTER_ROLE();
      await expect(coin.connect(alice).mint(alice, 1n))
        .to.be.revertedWithCustomError(coin, "AccessControlUnauthorizedAccount")
        .withArgs(alice.address, role);
    });

    it("are granted and revoked by the admin", async () => {
      const { coin, admin, alice } = await loadFixture(deployCoin);
      const role = await coin.MINTER_ROLE();
      await expect(coin.grantRole(role, alice))
        .to.emit(coin, "RoleGranted")
        .withArgs(role, alice.address, admin.address);
      await coin.connect(alice).mint(alice, 1n);
      await coin.revokeRole(role, alice);
      await expect(
        coin.connect(alice).mint(alice, 1n),
      ).to.be.revertedWithCustomError(coin, "AccessControlUnauthorizedAccount");
    });

    it("can be renounced by their holder alone", async () => {
      const { coin, admin, alice } = await loadFixture(deployCoin);
      const role = await coin.PAUSER_ROLE();
      await expect(
        coin.connect(alice).renounceRole(role, admin),
      ).to.be.revertedWithCustomError(coin, "AccessControlBadConfirmation");
      await coin.renounceRole(role, admin);
      expect(await coin.hasRole(role, admin)).to.equal(false);
    });
  });

  describe("pause", () => {
    it("stops transfers until it ends", async () => {
      const { coin, alice, bob } = await loadFixture(deployCoin);
      await coin.pause();
      await expect(
        coin.connect(alice).transfer(bob, 1n),
      ).to.be.revertedWithCustomError(coin, "EnforcedPause");
      await coin.unpause();
      await coin.connect(alice).transfer(bob, 1n);
      expect(await coin.balanceOf(bob)).to.equal(1n);
    });
  });

  describe("permit", () => {
    it("approves by signature, once", async () => {
      const { coin, alice, bob } = await loadFixture(deployCoin);
      const deadline = (await time.latest()) + 3600;
      const message = {
        owner: alice.address,
        spender: bob.address,
        value: 700n,
        nonce: 0n,
        deadline,
      };
      const { v, r, s } = ethers.Signature.from(
        await alice.signTypedData(await domainOf(coin), PERMIT, message),
      );
      const permit = () => coin.permit(alice, bob, 700n, deadline, v, r, s);
      await expect(permit())
        .to.emit(coin, "Approval")
        .withArgs(alice.address, bob.address, 700n);
      expect(await coin.nonces(alice)).to.equal(1n);
      await expect(permit()).to.be.revertedWithCustomError(
        coin,
        "ERC2612InvalidSigner",
      );
    });

    it("expires", async () => {
      const { coin, alice, bob } = await loadFixture(deployCoin);
      const deadline = (await time.latest()) + 60;
      const message = {
        owner: alice.address,
        spender: bob.address,
        value: 1n,
        nonce: 0n,
        deadline,
      };
      const { v, r, s } = ethers.Signature.from(
        await alice.signTypedData(await domainOf(coin), PERMIT, message),
      );
      await time.increase(61);
      await expect(coin.permit(alice, bob, 1n, deadline, v, r, s))
        .to.be.revertedWithCustomError(coin, "ERC2612ExpiredSignature")
        .withArgs(deadline);
    });

    it("gives its domain (EIP-5267)", async () => {
      const { coin } = await loadFixture(deployCoin);
      const domain = await coin.eip712Domain();
      expect(domain.name).to.equal("Coin");
      expect(domain.chainId).to.equal(
        (await ethers.provider.getNetwork()).chainId,
      );
      expect(await coin.DOMAIN_SEPARATOR()).to.equal(
        ethers.TypedDataEncoder.hashDomain(await domainOf(coin)),
      );
    });
  });

  describe("blocks and history", () => {
    it("pays twenty people in one block", async () => {
      const { coin, alice } = await loadFixture(deployCoin);
      const people = (await ethers.getSigners()).map(({ address }) => address);
      await ethers.provider.send("evm_setAutomine", [false]);
      const nonce = await alice.getNonce();
      for (const [i, person] of people.entries()) {
        await coin.connect(alice).transfer(person, 5n, {
          gasLimit: 80_000n,
          nonce: nonce + i,
        });
      }
      await networkHelpers.mine();
      await ethers.provider.send("evm_setAutomine", [true]);
      const block = (await ethers.provider.getBlock("latest"))!;
      expect(block.transactions).to.have.lengthOf(people.length);
      const transfers = await coin.queryFilter(
        coin.filters.Transfer(),
        block.number,
      );
      expect(
        transfers.map(({ index }: { index: number }) => index),
      ).to.deep.equal(people.map((_, i) => i));
      expect(await coin.balanceOf(alice)).to.equal(1000n - 19n * 5n);
    });

    it("remembers balances of older blocks", async () => {
      const { coin, alice, bob } = await loadFixture(deployCoin);
      const block = await ethers.provider.getBlockNumber();
      await coin.connect(alice).transfer(bob, 999n);
      await networkHelpers.mine(5);
      expect(await coin.balanceOf(alice)).to.equal(1n);
      expect(await coin.balanceOf(alice, { blockTag: block })).to.equal(1000n);
    });

    it("finds events by topic over a range of blocks", async () => {
      const { coin, alice, bob } = await loadFixture(deployCoin);
      const from = (await ethers.provider.getBlockNumber()) + 1;
      for (let i = 1n; i <= 4n; i++) {
        await coin.connect(alice).transfer(i % 2n === 0n ? bob : alice, i);
      }
      const toBob = await coin.queryFilter(
        coin.filters.Transfer(undefined, bob),
        from,
      );
      expect(
        toBob.map(({ args }: { args: { value: bigint } }) => args.value),
      ).to.deep.equal([2n, 4n]);
    });
  });
});
