// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

/// Gives each of many accounts what a Merkle tree says. Claims share bitmap words: 256 of them a slot.
contract Airdrop {
    using BitMaps for BitMaps.BitMap;
    using SafeERC20 for IERC20;

    error AlreadyClaimed(uint256 index);
    error InvalidProof();
    error Over(uint256 since);

    IERC20 public immutable token;
    bytes32 public immutable root;
    uint256 public immutable endsAt;
    BitMaps.BitMap private _claimed;

    event Claimed(uint256 indexed index, address indexed account, uint256 amount);

    constructor(IERC20 token_, bytes32 root_, uint256 endsAt_) {
        token = token_;
        root = root_;
        endsAt = endsAt_;
    }

    function claim(uint256 index, address account, uint256 amount, bytes32[] calldata proof) external {
        if (block.timestamp > endsAt) revert Over(endsAt);
        if (_claimed.get(index)) revert AlreadyClaimed(index);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, account, amount))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert InvalidProof();
        _claimed.set(index);
        token.safeTransfer(account, amount);
        emit Claimed(index, account, amount);
    }

    function isClaimed(uint256 index) external view returns (bool) {
        return _claimed.get(index);
    }
}
