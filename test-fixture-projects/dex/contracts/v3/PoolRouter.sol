// SPDX-License-Identifier: MIT
pragma solidity =0.7.6;

import "@uniswap/v3-core/contracts/interfaces/IERC20Minimal.sol";
import "@uniswap/v3-core/contracts/interfaces/IUniswapV3Factory.sol";
import "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3FlashCallback.sol";
import "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";
import "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import "@uniswap/v3-core/contracts/libraries/TickMath.sol";

/// Positions, swaps and flash loans on Uniswap V3 pools. Positions belong to the router itself; `owner`
/// of a share is kept here.
contract PoolRouter is IUniswapV3MintCallback, IUniswapV3SwapCallback, IUniswapV3FlashCallback {
    IUniswapV3Factory public immutable factory;

    /// Liquidity by owner and position.
    mapping(address => mapping(bytes32 => uint128)) public liquidityOf;

    event Deposited(address indexed owner, address indexed pool, uint128 liquidity);
    event Withdrawn(address indexed owner, address indexed pool, uint128 liquidity);

    constructor(IUniswapV3Factory factory_) {
        factory = factory_;
    }

    function positionKey(IUniswapV3Pool pool, int24 tickLower, int24 tickUpper) public pure returns (bytes32) {
        return keccak256(abi.encode(pool, tickLower, tickUpper));
    }

    function deposit(
        IUniswapV3Pool pool,
        int24 tickLower,
        int24 tickUpper,
        uint128 liquidity
    ) external returns (uint256 amount0, uint256 amount1) {
        (amount0, amount1) = pool.mint(address(this), tickLower, tickUpper, liquidity, abi.encode(pool, msg.sender));
        liquidityOf[msg.sender][positionKey(pool, tickLower, tickUpper)] += liquidity;
        emit Deposited(msg.sender, address(pool), liquidity);
    }

    function withdraw(
        IUniswapV3Pool pool,
        int24 tickLower,
        int24 tickUpper,
        uint128 liquidity
    ) external returns (uint256 amount0, uint256 amount1) {
        bytes32 key = positionKey(pool, tickLower, tickUpper);
        require(liquidityOf[msg.sender][key] >= liquidity, "PoolRouter: more than you own");
        liquidityOf[msg.sender][key] -= liquidity;
        (uint256 owed0, uint256 owed1) = pool.burn(tickLower, tickUpper, liquidity);
        (amount0, amount1) = pool.collect(msg.sender, tickLower, tickUpper, uint128(owed0), uint128(owed1));
        emit Withdrawn(msg.sender, address(pool), liquidity);
    }

    function swapExactInput(
        IUniswapV3Pool pool,
        bool zeroForOne,
        uint256 input,
        uint256 minimum
    ) external returns (uint256 output) {
        (int256 amount0, int256 amount1) = pool.swap(
            msg.sender,
            zeroForOne,
            int256(input),
            zeroForOne ? TickMath.MIN_SQRT_RATIO + 1 : TickMath.MAX_SQRT_RATIO - 1,
            abi.encode(pool, msg.sender)
        );
        output = uint256(-(zeroForOne ? amount1 : amount0));
        require(output >= minimum, "PoolRouter: output too low");
    }

    function flash(IUniswapV3Pool pool, uint256 amount0, uint256 amount1) external {
        pool.flash(address(this), amount0, amount1, abi.encode(pool, msg.sender, amount0, amount1));
    }

    function sqrtPriceAt(int24 tick) external pure returns (uint160) {
        return TickMath.getSqrtRatioAtTick(tick);
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata data) external override {
        (IUniswapV3Pool pool, address payer) = _decode(data);
        if (amount0 > 0) _pay(pool.token0(), payer, address(pool), amount0);
        if (amount1 > 0) _pay(pool.token1(), payer, address(pool), amount1);
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata data) external override {
        (IUniswapV3Pool pool, address payer) = _decode(data);
        if (amount0 > 0) _pay(pool.token0(), payer, address(pool), uint256(amount0));
        if (amount1 > 0) _pay(pool.token1(), payer, address(pool), uint256(amount1));
    }

    function uniswapV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata data) external override {
        (IUniswapV3Pool pool, address payer, uint256 amount0, uint256 amount1) = abi.decode(
            data,
            (IUniswapV3Pool, address, uint256, uint256)
        );
        _requirePool(pool);
        if (amount0 > 0) IERC20Minimal(pool.token0()).transfer(address(pool), amount0);
        if (amount1 > 0) IERC20Minimal(pool.token1()).transfer(address(pool), amount1);
        if (fee0 > 0) _pay(pool.token0(), payer, address(pool), fee0);
        if (fee1 > 0) _pay(pool.token1(), payer, address(pool), fee1);
    }

    /// Who pays, if the caller is a pool of the factory.
    function _decode(bytes calldata data) private view returns (IUniswapV3Pool pool, address payer) {
        (pool, payer) = abi.decode(data, (IUniswapV3Pool, address));
        _requirePool(pool);
    }

    function _requirePool(IUniswapV3Pool pool) private view {
        require(
            msg.sender == address(pool) &&
                msg.sender == factory.getPool(pool.token0(), pool.token1(), pool.fee()),
            "PoolRouter: not a pool"
        );
    }

    function _pay(address token, address from, address to, uint256 amount) private {
        require(IERC20Minimal(token).transferFrom(from, to, amount), "PoolRouter: payment failed");
    }
}
