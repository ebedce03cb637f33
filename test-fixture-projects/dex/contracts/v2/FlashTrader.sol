// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IUniswapV2Callee} from "@uniswap/v2-core/contracts/interfaces/IUniswapV2Callee.sol";
import {IUniswapV2Pair} from "@uniswap/v2-core/contracts/interfaces/IUniswapV2Pair.sol";

/// Borrows from a pair inside one transaction and pays `repayment` back.
contract FlashTrader is IUniswapV2Callee {
    error NotThePair(address caller);

    event Borrowed(address indexed token, uint256 amount, uint256 repayment);

    function borrow(IUniswapV2Pair pair, address token, uint256 amount, uint256 repayment) external {
        bytes memory data = abi.encode(pair, token, repayment);
        bool first = pair.token0() == token;
        pair.swap(first ? amount : 0, first ? 0 : amount, address(this), data);
    }

    function uniswapV2Call(address, uint256 amount0, uint256 amount1, bytes calldata data) external {
        (address pair, IERC20 token, uint256 repayment) = abi.decode(data, (address, IERC20, uint256));
        if (msg.sender != pair) revert NotThePair(msg.sender);
        emit Borrowed(address(token), amount0 + amount1, repayment);
        token.transfer(pair, repayment);
    }
}
