// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IUniswapV2Factory} from "@uniswap/v2-core/contracts/interfaces/IUniswapV2Factory.sol";
import {PairRouter} from "./PairRouter.sol";

/// A router that keeps statistics in storage: every trade writes `tradeCount`, so no two trades of a
/// block can run side by side. The parallel report points at it.
contract MeteredRouter is PairRouter {
    uint256 public tradeCount;
    mapping(address token => uint256) public volume;
    mapping(address trader => uint256) public trades;

    constructor(IUniswapV2Factory factory_) PairRouter(factory_) {}

    function swapExactInput(
        uint256 input,
        uint256 minimum,
        address[] calldata path,
        address to,
        uint256 deadline
    ) public override returns (uint256[] memory amounts) {
        amounts = super.swapExactInput(input, minimum, path, to, deadline);
        _count(path[0], amounts[0]);
    }

    function swapExactOutput(
        uint256 output,
        uint256 maximum,
        address[] calldata path,
        address to,
        uint256 deadline
    ) public override returns (uint256[] memory amounts) {
        amounts = super.swapExactOutput(output, maximum, path, to, deadline);
        _count(path[0], amounts[0]);
    }

    function _count(address token, uint256 amount) private {
        tradeCount++;
        volume[token] += amount;
        trades[msg.sender]++;
    }
}
