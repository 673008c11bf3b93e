// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlobOpening, IBlobVerifier} from "../../../contracts/interfaces/IBlobVerifier.sol";
import {IB52Token} from "../../../contracts/interfaces/IB52Token.sol";
import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {IForestParts} from "../../../contracts/interfaces/IForestParts.sol";
import {IForestVerifier} from "../../../contracts/interfaces/IForestVerifier.sol";
import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {Config, IRollup, Opening, Order, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {Phase} from "../../../contracts/interfaces/IRoundView.sol";
import {IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {FIELD} from "../../../contracts/libraries/Constants.sol";
import {Head} from "../../../contracts/types/Head.sol";
import {RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {TermsLibrary} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {IStubVerifier} from "../support/IStubVerifier.sol";
import {create} from "../support/create.sol";
import {skip, vm} from "../support/Vm.sol";

contract StartTest is Fixture {
    function setUp() public override {
        _deploy();
    }

    function test_RevertsUntilTheTokenIsBound() public {
        registry.bind(address(rollup), COURT);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotBound.selector, address(token), address(0)));
        rollup.start();
        token.bind(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotBound.selector, address(token), ALICE));
        rollup.start();
    }

    function test_RevertsUntilTheRegistryIsBound() public {
        token.bind(address(rollup));
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotBound.selector, address(registry), address(0)));
        rollup.start();
    }

    function test_RevertsUntilTheBridgeIsBound() public {
        token.bind(address(rollup));
        registry.bind(address(rollup), COURT);
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotRollup.selector, address(rollup), address(0)));
        rollup.start();
    }

    function test_RevertsUntilTheBackingIsThere() public {
        token.bind(address(rollup));
        registry.bind(address(rollup), COURT);
        bridge.bind(address(rollup));
        token.transfer(address(bridge), GENESIS_SUPPLY - 1);
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotBacked.selector, GENESIS_SUPPLY - 1, GENESIS_SUPPLY));
        rollup.start();
        token.transfer(address(bridge), 1);
        vm.expectEmit(address(rollup));
        emit IRollup.Started(GENESIS_ROOT, GENESIS_SUPPLY);
        vm.prank(ALICE);
        rollup.start();
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY, "backing");
        vm.assertEq(bridge.lastAdvanceAt(), vm.getBlockTimestamp(), "the delay of a freeze begins");
    }

    /// @dev Whoever starts a rollup before its deployer does must not make the deployment fail.
    function test_StartingAgainDoesNothing() public {
        _start();
        Head head = rollup.head();
        (uint256 startedAt, uint256 backing) = (bridge.lastAdvanceAt(), bridge.backing());
        skip(1);
        vm.recordLogs();
        vm.prank(ALICE);
        rollup.start();
        vm.assertEq(vm.getRecordedLogs().length, 0, "logs");
        vm.assertEq(Head.unwrap(rollup.head()), Head.unwrap(head), "head");
        vm.assertEq(bridge.lastAdvanceAt(), startedAt, "the delay of a freeze");
        vm.assertEq(bridge.backing(), backing, "backing");
    }

    function test_NothingWorksBefore() public {
        vm.assertEq(uint256(_round().phase), uint256(Phase.NotStarted), "phase");
        vm.assertTrue(_round().commitRoundId == RoundIdLibrary.pack(0, 0), "no round to commit to");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotStarted.selector));
        rollup.deposit(0, 1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotStarted.selector));
        rollup.commit(TermsLibrary.pack(RoundIdLibrary.pack(1, 1), 0, MIN_BID, 0), 0, _everyone());
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingProven.selector, 0));
        rollup.advance();
        Opening memory opening;
        Order memory order;
        vm.expectPartialRevert(IRollup.WrongOpening.selector);
        rollup.reveal(opening, 0, order, "", new BlobOpening[](0));
        Submission memory submission;
        vm.expectPartialRevert(IRollup.WrongOpening.selector);
        rollup.submitProof(submission);
    }

    function test_TheFirstCommitOpensHeightOne() public {
        _start();
        vm.assertEq(uint256(_round().phase), uint256(Phase.Expired), "phase");
        vm.assertTrue(_round().roundId == RoundIdLibrary.pack(1, 0), "round");
        vm.assertTrue(_round().commitRoundId == RoundIdLibrary.pack(1, 1), "commit round");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingProven.selector, uint64(1) << 32));
        rollup.advance();
        _seat(ALICE);
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        vm.expectEmit(address(rollup));
        emit IRollup.RoundOpened(RoundIdLibrary.pack(1, 1), 0, vm.getBlockTimestamp(), false);
        _commit(d);
        vm.assertTrue(_round().roundId == RoundIdLibrary.pack(1, 1), "opened");
        vm.assertEq(_round().roundNumber, 2, "roundNumber");
    }

    function test_ConstructorRefusesParametersThatCannotWork() public {
        Config memory c = _config();
        c.genesisRoot = FIELD;
        _expectInvalid(c, "genesisRoot", FIELD);
        c = _config();
        c.genesisSupply = 1 << 96;
        _expectInvalid(c, "genesisSupply", 1 << 96);
        c = _config();
        c.proposalWindow = 0;
        _expectInvalid(c, "proposalWindow", 0);
        c.proposalWindow = 1 << 32;
        _expectInvalid(c, "proposalWindow", 1 << 32);
        c = _config();
        c.acceptanceWindow = 3;
        _expectInvalid(c, "acceptanceWindow", 3);
        c.acceptanceWindow = 1 << 32;
        _expectInvalid(c, "acceptanceWindow", 1 << 32);
        c = _config();
        c.minBid = 0;
        _expectInvalid(c, "minBid", 0);
        c.minBid = 1 << 40;
        _expectInvalid(c, "minBid", 1 << 40);
        c = _config();
        c.fairShareBps = 10_001;
        _expectInvalid(c, "fairShareBps", 10_001);
        c = _config();
        c.forfeitBps = 10_001;
        _expectInvalid(c, "forfeitBps", 10_001);
        c = _config();
        c.maxUncles = 16;
        _expectInvalid(c, "maxUncles", 16);
        c = _config();
        c.uncleMinScoreBps = 10_001;
        _expectInvalid(c, "uncleMinScoreBps", 10_001);
        c = _config();
        c.uncleBurnBps = FORFEIT_BPS + 1;
        _expectInvalid(c, "uncleBurnBps", FORFEIT_BPS + 1);
        c = _config();
        c.uncleRewardBps = 10_001;
        _expectInvalid(c, "uncleRewardBps", 10_001);
        c = _config();
        c.initialReward = 1 << 96;
        _expectInvalid(c, "initialReward", 1 << 96);
        c = _config();
        c.halvingInterval = 0;
        _expectInvalid(c, "halvingInterval", 0);
        c = _config();
        c.scorer = _newScorer(_policy(), (3 << 16) | 5);
        _expectInvalid(c, "nodeWeights", (3 << 16) | 5);
        c = _config();
        // Two operations take four elements.
        c.elementsPerBase = 3;
        _expectInvalid(c, "elementsPerBase", 3);
        c.elementsPerBase = 4;
        _newRollup(c);
        // Four nodes take 254 blobs.
        c.elementsPerBase = (254 * 4_096) / 4 + 1;
        _expectInvalid(c, "elementsPerBase", c.elementsPerBase);
        --c.elementsPerBase;
        _newRollup(c);
        c = _config();
        c.blobVerifier = IBlobVerifier(address(7));
        _expectInvalid(c, "blobVerifier", 7);
    }

    function test_ConstructorTakesTheLeastAndTheMost() public {
        Config memory c = _config();
        (c.genesisRoot, c.genesisSupply, c.proposalWindow, c.acceptanceWindow, c.minBid) = (0, 0, 1, 4, 1);
        (c.forfeitBps, c.maxUncles, c.uncleMinScoreBps, c.uncleBurnBps, c.uncleRewardBps) = (0, 0, 0, 0, 0);
        (c.initialReward, c.halvingInterval, c.elementsPerBase) = (0, 1, 4);
        _newRollup(c);
        c = _config();
        (c.genesisRoot, c.genesisSupply, c.minBid) = (FIELD - 1, type(uint96).max, (1 << 40) - 1);
        (c.forfeitBps, c.maxUncles, c.uncleMinScoreBps, c.uncleBurnBps, c.uncleRewardBps) = (
            10_000,
            15,
            10_000,
            10_000,
            10_000
        );
        (c.initialReward, c.halvingInterval) = (type(uint96).max, type(uint256).max);
        c.parts = IForestParts(create("ForestParts", abi.encode(verifier)));
        c.fairShareBps = 10_000;
        IRollup most = _newRollup(c);
        vm.assertEq(address(most.parts()), address(c.parts), "parts");
        vm.assertEq(most.fairShareBps(), 10_000, "fair share");
    }

    /// @dev Where stakes count it has to look up those of all provers, too.
    function test_ConstructorTakesForestsThatOneSubmissionCanBring() public {
        _newRollup(_configOf(10));
        Config memory c = _configOf(11);
        _expectInvalid(c, "slotCount", 4_095);
        IScorePolicy[2] memory policies = [
            IScorePolicy(create("StakeScore", abi.encode(0, 1 ether))),
            IScorePolicy(create("RaceScore", abi.encode(0)))
        ];
        for (uint256 i = 0; i < 2; ++i) {
            c = _configOf(9);
            c.scorer = _newScorer(policies[i], type(uint256).max);
            _newRollup(c);
            c = _configOf(10);
            c.scorer = _newScorer(policies[i], type(uint256).max);
            _expectInvalid(c, "slotCount", 2_047);
        }
    }

    /// @dev A reveal brings all that are due at once.
    function test_ConstructorRefusesMoreOperationsThanATransactionHasRoomFor() public {
        Config memory c = _configOf(10);
        c.bridge = _newBridge(OPERATION_FEE, 2_001, ESCAPE_DELAY);
        _expectInvalid(c, "maxOperations", 2_001);
        c.bridge = _newBridge(OPERATION_FEE, 2_000, ESCAPE_DELAY);
        _newRollup(c);
    }

    /// @dev Two children a node.
    function _configOf(uint256 levels) private returns (Config memory c) {
        c = _config();
        verifier = IStubVerifier(create("StubVerifier", abi.encode(2, levels)));
        c.verifier = verifier;
        c.registry = registry = _newRegistry(ELIGIBLE_STAKE, EXIT_DELAY);
        c.scorer = _newScorer(_policy(), type(uint256).max);
        c.elementsPerBase = 4;
    }

    /// @dev Whatever is due has room in a block, and a freeze comes later than any round ends.
    function test_ConstructorRefusesABridgeThatDoesNotFit() public {
        Config memory c = _config();
        c.bridge = _newBridge(OPERATION_FEE, 9, ESCAPE_DELAY);
        _expectInvalid(c, "maxOperations", 9);
        c.bridge = _newBridge(OPERATION_FEE, 8, ESCAPE_DELAY);
        _newRollup(c);
        uint256 windows = 2 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW);
        c.bridge = _newBridge(OPERATION_FEE, 4, windows);
        _expectInvalid(c, "escapeDelay", windows);
        c.bridge = _newBridge(OPERATION_FEE, 4, windows + 1);
        _newRollup(c);
        c.bridge = _newBridge(OPERATION_FEE, 1, windows + 1);
        _newRollup(c);
        // Blobs of the last block are still there when the chain ends.
        uint256 most = 9 days - ACCEPTANCE_WINDOW;
        c.bridge = _newBridge(OPERATION_FEE, 1, most + 1);
        _expectInvalid(c, "escapeDelay", most + 1);
        c.bridge = _newBridge(OPERATION_FEE, 1, most);
        _newRollup(c);
    }

    /// @dev At its own address the extension is a rollup that nobody has started, and nobody can.
    function test_TheExtensionAloneIsNothing() public {
        _start();
        IRollup alone = IRollup(rollup.extension());
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotBound.selector, address(token), address(rollup)));
        alone.start();
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotStarted.selector));
        alone.deposit(0, 1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToClaim.selector, address(this)));
        alone.claimProposer(address(this));
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotBridge.selector, address(this), address(bridge)));
        alone.freeze();
    }

    function test_ConstructorRefusesAnExitDelayThatDoesNotFit() public {
        Config memory c = _config();
        uint256 windows = 2 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW);
        _useRegistry(c, _newRegistry(STAKE, windows));
        _expectInvalid(c, "exitDelay", windows);
        _useRegistry(c, _newRegistry(STAKE, windows + 1));
        _newRollup(c);
    }

    function test_ConstructorRefusesContractsThatDoNotFitEachOther() public {
        Config memory c = _config();
        c.token = IB52Token(create("B52Token", abi.encode(1)));
        _expectMismatch(c, "token", address(token), address(c.token));
        c = _config();
        c.verifier = IForestVerifier(create("StubVerifier", abi.encode(2, 2)));
        _expectMismatch(c, "verifier", address(verifier), address(c.verifier));
        c = _config();
        c.registry = _newRegistry(STAKE, EXIT_DELAY);
        _expectMismatch(c, "registry", address(registry), address(c.registry));
    }

    function _useRegistry(Config memory c, IProverRegistry other) private {
        c.registry = registry = other;
        c.scorer = _newScorer(_policy(), WEIGHTS);
    }

    function _expectMismatch(Config memory c, string memory name, address actual, address expected) private {
        vm.expectRevert(abi.encodeWithSelector(IRollup.Mismatch.selector, name, actual, expected));
        _newRollup(c);
    }

    function _expectInvalid(Config memory c, string memory name, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IRollup.InvalidParameter.selector, name, value));
        _newRollup(c);
    }
}
