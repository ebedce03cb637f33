// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;
pragma experimental ABIEncoderV2;

library Checks {
    function requireEven(uint256 value) internal pure {
        require(value % 2 == 0, "odd");
    }

    function requireSmall(uint256 value) external pure returns (uint256) {
        require(value < 100);
        return value;
    }
}

contract Other {
    uint256[] public list;

    function answer() external pure returns (uint256) {
        revert("no answer");
    }
}

contract Mute {
    fallback() external payable {}
}

contract Base {
    mapping(address => mapping(uint256 => uint256)) public table;

    function inherited(uint256 value) external pure {
        require(value > 1, "inherited");
    }
}

contract Legacy is Base {
    using Checks for uint256;

    struct Point {
        uint256 x;
        uint256 y;
    }
    enum Color { Red, Green }

    Other[] public others;
    uint8 public small = 1;

    modifier notZero(uint256 value) {
        require(value != 0, "zero");
        _;
    }

    constructor(uint256 value) {
        require(value != 1, "constructor");
    }

    function reason() external pure { revert("r"); }
    function noReason() external pure { revert(); }
    function assertion() external pure { assert(false); }
    function requireFalse(bool ok) external pure { require(ok); }
    function inModifier(uint256 value) external pure notZero(value) returns (uint256) {
        require(value < 5, "five");
        return value;
    }
    function nested(uint256 value) external pure returns (uint256) { return first(value); }
    function first(uint256 value) internal pure returns (uint256) {
        value.requireEven();
        return value;
    }
    function withEnum(Color color, Other other) external pure returns (Color, Other) { return (color, other); }
    function withStruct(Point calldata point) external pure returns (uint256) {
        require(point.x == 0, "struct");
        return point.y;
    }
    function withArrays(uint256[2] calldata fixed_, bytes32[] calldata list) external pure returns (uint256) {
        return fixed_[0] + uint256(list[0]);
    }
    function outOfBounds(uint256 index) external view returns (Other) { return others[index]; }
    function divide(uint256 value) external pure returns (uint256) { return 1 / value; }
    function callAnswer(Other other) external pure returns (uint256) { return other.answer(); }
    function callList(Other other) external view returns (uint256) { return other.list(3); }
    function inLibrary(uint256 value) external pure returns (uint256) { return Checks.requireSmall(value); }
    function pay(address payable to, uint256 value) external { to.transfer(value); }
    function create(uint256 value) external returns (Created) { return new Created(value); }
    function overloaded(uint256 value) external pure { require(value == 0, "uint"); }
    function overloaded(address who) external pure { require(who == address(0), "address"); }
}

contract Created {
    constructor(uint256 value) {
        require(value != 1, "created");
    }
}
