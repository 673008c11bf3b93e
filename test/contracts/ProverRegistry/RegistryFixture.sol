// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IB52Token} from "../../../contracts/interfaces/IB52Token.sol";
import {IForestVerifier} from "../../../contracts/interfaces/IForestVerifier.sol";
import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

abstract contract RegistryFixture {
    uint256 internal constant MIN_STAKE = 7 ether;
    uint256 internal constant MAX_SLOTS = 7;
    uint256 internal constant EXIT_DELAY = 601;
    uint256 internal constant FEE = 3 gwei;
    address internal constant ROLLUP = address(0x2011);
    address internal constant COURT = address(0xC0127);
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    uint256 internal constant START = 1_900_000_000;

    IB52Token internal token;
    IForestVerifier internal verifier;
    IProverRegistry internal registry;

    function setUp() public virtual {
        vm.warp(START);
        token = IB52Token(create("B52Token", abi.encode(type(uint128).max)));
        verifier = IForestVerifier(create("StubVerifier", abi.encode(2, 2)));
        registry = IProverRegistry(
            create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, MIN_STAKE, MAX_SLOTS, EXIT_DELAY, FEE))
        );
        registry.bind(ROLLUP, COURT);
        for (uint256 i = 0; i < 2; ++i) {
            address owner = i == 0 ? ALICE : BOB;
            token.transfer(owner, type(uint128).max / 4);
            vm.prank(owner);
            token.approve(address(registry), type(uint256).max);
        }
    }

    function _proof(uint256 key, address owner) internal view returns (bytes memory) {
        return abi.encode(key, owner, Proposals.domain(block.chainid, ROLLUP), 0, 0);
    }

    function _register(address owner, uint256 key, uint256 stake) internal returns (uint256) {
        bytes memory proof = _proof(key, owner);
        vm.prank(owner);
        return registry.register(key, stake, proof);
    }

    function _register(uint256 key) internal returns (uint256) {
        return _register(ALICE, key, MIN_STAKE);
    }

    function _slash(uint256 index, uint256 amount) internal returns (uint256) {
        vm.prank(COURT);
        return registry.slash(index, amount);
    }

    function _exit(uint256 index) internal {
        vm.prank(ALICE);
        registry.requestExit(index);
    }
}
