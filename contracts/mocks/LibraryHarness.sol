// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Order} from "../interfaces/IRollup.sol";
import {BurnRule, Burns} from "../libraries/Burns.sol";
import {ContentGroups, Contents} from "../libraries/Contents.sol";
import {Data} from "../libraries/Data.sol";
import {Exits} from "../libraries/Exits.sol";
import {LogMath} from "../libraries/LogMath.sol";
import {Operations} from "../libraries/Operations.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Queue} from "../libraries/Queue.sol";
import {Rewards} from "../libraries/Rewards.sol";
import {Score} from "../libraries/Score.sol";
import {Tally} from "../libraries/Tally.sol";
import {Head} from "../types/Head.sol";
import {Lane} from "../types/Lane.sol";
import {Offer} from "../types/Offer.sol";
import {Payout} from "../types/Payout.sol";
import {QueueEntry, QueueEntryLibrary} from "../types/QueueEntry.sol";
import {Reveal, RevealLibrary} from "../types/Reveal.sol";
import {RoundId, RoundIdLibrary} from "../types/RoundId.sol";
import {Setting} from "../types/Setting.sol";
import {SizeRule} from "../types/SizeRule.sol";
import {SlotFlags} from "../types/SlotFlags.sol";
import {Standing} from "../types/Standing.sol";
import {Terms, TermsLibrary} from "../types/Terms.sol";

/// @notice Opens the internal libraries to tests in other languages.
contract LibraryHarness {
    mapping(uint256 => QueueEntry) private _entries;

    function domain(uint256 chainId, address rollup) external pure returns (uint256) {
        return Proposals.domain(chainId, rollup);
    }

    function roundId(uint256 height, uint256 attempt) external pure returns (RoundId) {
        return RoundIdLibrary.pack(height, attempt);
    }

    function orderCommitment(
        uint256 domain_,
        RoundId roundId_,
        address proposer,
        Order calldata order
    ) external pure returns (bytes32) {
        return Proposals.orderCommitment(domain_, roundId_, proposer, order);
    }

    function proposalId(
        uint256 domain_,
        uint256 parent,
        Terms terms,
        bytes32 order,
        address proposer
    ) external pure returns (uint256) {
        return Proposals.proposalId(domain_, parent, terms, order, proposer);
    }

    function dataPoint(bytes32 order) external pure returns (uint256) {
        return Proposals.dataPoint(order);
    }

    function packTerms(
        RoundId roundId_,
        uint256 proverShareBps,
        uint256 burnBid,
        uint256 parentRef
    ) external pure returns (Terms) {
        return TermsLibrary.pack(roundId_, proverShareBps, burnBid, parentRef);
    }

    function unpackTerms(
        Terms terms
    ) external pure returns (RoundId roundId_, uint256 proverShareBps, uint256 burnBid, uint256 parentRef) {
        return (terms.roundId(), terms.proverShareBps(), terms.burnBid(), terms.parentRef());
    }

    function roundNumberOf(Head head) external pure returns (uint256) {
        return head.roundNumber();
    }

    function unpackLane(
        Lane lane,
        uint256 roundNumber
    ) external pure returns (uint192 digest, uint256 deposit, bool isInUse) {
        return (lane.digest(), lane.deposit(), lane.isInUse(roundNumber));
    }

    function unpackOffer(
        Offer offer
    )
        external
        pure
        returns (address proposer, uint256 burnBid, uint256 proverShareBps, uint256 seat, uint256 l1OpCount)
    {
        return (offer.proposer(), offer.burnBid(), offer.proverShareBps(), offer.seat(), offer.l1OpCount());
    }

    function unpackStanding(
        Standing standing
    ) external pure returns (uint256 score_, uint256 committedAt, uint256 provers) {
        return (standing.score(), standing.committedAt(), standing.provers());
    }

    function unpackPayout(
        Payout payout
    )
        external
        pure
        returns (
            uint256 proverUnit,
            bool isFinal,
            bool isPaid,
            uint256 silent,
            uint256 named,
            uint256 fulfilledWeight,
            uint256 fees
        )
    {
        return (
            payout.proverUnit(),
            payout.isFinal(),
            payout.isPaid(),
            payout.silent(),
            payout.named(),
            payout.fulfilledWeight(),
            payout.fees()
        );
    }

    function unpackSetting(
        Setting setting
    )
        external
        pure
        returns (uint256 acceptanceEnds, uint48 eligibleAt, uint256 exponent, uint256 txCount, RoundId roundId_)
    {
        return (
            setting.acceptanceEnds(),
            setting.eligibleAt(),
            setting.exponent(),
            setting.txCount(),
            setting.roundId()
        );
    }

    function commitDigest(
        Terms terms,
        bytes32 order,
        bytes calldata transcript,
        uint256 committedAt
    ) external pure returns (uint192) {
        return Proposals.commitDigest(terms, order, keccak256(transcript), committedAt);
    }

    function evaluate(
        bytes calldata data,
        uint256 z,
        uint256 nodeWords,
        uint256 nodeElements
    ) external pure returns (uint256) {
        return Data.evaluate(data, z, nodeWords, nodeElements);
    }

    function hashContents(uint256[] calldata contents) external pure returns (bytes32) {
        return Contents.hash(contents);
    }

    /// @return hash     of the forest that the opened contents are of
    /// @return contents of these slots
    function openContents(
        ContentGroups calldata groups,
        uint256 slotCount,
        uint256[] calldata slots
    ) external pure returns (bytes32 hash, uint256[] memory contents) {
        hash = groups.hashOpened(slotCount);
        contents = new uint256[](slots.length);
        for (uint256 i = 0; i < slots.length; ++i) {
            contents[i] = groups.contentAt(slots[i]);
        }
    }

    function blobPower(uint256 base) external pure returns (uint256) {
        return Data.blobPower(base);
    }

    function power(uint256 base, uint256 exponent) external pure returns (uint256) {
        return Data.power(base, exponent);
    }

    function revealDigest(
        uint256 txsRoot,
        uint256 txCount,
        uint256 dataEval,
        uint256 l1OpCount
    ) external pure returns (bytes32) {
        return Proposals.revealDigest(txsRoot, txCount, dataEval, l1OpCount);
    }

    function wholeReveal(
        uint256 txsRoot,
        uint256 txCount,
        uint256 dataEval,
        uint256 l1OpCount
    ) external pure returns (Reveal) {
        return RevealLibrary.whole(txsRoot, txCount, dataEval, l1OpCount);
    }

    function encodeOperation(
        uint16 from,
        uint16 to,
        uint32 amount,
        address l1Owner,
        uint256 key
    ) external pure returns (bytes memory) {
        return Operations.encode(from, to, amount, l1Owner, key);
    }

    function decodeOperation(bytes calldata operation) external pure returns (address l1Owner, uint256 deposited) {
        return Operations.decode(operation);
    }

    function valueOfAmount(uint32 amount) external pure returns (uint256) {
        return Operations.valueOf(amount);
    }

    function link(uint216 chain, bytes calldata operation) external pure returns (uint216 one, uint216 all) {
        return (Operations.link(chain, operation), Operations.linkAll(chain, operation));
    }

    function unpackExit(uint256 leaf) external pure returns (bool isExit, address owner, uint256 amount) {
        (owner, amount) = Exits.unpack(leaf);
        isExit = Exits.isExit(leaf);
    }

    /// @param postedAt of all operations, seconds
    function due(
        uint256[] calldata postedAt,
        uint256 first,
        uint256 queueCut,
        uint256 most
    ) external returns (uint256) {
        for (uint256 i = 0; i < postedAt.length; ++i) {
            _entries[i] = QueueEntryLibrary.pack(0, postedAt[i]);
        }
        return Queue.due(_entries, postedAt.length, first, queueCut, most);
    }

    function score(uint256 provers, uint256 burnBid) external pure returns (uint256) {
        return Score.compute(provers, burnBid);
    }

    function ln(uint256 x) external pure returns (uint256) {
        return LogMath.ln(x);
    }

    function minusLn(uint256 beta) external pure returns (uint256) {
        return LogMath.minusLn(beta);
    }

    function sizeFactor(SizeRule rule, uint256 txCount) external pure returns (uint256) {
        return rule.checked().factor(txCount);
    }

    function tally(
        bytes calldata transcript,
        SlotFlags[] calldata flags,
        uint256 arity,
        uint256 nodeWeights
    ) external pure returns (Tally.Result memory) {
        return Tally.count(transcript, flags, arity, nodeWeights);
    }

    function totalWeight(uint256 arity, uint256 levels, uint256 nodeWeights) external pure returns (uint256) {
        return Tally.totalWeight(arity, levels, nodeWeights);
    }

    function weightOf(uint256 slot, uint256 arity, uint256 nodeWeights) external pure returns (uint256) {
        return Tally.weightOf(slot, arity, nodeWeights);
    }

    function blockReward(
        uint256 initialReward,
        uint256 halvingInterval,
        uint256 height
    ) external pure returns (uint256) {
        return Rewards.blockReward(initialReward, halvingInterval, height);
    }

    function split(
        uint256 reward,
        uint256 fulfilledWeight,
        uint256 totalWeight,
        uint256 proverShareBps,
        uint256 parts
    ) external pure returns (uint256 effective, uint256 proverUnit, uint256 proposerReward) {
        return Rewards.split(reward, fulfilledWeight, totalWeight, proverShareBps, parts);
    }

    function uncleReward(uint256 reward, uint256 uncleRewardBps, uint256 count) external pure returns (uint256) {
        return Rewards.uncleReward(reward, uncleRewardBps, count);
    }

    function burns(
        BurnRule rule,
        uint256 burnBid,
        uint256 uncleBurnBps,
        uint256 forfeitBps,
        uint256 silent,
        uint256 named
    )
        external
        pure
        returns (uint256 atProof, uint256 ofWinner, uint256 ofUncle, uint256 ownOfUncle, uint256 atForfeit)
    {
        atProof = Burns.atProof(rule, burnBid);
        ofWinner = Burns.ofWinner(rule, burnBid);
        (ofUncle, ownOfUncle) = Burns.ofUncle(rule, burnBid, uncleBurnBps, forfeitBps, silent, named);
        atForfeit = Burns.atForfeit(rule, burnBid, forfeitBps, silent, named);
    }
}
