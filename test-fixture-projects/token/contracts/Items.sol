// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Supply} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Supply.sol";

/// An ERC-1155 token with a supply per kind, and recipes that turn items into others.
contract Items is ERC1155Supply, Ownable {
    enum Rarity {
        Common,
        Rare,
        Legendary
    }

    mapping(uint256 id => Rarity) public rarityOf;

    constructor(address owner) ERC1155("https://items.example/{id}.json") Ownable(owner) {}

    function mint(address to, uint256 id, uint256 amount) external onlyOwner {
        _mint(to, id, amount, "");
    }

    function mintBatch(address to, uint256[] calldata ids, uint256[] calldata amounts) external onlyOwner {
        _mintBatch(to, ids, amounts, "");
    }

    function setRarity(uint256 id, uint8 rarity) external onlyOwner {
        rarityOf[id] = Rarity(rarity);
    }

    /// Three of one kind make one of the next.
    function combine(uint256 id) external {
        _burn(msg.sender, id, 3);
        _mint(msg.sender, id + 1, 1, "");
    }
}
