// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// An ERC-721 token sold one by one. Its running `nextId` makes every purchase wait for the one before.
contract Collectible is ERC721URIStorage, Ownable, ReentrancyGuard {
    error WrongPrice(uint256 paid, uint256 price);
    error SaleClosed(uint256 since);

    uint256 public immutable price;
    uint256 public immutable closesAt;
    uint256 public nextId;

    constructor(address owner, uint256 price_, uint256 closesAt_) ERC721("Collectible", "COLL") Ownable(owner) {
        price = price_;
        closesAt = closesAt_;
    }

    function buy(string calldata uri) external payable nonReentrant returns (uint256 id) {
        if (block.timestamp >= closesAt) revert SaleClosed(closesAt);
        if (msg.value != price) revert WrongPrice(msg.value, price);
        id = nextId++;
        _safeMint(msg.sender, id);
        _setTokenURI(id, uri);
    }

    function burn(uint256 id) external {
        _update(address(0), id, msg.sender);
    }

    function withdraw(address payable to) external onlyOwner {
        (bool sent, ) = to.call{value: address(this).balance}("");
        require(sent, "Collectible: transfer failed");
    }
}
