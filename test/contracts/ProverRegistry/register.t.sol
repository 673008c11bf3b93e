// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {create} from "../support/create.sol";
import {skip, vm} from "../support/Vm.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract RegisterTest is RegistryFixture {
    function test_ConstructorRefusesParametersThatCannotWork() public {
        _expectInvalid("minStake", 7 ether - 1);
        create("ProverRegistry", abi.encode(token, verifier, 7 ether - 1, 7 ether, MAX_SLOTS, EXIT_DELAY, FEE));
        _expectInvalid("minStake", 1 << 96);
        create("ProverRegistry", abi.encode(token, verifier, 1 << 96, 1, MAX_SLOTS, EXIT_DELAY, FEE));
        _expectInvalid("eligibleStake", 0);
        create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, 0, MAX_SLOTS, EXIT_DELAY, FEE));
        _expectInvalid("maxSlotsPerProver", 0);
        create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, 1, 0, EXIT_DELAY, FEE));
        _expectInvalid("maxSlotsPerProver", 8);
        create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, 1, 8, EXIT_DELAY, FEE));
        _expectInvalid("exitDelay", 1 << 32);
        create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, 1, MAX_SLOTS, 1 << 32, FEE));
        _expectInvalid("registrationFee", 1 << 96);
        create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, 1, MAX_SLOTS, EXIT_DELAY, 1 << 96));
    }

    function test_ConstructorTakesTheBounds() public {
        IProverRegistry most = IProverRegistry(
            create(
                "ProverRegistry",
                abi.encode(
                    token,
                    verifier,
                    type(uint96).max,
                    type(uint96).max,
                    MAX_SLOTS,
                    type(uint32).max,
                    type(uint96).max
                )
            )
        );
        vm.assertEq(most.minStake(), type(uint96).max, "most");
        vm.assertEq(most.exitDelay(), type(uint32).max, "longest");
        vm.assertEq(most.registrationFee(), type(uint96).max, "dearest");
        IProverRegistry least = IProverRegistry(create("ProverRegistry", abi.encode(token, verifier, 1, 1, 1, 0, 0)));
        vm.assertEq(least.minStake(), 1, "least");
        vm.assertEq(least.eligibleStake(), 1, "cheapest");
        vm.assertEq(least.maxSlotsPerProver(), 1, "one slot");
    }

    function test_BindsOnceAndOnlyForTheDeployer() public {
        IProverRegistry other = IProverRegistry(
            create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, MIN_STAKE, MAX_SLOTS, EXIT_DELAY, FEE))
        );
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotDeployer.selector, BOB, address(this)));
        vm.prank(BOB);
        other.bind(ROLLUP, COURT);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.InvalidRollup.selector, address(0)));
        other.bind(address(0), COURT);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.InvalidCourt.selector, address(0)));
        other.bind(ROLLUP, address(0));
        vm.expectEmit(address(other));
        emit IProverRegistry.Bound(ROLLUP, COURT);
        other.bind(ROLLUP, COURT);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.AlreadyBound.selector, ROLLUP, COURT));
        other.bind(BOB, BOB);
    }

    function test_RevertsBeforeBinding() public {
        registry = IProverRegistry(
            create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, MIN_STAKE, MAX_SLOTS, EXIT_DELAY, FEE))
        );
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotBound.selector));
        registry.register(1, MIN_STAKE, _proof(1, address(this)));
    }

    function test_RevertsForAStakeOutOfBounds() public {
        bytes memory proof = _proof(1, ALICE);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeTooLow.selector, MIN_STAKE - 1, MIN_STAKE));
        registry.register(1, MIN_STAKE - 1, proof);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeTooHigh.selector, 1 << 96, (1 << 96) - 1));
        registry.register(1, 1 << 96, proof);
    }

    function test_TakesTheGreatestStake() public {
        _register(ALICE, 42, type(uint96).max);
        vm.assertEq(registry.proverOf(1).stake, type(uint96).max, "stake");
    }

    function test_RevertsForKeyZero() public {
        bytes memory proof = _proof(0, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.InvalidKey.selector, 0));
        vm.prank(ALICE);
        registry.register(0, MIN_STAKE, proof);
    }

    function test_RevertsForAKeyThatWasEverRegistered() public {
        _register(42);
        bytes memory proof = _proof(42, BOB);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.KeyTaken.selector, 42, 1));
        vm.prank(BOB);
        registry.register(42, MIN_STAKE, proof);

        _exit(1);
        skip(EXIT_DELAY);
        vm.prank(ALICE);
        registry.withdraw(1);
        proof = _proof(42, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.KeyTaken.selector, 42, 1));
        vm.prank(ALICE);
        registry.register(42, MIN_STAKE, proof);
    }

    function test_RevertsForAProofOfSomethingElse() public {
        uint256 domain = Proposals.domain(block.chainid, ROLLUP);
        _expectInvalidProof(abi.encode(43, ALICE, domain, 0, 0));
        _expectInvalidProof(abi.encode(42, BOB, domain, 0, 0));
        _expectInvalidProof(abi.encode(42, ALICE, Proposals.domain(block.chainid + 1, ROLLUP), 0, 0));
        _expectInvalidProof(abi.encode(42, ALICE, Proposals.domain(block.chainid, BOB), 0, 0));
        _expectInvalidProof(abi.encode(42, ALICE, domain, 1, 0));
        _expectInvalidProof(abi.encode(42, ALICE, domain, 0, 1));
        _expectInvalidProof("");
    }

    function test_RevertsWhenFull() public {
        _register(1);
        // proverCount shares its slot with the rollup's address: 65,535 provers.
        bytes32 full = bytes32((uint256(type(uint16).max) << 160) | uint160(ROLLUP));
        vm.store(address(registry), 0, full);
        vm.assertEq(registry.proverCount(), type(uint16).max, "count");
        bytes memory proof = _proof(2, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.RegistryFull.selector, type(uint16).max));
        vm.prank(ALICE);
        registry.register(2, MIN_STAKE, proof);
    }

    function test_AssignsTheNextIndex() public {
        vm.expectEmit(address(registry));
        emit IProverRegistry.Registered(1, 42, ALICE, MIN_STAKE);
        vm.assertEq(_register(42), 1, "first index");
        vm.assertEq(_register(BOB, 43, 9 ether), 2, "second index");

        vm.assertEq(registry.keyOf(2), 43, "key");
        vm.assertEq(registry.indexOf(43), 2, "index");
        vm.assertEq(registry.ownerOf(2), BOB, "owner");
        vm.assertEq(registry.proverOf(2).stake, 9 ether, "stake");
        vm.assertEq(registry.proverCount(), 2, "count");
        vm.assertEq(token.balanceOf(address(registry)), MIN_STAKE + 9 ether, "balance");
    }

    function test_BurnsTheRegistrationFee() public {
        (uint256 supply, uint256 balance) = (token.totalSupply(), token.balanceOf(BOB));
        _register(BOB, 42, MIN_STAKE);
        vm.assertEq(token.balanceOf(BOB), balance - MIN_STAKE - FEE, "paid");
        vm.assertEq(token.totalSupply(), supply - FEE, "burnt");
        vm.assertEq(token.balanceOf(address(registry)), MIN_STAKE, "kept");
    }

    function test_BurnsTheLeastFee() public {
        registry = IProverRegistry(
            create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, MIN_STAKE, MAX_SLOTS, EXIT_DELAY, 1))
        );
        registry.bind(ROLLUP, COURT);
        vm.prank(ALICE);
        token.approve(address(registry), MIN_STAKE + 1);
        uint256 supply = token.totalSupply();
        _register(42);
        vm.assertEq(token.totalSupply(), supply - 1, "burnt");
    }

    function test_RegistersWithoutAFee() public {
        registry = IProverRegistry(
            create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, MIN_STAKE, MAX_SLOTS, EXIT_DELAY, 0))
        );
        registry.bind(ROLLUP, COURT);
        vm.prank(ALICE);
        token.approve(address(registry), MIN_STAKE);
        uint256 supply = token.totalSupply();
        _register(42);
        vm.assertEq(token.totalSupply(), supply, "nothing burnt");
        vm.assertEq(token.balanceOf(address(registry)), MIN_STAKE, "stake");
    }

    function test_IsEligibleFromTheNextSecondOn() public {
        _register(42);
        vm.assertFalse(registry.isEligible(1, uint48(START - 1)), "before");
        vm.assertTrue(registry.isEligible(1, uint48(START)), "at the end of this second");
        vm.assertTrue(registry.isEligible(1, uint48(START + 1)), "after");
    }

    function _expectInvalid(string memory name, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.InvalidParameter.selector, name, value));
    }

    function _expectInvalidProof(bytes memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.InvalidKeyProof.selector, 42, ALICE));
        vm.prank(ALICE);
        registry.register(42, MIN_STAKE, proof);
    }
}
