// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IB52Token} from "../../../contracts/interfaces/IB52Token.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

contract B52TokenTest {
    address private constant ROLLUP = address(0x2011);
    address private constant STRANGER = address(0xBAD);

    IB52Token private token;

    function setUp() public {
        token = IB52Token(create("B52Token", abi.encode(100 ether)));
    }

    function test_DeployerHoldsTheInitialSupply() public view {
        vm.assertEq(token.balanceOf(address(this)), 100 ether, "balance");
        vm.assertEq(token.totalSupply(), 100 ether, "supply");
        vm.assertEq(token.deployer(), address(this), "deployer");
        vm.assertEq(token.minter(), address(0), "minter");
    }

    function test_BindRevertsForStrangers() public {
        vm.expectRevert(abi.encodeWithSelector(IB52Token.NotDeployer.selector, STRANGER, address(this)));
        vm.prank(STRANGER);
        token.bind(ROLLUP);
    }

    function test_BindRevertsForZero() public {
        vm.expectRevert(abi.encodeWithSelector(IB52Token.InvalidRollup.selector, address(0)));
        token.bind(address(0));
    }

    function test_BindRevertsTheSecondTime() public {
        token.bind(ROLLUP);
        vm.expectRevert(abi.encodeWithSelector(IB52Token.AlreadyBound.selector, ROLLUP));
        token.bind(STRANGER);
    }

    function test_BindFixesTheMinter() public {
        vm.expectEmit(address(token));
        emit IB52Token.Bound(ROLLUP);
        token.bind(ROLLUP);
        vm.assertEq(token.minter(), ROLLUP, "minter");
    }

    function test_NobodyMintsBeforeBinding() public {
        vm.expectRevert(abi.encodeWithSelector(IB52Token.NotMinter.selector, address(this), address(0)));
        token.mintAndBurn(1, 0);
    }

    function testFuzz_OnlyTheMinterMints(address caller) public {
        vm.assume(caller != ROLLUP);
        token.bind(ROLLUP);
        vm.expectRevert(abi.encodeWithSelector(IB52Token.NotMinter.selector, caller, ROLLUP));
        vm.prank(caller);
        token.mintAndBurn(1, 0);
    }

    function test_MintAndBurnMovesTheDifference() public {
        token.bind(ROLLUP);
        _mintAndBurn(7, 0, 7);
        _mintAndBurn(5, 5, 7);
        _mintAndBurn(3, 6, 4);
        _mintAndBurn(0, 4, 0);
        _mintAndBurn(9, 2, 7);
    }

    function test_OnlyTheMintersOwnIsBurnt() public {
        token.bind(ROLLUP);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, ROLLUP, 0, 3));
        vm.prank(ROLLUP);
        token.mintAndBurn(4, 7);
    }

    function _mintAndBurn(uint256 minted, uint256 burnt, uint256 balance) private {
        vm.prank(ROLLUP);
        token.mintAndBurn(minted, burnt);
        vm.assertEq(token.balanceOf(ROLLUP), balance, "balance");
        vm.assertEq(token.totalSupply(), 100 ether + balance, "supply");
    }

    function test_BurnDestroysTheCallersOwn() public {
        token.burn(40 ether);
        vm.assertEq(token.balanceOf(address(this)), 60 ether, "balance");
        vm.assertEq(token.totalSupply(), 60 ether, "supply");
    }
}
