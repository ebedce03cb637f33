// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// An ERC-4626 vault over a token: deposits of many hands in one balance.
contract Vault is ERC4626 {
    uint256 public immutable cap;

    constructor(IERC20 asset, uint256 cap_) ERC20("Vault", "VLT") ERC4626(asset) {
        cap = cap_;
    }

    function maxDeposit(address) public view override returns (uint256) {
        uint256 total = totalAssets();
        return total >= cap ? 0 : cap - total;
    }
}
