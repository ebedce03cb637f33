// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {Collectible} from "./Collectible.sol";

/// Accepts every token.
contract Safe is ERC721Holder, ERC1155Holder {}

/// Buys again from inside the receipt of what it has bought.
contract GreedyBuyer {
    Collectible private immutable _shop;

    constructor(Collectible shop) payable {
        _shop = shop;
    }

    function buy() external {
        _shop.buy{value: _shop.price()}("greedy");
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        _shop.buy{value: _shop.price()}("greedier");
        return this.onERC721Received.selector;
    }
}
