// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// An ERC-20 as projects deploy it.
contract Token is ERC20 {
    constructor() ERC20("Token", "TKN") {
        _mint(msg.sender, 1e30);
    }

    function fund(address[] calldata holders, uint256 amount) external {
        for (uint256 i = 0; i < holders.length; i++) {
            _mint(holders[i], amount);
        }
    }
}

/// Work of known size.
contract Work {
    mapping(address => uint256) public results;
    mapping(uint256 => uint256) public slots;
    uint256 public hot;

    /// 25 opcodes a round.
    function loop(uint256 rounds) public pure returns (uint256 x) {
        unchecked {
            for (uint256 i = 0; i < rounds; i++) {
                x = (x * 31 + i) ^ (x >> 7);
            }
        }
    }

    /// The loop in a transaction, its result in a slot of the sender's own.
    function run(uint256 rounds) external {
        results[msg.sender] = loop(rounds) | 1;
    }

    /// The same, every sender after the other.
    function runHot(uint256 rounds) external {
        unchecked {
            hot += loop(rounds) | 1;
        }
    }

    function keccakLoop(uint256 rounds) external pure returns (bytes32 x) {
        unchecked {
            for (uint256 i = 0; i < rounds; i++) {
                x = keccak256(abi.encode(x, i));
            }
        }
    }

    /// Reads and writes of warm slots.
    function storageLoop(uint256 rounds) external returns (uint256 sum) {
        unchecked {
            for (uint256 i = 0; i < rounds; i++) {
                uint256 key = i & 15;
                sum += slots[key];
                slots[key] = sum + i;
            }
        }
    }

    function memoryLoop(uint256 rounds) external pure returns (uint256 sum) {
        unchecked {
            uint256[] memory buffer = new uint256[](256);
            for (uint256 i = 0; i < rounds; i++) {
                buffer[i & 255] = sum + i;
                sum ^= buffer[(i * 7) & 255];
            }
        }
    }

    function callLoop(uint256 rounds) external view returns (uint256 sum) {
        unchecked {
            for (uint256 i = 0; i < rounds; i++) {
                sum += this.leaf(i);
            }
        }
    }

    function leaf(uint256 x) external pure returns (uint256) {
        return x ^ 1;
    }
}

/// An NFT with a running number: every mint reads what the one before wrote.
contract Nft is ERC721 {
    uint256 public next;

    constructor() ERC721("Nft", "NFT") {}

    function mint() external {
        _mint(msg.sender, next++);
    }
}

/// A pool of two tokens at a constant product, as Uniswap V2 has it. Set up by writing its slots.
contract Pool {
    ERC20 public token0;
    ERC20 public token1;
    uint112 private reserve0;
    uint112 private reserve1;
    uint32 private lastTimestamp;
    uint256 public cumulativePrice;
    uint256 private unlocked;

    event Swap(address indexed sender, uint256 amountIn, uint256 amountOut);

    function swap(bool forward, uint256 amountIn) external {
        require(unlocked == 1, "locked");
        unlocked = 2;
        (uint256 reserveIn, uint256 reserveOut) = forward
            ? (uint256(reserve0), uint256(reserve1))
            : (uint256(reserve1), uint256(reserve0));
        uint256 withFee = amountIn * 997;
        uint256 amountOut = (withFee * reserveOut) / (reserveIn * 1000 + withFee);
        (ERC20 tokenIn, ERC20 tokenOut) = forward ? (token0, token1) : (token1, token0);
        tokenIn.transferFrom(msg.sender, address(this), amountIn);
        tokenOut.transfer(msg.sender, amountOut);
        update(token0.balanceOf(address(this)), token1.balanceOf(address(this)));
        emit Swap(msg.sender, amountIn, amountOut);
        unlocked = 1;
    }

    function update(uint256 balance0, uint256 balance1) private {
        uint32 timestamp = uint32(block.timestamp);
        if (timestamp != lastTimestamp && reserve0 != 0) {
            cumulativePrice += (uint256(reserve1) << 112) / reserve0 * (timestamp - lastTimestamp);
        }
        (reserve0, reserve1, lastTimestamp) = (uint112(balance0), uint112(balance1), timestamp);
    }
}

/// Deposits and loans of one token, with totals that set the rate.
contract Lending {
    ERC20 public token;
    uint256 public totalDeposits;
    uint256 public totalDebt;
    uint256 public index;
    uint256 public lastTimestamp;
    mapping(address => uint256) public deposits;
    mapping(address => uint256) public debts;

    function accrue() private {
        if (block.timestamp != lastTimestamp) {
            uint256 used = totalDeposits == 0 ? 0 : totalDebt * 1e18 / totalDeposits;
            index += used * (block.timestamp - lastTimestamp) / 365 days;
            lastTimestamp = block.timestamp;
        }
    }

    function deposit(uint256 amount) external {
        accrue();
        token.transferFrom(msg.sender, address(this), amount);
        deposits[msg.sender] += amount;
        totalDeposits += amount;
    }

    function borrow(uint256 amount) external {
        accrue();
        require((debts[msg.sender] + amount) * 2 <= deposits[msg.sender], "collateral");
        debts[msg.sender] += amount;
        totalDebt += amount;
        token.transfer(msg.sender, amount);
    }
}

contract Voting {
    mapping(uint256 => mapping(address => bool)) public hasVoted;
    mapping(uint256 => uint256) public votes;

    function vote(uint256 proposal) external {
        require(!hasVoted[proposal][msg.sender], "voted");
        hasVoted[proposal][msg.sender] = true;
        votes[proposal]++;
    }
}

/// Everybody's own work behind one guard, which ends as it began.
contract Guarded is ReentrancyGuard {
    mapping(address => uint256) public counts;

    function work() external nonReentrant {
        counts[msg.sender]++;
    }
}

/// Makes a contract at an address known before, uses it and destroys it.
contract Factory {
    function run(bytes32 salt, uint256 value) external returns (uint256) {
        Child child = new Child{salt: salt}();
        child.set(value);
        uint256 read = child.value();
        child.destroy();
        return read;
    }
}

contract Child {
    uint256 public value;

    function set(uint256 newValue) external {
        value = newValue;
    }

    function destroy() external {
        selfdestruct(payable(msg.sender));
    }
}

/// Pays the fee recipient, and looks at what it owns.
contract Tipper {
    mapping(address => uint256) public seen;

    function tip() external payable {
        (bool done, ) = block.coinbase.call{value: msg.value}("");
        require(done);
        seen[msg.sender] = block.coinbase.balance;
    }
}

/// Fails in the ways that transactions fail.
contract Failing {
    uint256 public count;

    function fail(uint256 how) external {
        count++;
        if (how % 3 == 0) revert("no");
        if (how % 3 == 1) {
            assembly { invalid() }
        }
        while (true) count++;
    }
}
