// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Loops that compute, with the checks and the internal functions that Solidity makes of them.
contract Compute {
    uint256 private total;
    mapping(uint256 => uint256) private squares;

    /// Checked sums and products, and an internal function.
    function checkedLoop(uint256 rounds) external pure returns (uint256 sum) {
        for (uint256 i = 1; i <= rounds; i++) {
            sum = mix(sum, i) + i * 3;
            if (sum > 1e30) sum /= 7;
        }
    }

    function mix(uint256 a, uint256 b) internal pure returns (uint256) {
        return a % 1_000_003 + (b * b) / 5 - b / 9;
    }

    function primes(uint256 limit) external pure returns (uint256 count) {
        bool[] memory composite = new bool[](limit);
        for (uint256 i = 2; i < limit; i++) {
            if (composite[i]) continue;
            count++;
            for (uint256 j = i * 2; j < limit; j += i) composite[j] = true;
        }
    }

    function sort(uint256 length) external pure returns (uint256 middle) {
        uint256[] memory items = new uint256[](length);
        uint256 seed = 1;
        for (uint256 i = 0; i < length; i++) {
            seed = (seed * 1103515245 + 12345) % 2147483648;
            items[i] = seed;
        }
        for (uint256 i = 1; i < length; i++) {
            uint256 item = items[i];
            uint256 at = i;
            while (at > 0 && items[at - 1] > item) {
                items[at] = items[at - 1];
                at--;
            }
            items[at] = item;
        }
        return items[length / 2];
    }

    /// Fixed-point numbers, as prices are computed.
    function compound(uint256 rounds) external pure returns (uint256 value) {
        value = 1e18;
        for (uint256 i = 0; i < rounds; i++) {
            value = (value * 1.0001e18) / 1e18;
            if (value > 1e24) value = root(value);
        }
    }

    function root(uint256 x) internal pure returns (uint256 y) {
        y = x;
        for (uint256 z = (x + 1) / 2; z < y; z = (x / z + z) / 2) y = z;
    }

    /// Small integers, signed and not.
    function narrow(uint256 rounds) external pure returns (int64 sum) {
        uint8 step = 1;
        for (uint32 i = 0; i < rounds; i++) {
            unchecked {
                step = step * 3 + uint8(i);
            }
            sum += int64(uint64(step)) - 100;
        }
    }

    function power(uint256 rounds) external pure returns (uint256 x) {
        x = 3;
        uint256 modulus = type(uint256).max - 188;
        for (uint256 i = 0; i < rounds; i++) x = mulmod(x, x, modulus) ^ i;
    }

    function tally(uint256 rounds) external returns (uint256) {
        for (uint256 i = 0; i < rounds; i++) {
            squares[i & 15] += i * i;
            total += squares[(i + 1) & 15];
        }
        return total;
    }

    function bytesLoop(bytes calldata data, uint256 rounds) external pure returns (uint256 sum) {
        for (uint256 i = 0; i < rounds; i++) sum += uint8(data[i % data.length]);
    }
}
