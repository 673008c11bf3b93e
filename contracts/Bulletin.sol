// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a message is: the topics of the L2 network.
enum Topic {
    Transaction,
    Proposal,
    Vote,
    Witness,
    Receipt,
    Proof,
    /// The accounts that the L2 began with.
    Genesis
}

/// @title The bulletin board
/// @notice When the gossip is unusable, anyone can go straight to L1: what is published here is what a peer would have
/// sent. Nothing is checked or kept, and a reader must judge a message as one from any peer.
contract Bulletin {
    /// @param subject a RoundId or a proposalId, as the topic has it; the domain of the rollup for a transaction and
    /// for the genesis
    event Published(Topic indexed topic, uint256 indexed subject, address indexed publisher, bytes data);

    /// @notice Emits `data`, encoded as on the network.
    function publish(Topic topic, uint256 subject, bytes calldata data) external {
        emit Published(topic, subject, msg.sender, data);
    }
}
