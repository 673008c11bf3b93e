pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "lib/accountTree.circom";

/// Shows L1 what one account holds under a state root, for when no block comes any more. L1 pays the owner that the
/// account names, and each index once, so it matters that no other index names the same account.
///
/// phases:
///   A - bits of the index, which is below 4^accountDepth
///   B - the account under the root
///
/// parameters:
///   accountDepth - {Uint8} levels of the account tree, at most 8
/// inputs (public first, in their order):
///   stateRoot                 - {Field}
///   index                     - {Uint(2 accountDepth)}
///   l1Owner                   - {Field} the account's; an address because nothing else ever gets into the state
///   balance                   - {Field} the account's; below 2^96 for the same reason
///   key                       - {Field} the account's
///   nonce                     - {Field} the account's
///   children[accountDepth][4] - {Field} children of the leaf's ancestors, from the lowest
template EscapeClaim(accountDepth) {
    signal input stateRoot;
    signal input index;
    signal input l1Owner;
    signal input balance;
    signal input key;
    signal input nonce;
    signal input children[accountDepth][4];

    assert(accountDepth <= 8);

    // A
    signal bits[2 * accountDepth] <== Num2Bits(2 * accountDepth)(index);

    // B
    Account account;
    account.key <== key;
    account.balance <== balance;
    account.nonce <== nonce;
    account.l1Owner <== l1Owner;
    signal leaf <== AccountLeaf()(account);
    signal root <== AccountRoot(accountDepth)(bits, children, leaf);
    stateRoot === root;
}
