// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

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
