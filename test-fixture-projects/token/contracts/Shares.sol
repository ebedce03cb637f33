// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// An ERC-20 token whose holders vote, with the weight they had in an older block.
contract Shares is ERC20, ERC20Permit, ERC20Votes {
    error AlreadyVoted(address voter, uint256 proposal);
    error NotOpen(uint256 proposal, uint256 since);

    struct Proposal {
        uint48 snapshot;
        uint48 deadline;
        uint256 yes;
        uint256 no;
        mapping(address voter => bool) voted;
    }

    uint256 public proposals;
    mapping(uint256 id => Proposal) public proposal;

    event Voted(uint256 indexed proposal, address indexed voter, bool support, uint256 weight);

    constructor(address owner, uint256 supply) ERC20("Shares", "SHR") ERC20Permit("Shares") {
        _mint(owner, supply);
    }

    function propose(uint48 blocks) external returns (uint256 id) {
        id = proposals++;
        proposal[id].snapshot = clock();
        proposal[id].deadline = clock() + blocks;
    }

    function vote(uint256 id, bool support) external {
        Proposal storage one = proposal[id];
        if (clock() > one.deadline) revert NotOpen(id, one.deadline);
        if (one.voted[msg.sender]) revert AlreadyVoted(msg.sender, id);
        one.voted[msg.sender] = true;
        uint256 weight = getPastVotes(msg.sender, one.snapshot);
        if (support) one.yes += weight;
        else one.no += weight;
        emit Voted(id, msg.sender, support, weight);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}
