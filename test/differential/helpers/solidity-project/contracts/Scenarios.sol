// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {console} from "hardhat/console.sol";

error NoArguments();
error Numbers(uint256 a, int256 b);
error Texts(string text, bytes data);
error Who(address who, bool flag);

library Arithmetic {
    error TooBig(uint256 value);

    function checkedAdd(uint256 a, uint256 b) external pure returns (uint256) {
        if (b > 1e30) revert TooBig(b);
        return a + b;
    }

    function half(uint256 a) internal pure returns (uint256) {
        require(a != 0, "nothing to halve");
        return a / 2;
    }
}

struct Pair {
    uint256 a;
    address b;
}

error Structured(Pair pair, uint256[] list);

abstract contract Base {
    uint256 public total;
    address public owner;

    event Changed(address indexed by, uint256 indexed kind, uint256 value, string note);

    modifier onlyOwner() {
        require(msg.sender == owner, "not the owner");
        _;
    }

    modifier notZero(uint256 value) {
        if (value == 0) revert NoArguments();
        _;
    }

    function _change(uint256 kind, uint256 value) internal {
        total += value;
        emit Changed(msg.sender, kind, value, "changed");
    }

    function virtualFail() public virtual {
        revert("base");
    }
}

contract Callee {
    uint256 public count;

    constructor(uint256 start) payable {
        require(start != 13, "unlucky");
        count = start;
    }

    function add(uint256 value) external returns (uint256) {
        require(value < 1000, "too much");
        count += value;
        return count;
    }

    function fail(uint256 kind) external pure {
        if (kind == 0) revert("callee says no");
        if (kind == 1) revert Numbers(kind, -1);
        if (kind == 2) assert(false);
        if (kind == 3) revert();
        assembly {
            mstore(0, 0x1234567800000000000000000000000000000000000000000000000000000000)
            revert(0, 4)
        }
    }

    function burn() external pure {
        while (true) {}
    }

    function nothing() external {}
}

interface Wrong {
    function count() external view returns (uint256, uint256, uint256);

    function absent(uint256 value) external;

    function nothing() external returns (uint256);
}

contract Scenarios is Base {
    enum Kind {
        A,
        B,
        C
    }

    uint256[] public list;
    mapping(address => mapping(uint256 => uint256)) public table;
    string public text;
    bytes public blob;
    Callee public callee;
    function() internal pointer;

    constructor(uint256 seed) payable {
        owner = msg.sender;
        total = seed;
        if (seed == 666) revert Who(msg.sender, true);
        if (seed == 777) require(false);
        callee = new Callee(7);
        console.log("deployed with", seed);
    }

    receive() external payable {
        require(msg.value != 5, "not five");
    }

    function store(uint256 key, uint256 value) external returns (uint256) {
        table[msg.sender][key] = value;
        list.push(value);
        _change(key, value % 1000);
        return list.length;
    }

    function write(string calldata value, bytes calldata data) external {
        text = value;
        blob = data;
        emit Changed(msg.sender, 0, data.length, value);
    }

    function pop() external {
        list.pop();
    }

    function at(uint256 index) external view returns (uint256) {
        return list[index];
    }

    function kindOf(uint256 value) external pure returns (Kind) {
        return Kind(value);
    }

    function divide(uint256 a, uint256 b) external pure returns (uint256, uint256) {
        return (a / b, a % b);
    }

    function subtract(uint256 a, uint256 b) external pure returns (uint256) {
        return a - b;
    }

    function narrow(int256 a) external pure returns (int8) {
        int8 small = int8(a);
        return small * 2;
    }

    function allocate(uint256 size) external pure returns (uint256) {
        uint256[] memory buffer = new uint256[](size);
        return buffer.length;
    }

    function callPointer() external {
        pointer();
    }

    function requireNothing(bool ok) external pure {
        require(ok);
    }

    function requireText(bool ok, string calldata why) external pure {
        require(ok, why);
    }

    function requireError(bool ok) external view {
        require(ok, Who(msg.sender, ok));
    }

    function raise(uint256 kind) external view {
        if (kind == 0) revert NoArguments();
        if (kind == 1) revert Numbers(1, -2);
        if (kind == 2) revert Texts("text", hex"0102");
        if (kind == 3) {
            uint256[] memory numbers = new uint256[](2);
            revert Structured(Pair(1, msg.sender), numbers);
        }
        if (kind == 4) revert();
        if (kind == 5) revert("");
        if (kind == 6) assert(false);
        if (kind == 7) assembly { invalid() }
        if (kind == 8) assembly { revert(0, 0) }
        _deeper(kind);
    }

    function _deeper(uint256 kind) internal pure {
        if (kind == 9) revert("deep");
        _deepest(kind - 9);
    }

    function _deepest(uint256 kind) private pure {
        require(kind != 1, "deepest");
    }

    function guarded(uint256 value) external onlyOwner notZero(value) {
        _change(1, value);
    }

    function virtualFail() public pure override {
        revert("derived");
    }

    function superFail() external {
        super.virtualFail();
    }

    function ask(uint256 value) external returns (uint256) {
        return callee.add(value);
    }

    function askToFail(uint256 kind) external view {
        callee.fail(kind);
    }

    function catchFailure(uint256 kind) external returns (string memory) {
        try callee.fail(kind) {
            return "ok";
        } catch Error(string memory reason) {
            emit Changed(msg.sender, kind, 1, reason);
            return reason;
        } catch Panic(uint256 code) {
            total = code;
            return "panic";
        } catch (bytes memory data) {
            blob = data;
            return "bytes";
        }
    }

    function askToBurn() external {
        try callee.burn{gas: 200_000}() {} catch {
            total++;
        }
    }

    function askWrongly(uint256 kind) external returns (uint256) {
        Wrong wrong = Wrong(address(callee));
        if (kind == 0) {
            (uint256 a, , ) = wrong.count();
            return a;
        }
        if (kind == 1) wrong.absent(1);
        if (kind == 2) return wrong.nothing();
        return Callee(address(uint160(kind))).count();
    }

    function create(uint256 start, bytes32 salt, bool withSalt) external payable returns (address) {
        callee = withSalt ? new Callee{salt: salt, value: msg.value}(start) : new Callee(start);
        return address(callee);
    }

    function pay(address payable to, uint256 value) external payable {
        to.transfer(value);
    }

    function sendAll(address payable to) external payable {
        (bool ok, ) = to.call{value: address(this).balance}("");
        require(ok, "transfer failed");
    }

    function useLibrary(uint256 a, uint256 b) external returns (uint256) {
        total = Arithmetic.half(Arithmetic.checkedAdd(a, b));
        return total;
    }

    function say(string calldata what, uint256 n) external {
        console.log(what);
        console.log("%s is %d", what, n);
        console.logBytes32(bytes32(n));
        total = n;
        require(n != 3, "said three");
    }

    function delegate(address to, bytes calldata data) external payable returns (bytes memory) {
        (bool ok, bytes memory answer) = to.delegatecall(data);
        if (!ok) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
        return answer;
    }

    function gasLeft() external returns (uint256) {
        total = gasleft();
        return total;
    }

    function environment() external view returns (bytes32, address, uint256, uint256, uint256) {
        return (blockhash(block.number - 1), block.coinbase, block.timestamp, block.number, block.gaslimit);
    }

    function loop(uint256 rounds) external returns (uint256 sum) {
        for (uint256 i = 0; i < rounds % 200; i++) {
            sum += uint256(keccak256(abi.encode(i, sum))) % 7;
        }
        total = sum;
    }

    function infinite() external pure {
        while (true) {}
    }
}

contract Bare {
    uint256 public value;

    function set(uint256 newValue) external payable {
        value = newValue;
    }
}

contract Proxy {
    address private implementation;

    constructor(address to) {
        implementation = to;
    }

    fallback() external payable {
        address to = implementation;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), to, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }
}
