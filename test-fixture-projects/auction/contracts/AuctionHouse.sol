// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// English auctions of ERC-721 tokens. Who is outbid gets the money back by asking for it.
contract AuctionHouse is ReentrancyGuardTransient {
    error NotOpen(uint256 auction);
    error TooLow(uint256 bid, uint256 minimum);
    error NothingToWithdraw(address bidder);

    struct Auction {
        IERC721 token;
        uint256 tokenId;
        address seller;
        uint64 endsAt;
        address bidder;
        uint96 bid;
    }

    uint64 public constant EXTENSION = 10 minutes;
    uint256 public count;
    mapping(uint256 id => Auction) public auctions;
    mapping(address bidder => uint256) public refunds;

    event Opened(uint256 indexed auction, address indexed seller, uint256 tokenId, uint64 endsAt);
    event Bid(uint256 indexed auction, address indexed bidder, uint256 amount);
    event Settled(uint256 indexed auction, address indexed winner, uint256 amount);

    function open(IERC721 token, uint256 tokenId, uint96 reserve, uint64 duration) external returns (uint256 id) {
        require(duration >= 1 hours, "AuctionHouse: too short");
        id = count++;
        uint64 endsAt = uint64(block.timestamp) + duration;
        auctions[id] = Auction(token, tokenId, msg.sender, endsAt, address(0), reserve);
        token.transferFrom(msg.sender, address(this), tokenId);
        emit Opened(id, msg.sender, tokenId, endsAt);
    }

    function minimumBid(uint256 id) public view returns (uint256) {
        Auction storage auction = auctions[id];
        return auction.bidder == address(0) ? auction.bid : (uint256(auction.bid) * 105) / 100;
    }

    function bid(uint256 id) external payable {
        Auction storage auction = auctions[id];
        if (block.timestamp >= auction.endsAt) revert NotOpen(id);
        uint256 minimum = minimumBid(id);
        if (msg.value < minimum) revert TooLow(msg.value, minimum);
        if (auction.bidder != address(0)) refunds[auction.bidder] += auction.bid;
        auction.bidder = msg.sender;
        auction.bid = uint96(msg.value);
        // A late bid leaves the others time to answer.
        if (auction.endsAt - block.timestamp < EXTENSION) auction.endsAt = uint64(block.timestamp) + EXTENSION;
        emit Bid(id, msg.sender, msg.value);
    }

    function withdraw() external nonReentrant {
        uint256 amount = refunds[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        refunds[msg.sender] = 0;
        (bool sent, ) = msg.sender.call{value: amount}("");
        require(sent, "AuctionHouse: refund failed");
    }

    function settle(uint256 id) external nonReentrant {
        Auction memory auction = auctions[id];
        require(auction.endsAt != 0, "AuctionHouse: no such auction");
        require(block.timestamp >= auction.endsAt, "AuctionHouse: still open");
        delete auctions[id];
        if (auction.bidder == address(0)) {
            auction.token.transferFrom(address(this), auction.seller, auction.tokenId);
            emit Settled(id, auction.seller, 0);
            return;
        }
        auction.token.transferFrom(address(this), auction.bidder, auction.tokenId);
        refunds[auction.seller] += auction.bid;
        emit Settled(id, auction.bidder, auction.bid);
    }
}

/// What is for sale.
contract Painting is ERC721 {
    uint256 public nextId;

    constructor() ERC721("Painting", "PNT") {}

    function paint() external returns (uint256 id) {
        id = nextId++;
        _mint(msg.sender, id);
    }
}
