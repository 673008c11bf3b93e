// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ICommitRelay} from "../../../contracts/interfaces/ICommitRelay.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

/// @dev Takes commits as a rollup does.
contract CommitTaker {
    uint256 private immutable roundNumber;
    bytes32 public taken;

    constructor(uint256 roundNumber_) {
        roundNumber = roundNumber_;
    }

    function commitFor(
        address proposer,
        Terms terms,
        bytes32 order,
        bytes calldata transcript,
        uint256 roundNumber_
    ) external {
        if (roundNumber_ != roundNumber) revert IRollup.WrongRoundNumber(roundNumber_, roundNumber);
        taken = keccak256(abi.encode(msg.sender, proposer, terms, order, transcript));
    }
}

/// @dev A wallet that signs with its owner's key.
contract Wallet is IERC1271 {
    address private immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recover(hash, signature) == owner ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract CommitRelayTest {
    uint256 private constant KEY = 0xa11ce;
    uint256 private constant ROUND_NUMBER = 5;
    Terms private constant TERMS = Terms.wrap((uint256(1) << 104) | (77 << 24));
    bytes32 private constant ORDER = keccak256("order");
    bytes private constant TRANSCRIPT = hex"00010002";

    ICommitRelay private immutable relay = ICommitRelay(create("CommitRelay", ""));
    CommitTaker private immutable taker = new CommitTaker(ROUND_NUMBER);
    IRollup private immutable rollup = IRollup(address(taker));
    address private immutable proposer = vm.addr(KEY);

    function test_SendsWhatTheProposerSigned() public {
        bytes memory signature = _sign(KEY, proposer);
        vm.prank(address(0xca11));
        relay.relay(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, signature);
        _assertTaken(proposer);
    }

    function test_TakesTheSignatureOfAWallet() public {
        address wallet = address(new Wallet(proposer));
        relay.relay(rollup, wallet, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, _sign(KEY, wallet));
        _assertTaken(wallet);
        bytes memory forged = _sign(KEY + 1, wallet);
        _expectInvalid(rollup, wallet, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER);
        relay.relay(rollup, wallet, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, forged);
    }

    function test_DigestIsTypedData() public view {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("B52 CommitRelay"),
                keccak256("1"),
                block.chainid,
                address(relay)
            )
        );
        bytes32 typehash = keccak256(
            "Commit(address rollup,address proposer,uint256 terms,"
            "bytes32 orderCommitment,bytes32 transcriptHash,uint256 roundNumber)"
        );
        bytes32 structHash = keccak256(
            abi.encode(typehash, rollup, proposer, TERMS, ORDER, keccak256(TRANSCRIPT), ROUND_NUMBER)
        );
        vm.assertEq(_digest(proposer), keccak256(abi.encodePacked(hex"1901", separator, structHash)), "digest");
    }

    function test_RevertsForAnythingThatWasNotSigned() public {
        bytes memory signature = _sign(KEY, proposer);
        Terms otherTerms = Terms.wrap(Terms.unwrap(TERMS) + (1 << 24));
        _expectInvalid(rollup, proposer, otherTerms, ORDER, TRANSCRIPT, ROUND_NUMBER);
        relay.relay(rollup, proposer, otherTerms, ORDER, TRANSCRIPT, ROUND_NUMBER, signature);
        _expectInvalid(rollup, proposer, TERMS, keccak256("other"), TRANSCRIPT, ROUND_NUMBER);
        relay.relay(rollup, proposer, TERMS, keccak256("other"), TRANSCRIPT, ROUND_NUMBER, signature);
        _expectInvalid(rollup, proposer, TERMS, ORDER, hex"00010003", ROUND_NUMBER);
        relay.relay(rollup, proposer, TERMS, ORDER, hex"00010003", ROUND_NUMBER, signature);
        _expectInvalid(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER + 1);
        relay.relay(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER + 1, signature);
    }

    function test_RevertsForAnotherSigner() public {
        bytes memory signature = _sign(KEY + 1, proposer);
        _expectInvalid(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER);
        relay.relay(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, signature);
        _expectInvalid(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER);
        relay.relay(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, "");
        // Garbage recovers to nobody, and nobody is no proposer.
        _expectInvalid(rollup, address(0), TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER);
        relay.relay(rollup, address(0), TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, new bytes(65));
    }

    function test_RevertsForAnotherRollupRelayOrChain() public {
        bytes memory signature = _sign(KEY, proposer);
        IRollup otherRollup = IRollup(address(new CommitTaker(ROUND_NUMBER)));
        _expectInvalid(otherRollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER);
        relay.relay(otherRollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, signature);

        ICommitRelay otherRelay = ICommitRelay(create("CommitRelay", ""));
        bytes32 digest = otherRelay.digestOf(rollup, proposer, TERMS, ORDER, keccak256(TRANSCRIPT), ROUND_NUMBER);
        vm.expectRevert(abi.encodeWithSelector(ICommitRelay.InvalidSignature.selector, proposer, digest));
        otherRelay.relay(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, signature);

        vm.chainId(4_242);
        _expectInvalid(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER);
        relay.relay(rollup, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, signature);
    }

    /// @dev The same commit was signed for the failed attempt before.
    function test_RevertsWhenTheRoundHasAnotherNumber() public {
        IRollup later = IRollup(address(new CommitTaker(ROUND_NUMBER + 1)));
        bytes32 digest = relay.digestOf(later, proposer, TERMS, ORDER, keccak256(TRANSCRIPT), ROUND_NUMBER);
        bytes memory signature = _signDigest(KEY, digest);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongRoundNumber.selector, ROUND_NUMBER, ROUND_NUMBER + 1));
        relay.relay(later, proposer, TERMS, ORDER, TRANSCRIPT, ROUND_NUMBER, signature);
    }

    /* SUPPORT */

    function _assertTaken(address by) private view {
        bytes32 expected = keccak256(abi.encode(address(relay), by, TERMS, ORDER, TRANSCRIPT));
        vm.assertEq(taker.taken(), expected, "taken");
    }

    function _digest(address by) private view returns (bytes32) {
        return relay.digestOf(rollup, by, TERMS, ORDER, keccak256(TRANSCRIPT), ROUND_NUMBER);
    }

    function _sign(uint256 key, address by) private view returns (bytes memory) {
        return _signDigest(key, _digest(by));
    }

    function _signDigest(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _expectInvalid(
        IRollup to,
        address by,
        Terms terms,
        bytes32 order,
        bytes memory transcript,
        uint256 roundNumber
    ) private {
        bytes32 digest = relay.digestOf(to, by, terms, order, keccak256(transcript), roundNumber);
        vm.expectRevert(abi.encodeWithSelector(ICommitRelay.InvalidSignature.selector, by, digest));
    }
}
