// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IBridge, SignedOperation} from "../../../contracts/interfaces/IBridge.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev Accepts what it was told to.
contract Wallet is IERC1271 {
    bytes32 private accepted;

    function accept(bytes32 digest) external {
        accepted = digest;
    }

    function isValidSignature(bytes32 digest, bytes memory) external view returns (bytes4) {
        return digest == accepted ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract IncludeTest is Fixture {
    uint256 private constant KEY = 0xe11e;
    address private immutable ELLE = vm.addr(KEY);
    uint256 private home;

    function setUp() public override {
        super.setUp();
        _rich(ALICE);
        home = block.chainid;
    }

    function test_PostsWhatOwnersSigned() public {
        SignedOperation[] memory list = new SignedOperation[](3);
        list[0] = _signed(3, 9, 0);
        list[1] = _signed(4, 0, 1);
        list[2] = _signed(3, 9, 2);
        uint256 before = token.balanceOf(ALICE);
        vm.prank(ALICE);
        bridge.forceExit(1, FIVE);
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory operation = abi.encodePacked(list[i].from, list[i].to, FIVE, ELLE, uint256(0));
            vm.expectEmit(address(bridge));
            emit IBridge.OperationPosted(1 + i, operation, vm.getBlockTimestamp());
        }
        vm.prank(ALICE);
        vm.assertEq(bridge.include(list), 1, "first index");
        vm.assertEq(bridge.nonceOf(ELLE), 3, "nonce");
        vm.assertEq(before - token.balanceOf(ALICE), 4 * OPERATION_FEE, "whoever posts pays");
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY + 4 * OPERATION_FEE, "owed");
        (, uint256 posted) = bridge.queue();
        vm.assertEq(posted, 4, "posted");
    }

    function test_RevertsForAnEmptyList() public {
        vm.expectRevert(abi.encodeWithSelector(IBridge.NothingToPost.selector));
        bridge.include(new SignedOperation[](0));
    }

    function test_RevertsForAccountZero() public {
        SignedOperation[] memory list = _list(_signed(0, 9, 0));
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAccount.selector, 0));
        vm.prank(ALICE);
        bridge.include(list);
    }

    function test_RevertsForAReplay() public {
        SignedOperation[] memory list = _list(_signed(3, 9, 0));
        vm.startPrank(ALICE);
        bridge.include(list);
        _expectInvalid(list, ELLE, 1);
        SignedOperation[] memory twice = new SignedOperation[](2);
        twice[0] = twice[1] = _signed(3, 9, 1);
        _expectInvalid(twice, ELLE, 2);
        vm.assertEq(bridge.nonceOf(ELLE), 1, "as before");
    }

    function test_RevertsOutOfOrder() public {
        SignedOperation[] memory list = _list(_signed(3, 9, 1));
        _expectInvalid(list, ELLE, 0);
    }

    function test_RevertsForAnythingElseThanWhatWasSigned() public {
        SignedOperation memory signed = _signed(3, 9, 0);
        signed.from = 4;
        _expectInvalid(_list(signed), ELLE, 0);
        signed = _signed(3, 9, 0);
        signed.to = 0;
        _expectInvalid(_list(signed), ELLE, 0);
        signed = _signed(3, 9, 0);
        ++signed.amount;
        _expectInvalid(_list(signed), ELLE, 0);
        signed = _signed(3, 9, 0);
        signed.l1Owner = BOB;
        _expectInvalid(_list(signed), BOB, 0);
        signed.l1Owner = address(0);
        _expectInvalid(_list(signed), address(0), 0);
        signed = _signed(3, 9, 0);
        signed.signature[0] ^= 0x01;
        _expectInvalid(_list(signed), ELLE, 0);
        signed.signature = "";
        _expectInvalid(_list(signed), ELLE, 0);
    }

    /// @dev One false signature takes the whole list back.
    function test_AllOrNothing() public {
        SignedOperation[] memory list = new SignedOperation[](2);
        list[0] = _signed(3, 9, 0);
        list[1] = _signed(3, 9, 0);
        _expectInvalid(list, ELLE, 1);
        vm.assertEq(bridge.nonceOf(ELLE), 0, "nonce");
        (, uint256 posted) = bridge.queue();
        vm.assertEq(posted, 0, "posted");
    }

    function test_RevertsOnAnotherChainAndAnotherBridge() public {
        SignedOperation[] memory list = _list(_signed(3, 9, 0));
        IBridge other = _newBridge(0, 1, 0);
        vm.assertTrue(
            other.operationHash(ELLE, 3, 9, FIVE, 0) != bridge.operationHash(ELLE, 3, 9, FIVE, 0),
            "another bridge"
        );
        vm.chainId(7);
        _expectInvalid(list, ELLE, 0);
        vm.chainId(home);
        vm.prank(ALICE);
        bridge.include(list);
    }

    /// @dev What one wallet has accepted is not signed by another one with the same keys.
    function test_AContractSigns() public {
        Wallet wallet = new Wallet();
        Wallet twin = new Wallet();
        bytes32 digest = bridge.operationHash(address(wallet), 3, 9, FIVE, 0);
        wallet.accept(digest);
        twin.accept(digest);
        _expectInvalid(_list(SignedOperation(address(twin), 3, 9, FIVE, "")), address(twin), 0);
        vm.prank(ALICE);
        bridge.include(_list(SignedOperation(address(wallet), 3, 9, FIVE, "")));
        vm.assertEq(bridge.nonceOf(address(wallet)), 1, "nonce");
    }

    /// @dev EIP-7702: code that accepts nothing does not take the key's signatures back.
    function test_AnAccountWithCodeStillSignsWithItsKey() public {
        SignedOperation[] memory list = _list(_signed(3, 9, 0));
        vm.etch(ELLE, address(new Wallet()).code);
        vm.prank(ALICE);
        bridge.include(list);
        vm.assertEq(bridge.nonceOf(ELLE), 1, "nonce");
    }

    function _signed(uint16 from, uint16 to, uint256 nonce) private view returns (SignedOperation memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, bridge.operationHash(ELLE, from, to, FIVE, nonce));
        return SignedOperation(ELLE, from, to, FIVE, abi.encodePacked(r, s, v));
    }

    function _list(SignedOperation memory signed) private pure returns (SignedOperation[] memory list) {
        list = new SignedOperation[](1);
        list[0] = signed;
    }

    function _expectInvalid(SignedOperation[] memory list, address l1Owner, uint256 nonce) private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidSignature.selector, l1Owner, nonce));
        bridge.include(list);
    }
}
