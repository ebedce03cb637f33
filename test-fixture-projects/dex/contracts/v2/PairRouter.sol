// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IUniswapV2Factory} from "@uniswap/v2-core/contracts/interfaces/IUniswapV2Factory.sol";
import {IUniswapV2Pair} from "@uniswap/v2-core/contracts/interfaces/IUniswapV2Pair.sol";

/// Liquidity and swaps over Uniswap V2 pairs.
contract PairRouter {
    using SafeERC20 for IERC20;

    error Expired(uint256 deadline, uint256 timestamp);
    error InvalidPath();
    error NoPair(address tokenA, address tokenB);
    error OutputTooLow(uint256 output, uint256 minimum);
    error InputTooHigh(uint256 input, uint256 maximum);
    error LiquidityTooLow(uint256 amount, uint256 minimum);

    IUniswapV2Factory public immutable factory;

    constructor(IUniswapV2Factory factory_) {
        factory = factory_;
    }

    modifier before(uint256 deadline) {
        if (block.timestamp > deadline) revert Expired(deadline, block.timestamp);
        _;
    }

    function addLiquidity(
        address tokenA,
        address tokenB,
        uint256 wantedA,
        uint256 wantedB,
        uint256 minimumA,
        uint256 minimumB,
        uint256 deadline
    ) external before(deadline) returns (uint256 liquidity) {
        address pair = factory.getPair(tokenA, tokenB);
        if (pair == address(0)) pair = factory.createPair(tokenA, tokenB);
        (uint256 amountA, uint256 amountB) = _atPrice(tokenA, tokenB, wantedA, wantedB);
        if (amountA < minimumA) revert LiquidityTooLow(amountA, minimumA);
        if (amountB < minimumB) revert LiquidityTooLow(amountB, minimumB);
        IERC20(tokenA).safeTransferFrom(msg.sender, pair, amountA);
        IERC20(tokenB).safeTransferFrom(msg.sender, pair, amountB);
        liquidity = IUniswapV2Pair(pair).mint(msg.sender);
    }

    function removeLiquidity(
        address tokenA,
        address tokenB,
        uint256 liquidity,
        uint256 minimumA,
        uint256 minimumB,
        address to,
        uint256 deadline
    ) public before(deadline) returns (uint256 amountA, uint256 amountB) {
        address pair = pairFor(tokenA, tokenB);
        IERC20(pair).safeTransferFrom(msg.sender, pair, liquidity);
        (uint256 amount0, uint256 amount1) = IUniswapV2Pair(pair).burn(to);
        (amountA, amountB) = tokenA < tokenB ? (amount0, amount1) : (amount1, amount0);
        if (amountA < minimumA) revert OutputTooLow(amountA, minimumA);
        if (amountB < minimumB) revert OutputTooLow(amountB, minimumB);
    }

    function removeLiquidityWithPermit(
        address tokenA,
        address tokenB,
        uint256 liquidity,
        address to,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256, uint256) {
        IUniswapV2Pair(pairFor(tokenA, tokenB)).permit(msg.sender, address(this), liquidity, deadline, v, r, s);
        return removeLiquidity(tokenA, tokenB, liquidity, 0, 0, to, deadline);
    }

    function swapExactInput(
        uint256 input,
        uint256 minimum,
        address[] calldata path,
        address to,
        uint256 deadline
    ) public virtual before(deadline) returns (uint256[] memory amounts) {
        amounts = quoteOutput(input, path);
        uint256 output = amounts[amounts.length - 1];
        if (output < minimum) revert OutputTooLow(output, minimum);
        _swap(amounts, path, to);
    }

    function swapExactOutput(
        uint256 output,
        uint256 maximum,
        address[] calldata path,
        address to,
        uint256 deadline
    ) public virtual before(deadline) returns (uint256[] memory amounts) {
        amounts = quoteInput(output, path);
        if (amounts[0] > maximum) revert InputTooHigh(amounts[0], maximum);
        _swap(amounts, path, to);
    }

    /// Amounts along the path for an exact input; the pair keeps 0.3%.
    function quoteOutput(uint256 input, address[] calldata path) public view returns (uint256[] memory amounts) {
        if (path.length < 2) revert InvalidPath();
        amounts = new uint256[](path.length);
        amounts[0] = input;
        for (uint256 i = 0; i + 1 < path.length; i++) {
            (uint256 reserveIn, uint256 reserveOut) = reserves(path[i], path[i + 1]);
            uint256 afterFee = amounts[i] * 997;
            amounts[i + 1] = (afterFee * reserveOut) / (reserveIn * 1000 + afterFee);
        }
    }

    /// Amounts along the path for an exact output.
    function quoteInput(uint256 output, address[] calldata path) public view returns (uint256[] memory amounts) {
        if (path.length < 2) revert InvalidPath();
        amounts = new uint256[](path.length);
        amounts[path.length - 1] = output;
        for (uint256 i = path.length - 1; i > 0; i--) {
            (uint256 reserveIn, uint256 reserveOut) = reserves(path[i - 1], path[i]);
            amounts[i - 1] = (reserveIn * amounts[i] * 1000) / ((reserveOut - amounts[i]) * 997) + 1;
        }
    }

    function reserves(address tokenA, address tokenB) public view returns (uint256 reserveA, uint256 reserveB) {
        (uint112 reserve0, uint112 reserve1, ) = IUniswapV2Pair(pairFor(tokenA, tokenB)).getReserves();
        (reserveA, reserveB) = tokenA < tokenB ? (reserve0, reserve1) : (reserve1, reserve0);
    }

    function pairFor(address tokenA, address tokenB) public view returns (address pair) {
        pair = factory.getPair(tokenA, tokenB);
        if (pair == address(0)) revert NoPair(tokenA, tokenB);
    }

    /// What of the wanted amounts keeps the price: the scarcer side decides.
    function _atPrice(
        address tokenA,
        address tokenB,
        uint256 wantedA,
        uint256 wantedB
    ) private view returns (uint256, uint256) {
        (uint256 reserveA, uint256 reserveB) = reserves(tokenA, tokenB);
        if (reserveA == 0 && reserveB == 0) return (wantedA, wantedB);
        uint256 matchingB = (wantedA * reserveB) / reserveA;
        if (matchingB <= wantedB) return (wantedA, matchingB);
        return ((wantedB * reserveA) / reserveB, wantedB);
    }

    function _swap(uint256[] memory amounts, address[] calldata path, address to) private {
        address pair = pairFor(path[0], path[1]);
        IERC20(path[0]).safeTransferFrom(msg.sender, pair, amounts[0]);
        for (uint256 i = 0; i + 1 < path.length; i++) {
            // Each pair pays the next one; the last pays the trader.
            address next = i + 2 < path.length ? pairFor(path[i + 1], path[i + 2]) : to;
            bool forward = path[i] < path[i + 1];
            IUniswapV2Pair(pair).swap(forward ? 0 : amounts[i + 1], forward ? amounts[i + 1] : 0, next, "");
            pair = next;
        }
    }
}
