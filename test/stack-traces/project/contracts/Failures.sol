// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

error FreeError(uint256 code);

struct Point {
    int256 x;
    int256 y;
}

library Checks {
    error InLibrary(uint256 value);

    function requireEven(uint256 value) internal pure {
        require(value % 2 == 0, "odd");
    }

    function requireSmall(uint256 value) external pure returns (uint256) {
        if (value > 100) revert InLibrary(value);
        return value;
    }
}

interface IAnswers {
    function answer() external view returns (uint256);

    function twoAnswers() external returns (uint256, uint256);

    function nothing() external;
}

/// Answers everything with nothing.
contract Mute {
    fallback() external payable {}
}

/// Takes no ether, answers no calls.
contract Closed {
    uint256 public value = 7;
}

contract Base {
    function inherited(uint256 value) external pure virtual returns (uint256) {
        require(value > 1, "inherited");
        return value;
    }

    function _internalInBase(uint256 value) internal pure {
        assert(value != 0);
    }
}

contract Failures is Base {
    using Checks for uint256;

    error NoArgs();
    error Custom(uint256 code, string text);
    error Many(
        address who,
        bytes4 selector,
        bytes data,
        bool flag,
        int8 small,
        uint256[] list,
        Point point,
        Point[2] points,
        string[] texts
    );
    enum Color { Red, Green }

    uint256[] public items;
    mapping(address => uint256) public balances;
    bytes public blob;
    address public immutable self;
    function() internal uninitialized;

    constructor() {
        self = address(this);
    }

    modifier notZero(uint256 value) {
        require(value != 0, "zero");
        _;
    }

    modifier notTwo(uint256 value) {
        if (value == 2) {
            revert NoArgs();
        }
        _;
    }

    function reason() external pure { revert("r"); }
    function emptyReason() external pure { revert(""); }
    function longReason() external pure {
        revert(
            "a reason that is longer than thirty-two bytes, so that it takes more than one word"
        );
    }
    function noReason() external pure { revert(); }
    function requireFalse(bool ok) external pure { require(ok); }
    function requireReason(uint256 value) external pure {
        require(
            value > 10,
            unicode"größer 10 ✓"
        );
    }
    function noArgs() external pure { revert NoArgs(); }
    function custom() external pure { revert Custom(42, "hi \"there\""); }
    function many() external view {
        uint256[] memory list = new uint256[](2);
        list[0] = 1;
        list[1] = type(uint256).max;
        string[] memory texts = new string[](1);
        texts[0] = "t";
        Point memory p = Point(-1, 2);
        revert Many(self, this.many.selector, hex"1234", true, -5, list, p, [p, p], texts);
    }
    function freeError() external pure { revert FreeError(1); }
    function requireCustom(bool ok) external pure { require(ok, NoArgs()); }
    function unknownError() external pure {
        assembly {
            mstore(0, 0x1234567800000000000000000000000000000000000000000000000000000000)
            revert(0, 4)
        }
    }
    function threeBytes() external pure {
        assembly { mstore(0, shl(232, 0x123456)) revert(0, 3) }
    }
    function shortError() external pure {
        // Error(string) without a string
        assembly { mstore(0, shl(224, 0x08c379a0)) revert(0, 4) }
    }
    function shortCustom() external pure {
        bytes4 selector = Custom.selector;
        assembly { mstore(0, selector) revert(0, 4) }
    }
    function assertion() external pure { assert(false); }
    function overflow(uint8 value) external pure returns (uint8) { return value + 200; }
    function divide(uint256 value) external pure returns (uint256) { return 1 / value; }
    function toColor(uint256 value) external pure returns (Color) { return Color(value); }
    function popEmpty() external { items.pop(); }
    function outOfBounds(uint256 index) external view returns (uint256) { return items[index]; }
    function allocate() external pure returns (uint256[] memory) {
        uint256 size = type(uint256).max;
        return new uint256[](size);
    }
    function callZero() external { uninitialized(); }
    function otherPanic() external pure {
        assembly { mstore(0, shl(224, 0x4e487b71)) mstore(4, 0x99) revert(0, 36) }
    }
    function invalidOpcode() external pure { assembly { invalid() } }
    function payableOnly() external payable { require(msg.value == 1, "not 1"); }
    function plain(uint256 value) external pure returns (uint256) { return value; }
    function address_(address who) external pure returns (address) { return who; }
    function text(string calldata value) external pure returns (uint256) { return bytes(value).length; }
    function flag(bool value) external pure returns (bool) { return value; }
    function point(Point calldata value) external pure returns (int256) { return value.x; }
    function inModifier(uint256 value) external pure notZero(value) notTwo(value) returns (uint256) {
        require(value < 5, "five");
        return value;
    }
    function nested(uint256 value) external pure returns (uint256) {
        return first(value);
    }
    function first(uint256 value) internal pure returns (uint256) {
        second(value);
        return value;
    }
    function second(uint256 value) private pure {
        value.requireEven();
        _internalInBase(value);
        freeFunction(value);
    }
    function recurse(uint256 depth) public pure returns (uint256) {
        require(depth != 0, "bottom");
        return recurse(depth - 1) + 1;
    }
    function inLibrary(uint256 value) external pure returns (uint256) {
        return Checks.requireSmall(value);
    }
    function callAnswer(IAnswers other) external view returns (uint256) { return other.answer(); }
    function callWithGas(IAnswers other, uint256 amount) external view returns (uint256) {
        return other.answer{gas: amount}();
    }
    function callTwo(IAnswers other) external returns (uint256 sum) {
        (uint256 a, uint256 b) = other.twoAnswers();
        sum = a + b;
    }
    function callNothing(IAnswers other) external { other.nothing(); }
    function callOther(Failures other, uint256 value) external pure returns (uint256) {
        return other.nested(value);
    }
    function callTwice(Failures other, uint256 value) external pure returns (uint256) {
        return other.plain(value) + other.divide(value);
    }
    function tryOther(Failures other) external pure returns (uint256) {
        try other.noArgs() {
            return 1;
        } catch (bytes memory data) {
            if (data.length == 4) revert("caught");
            return 2;
        }
    }
    function bubble(address other, bytes calldata data) external {
        (bool ok, bytes memory returned) = other.call(data);
        if (!ok) {
            assembly { revert(add(returned, 32), mload(returned)) }
        }
    }
    function lowLevel(address other, bytes calldata data) external {
        (bool ok, ) = other.call(data);
        require(ok, "low level");
    }
    function pay(address payable to, uint256 value) external { to.transfer(value); }
    function send(address payable to, uint256 value) external { require(to.send(value), "send"); }
    function payFunction(Failures other) external payable { other.payableOnly{value: 5}(); }
    function create(uint256 value) external returns (address) { return address(new InConstructor(value)); }
    function tryCreate(uint256 value) external returns (address) {
        return address(new InConstructor{salt: bytes32(value)}(value));
    }
    function createTooLarge() external { new TooLarge(); }
    function createStartingWithEf() external { new StartsWithEf(); }
    function create2Twice() external {
        new Closed{salt: 0}();
        new Closed{salt: 0}();
    }
    function precompile() external view {
        // bn254 addition of a point that is not on the curve
        (bool ok, ) = address(6).staticcall{gas: 50000}(hex"0000000000000000000000000000000000000000000000000000000000000001");
        require(ok, "precompile");
    }
    function burnGas() external pure {
        uint256 i;
        while (true) { unchecked { i++; } }
    }
    function innerOutOfGas(Failures other) external view { other.burnGas{gas: 5000}(); }
    function precompileThenCall(Failures other, uint256 value) external pure returns (bytes32 hash) {
        hash = sha256("a");
        other.nested(value);
    }
    function callThenPrecompile(Failures other, uint256 value) external pure returns (bytes32 hash) {
        try other.nested(value) {
            return 0;
        } catch {
            hash = sha256("a");
            other.plain(uint256(hash));
            hash = sha256("b");
            require(value == 17, "after");
        }
    }
    function writesInView() external view returns (uint256) {
        return Failures(address(this)).sneaky();
    }
    function sneaky() external view returns (uint256 result) {
        address target = address(this);
        bytes4 selector = this.popEmpty.selector;
        assembly {
            mstore(0, selector)
            result := staticcall(gas(), target, 0, 4, 0, 32)
            if iszero(result) { returndatacopy(0, 0, returndatasize()) revert(0, returndatasize()) }
        }
    }
}

function freeFunction(uint256 value) pure {
    require(value != 4, "four");
}

contract InConstructor {
    uint256 public immutable value;

    constructor(uint256 value_) {
        require(value_ != 1, "constructor");
        check(value_);
        value = value_;
    }

    function check(uint256 value_) internal pure {
        require(value_ != 2, "checked");
    }
}

contract ModifierInConstructor {
    modifier never(bool ok) {
        require(ok, "never");
        _;
    }

    constructor(bool ok) never(ok) {}
}

contract PayableConstructor {
    constructor(uint256 value) payable {
        require(msg.value == value);
    }
}

contract NoConstructor {}

contract WithFallback {
    fallback() external { revert("in fallback"); }
}

contract WithReceive {
    receive() external payable { require(msg.value != 3, "in receive"); }
}

contract WithBoth {
    receive() external payable { revert("receive of both"); }
    fallback(bytes calldata data) external payable returns (bytes memory) {
        require(data.length > 4, "short");
        return data;
    }
}

contract NonPayableFallback {
    fallback() external {}
}

contract Proxy {
    address immutable implementation;

    constructor(address implementation_) { implementation = implementation_; }

    fallback() external payable {
        address target = implementation;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), target, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }
}

contract TooLarge {
    constructor() {
        assembly { return(0, 24577) }
    }
}

contract StartsWithEf {
    constructor() {
        assembly { mstore(0, shl(240, 0xef12)) return(0, 2) }
    }
}

contract Overloaded {
    function f(uint256 value) external pure { require(value == 0, "uint"); }
    function f(address who) external pure { require(who == address(0), "address"); }
    function f(uint256 value, Point memory p) external pure { require(p.x == int256(value), "point"); }
}
