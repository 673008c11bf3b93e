pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";
include "accountTree.circom";
include "bits.circom";
include "float.circom";

/// One L1 operation, or none: the crown of the account tree before and after it.
///
/// A total function: there is a witness for any two words, and only one outcome. Whoever proves this can neither refuse
/// an operation nor choose whether it applies, because every condition is a bit that the words and the state determine.
/// So none of them is a constraint that a bad operation could fail.
///
/// - A deposit (from = 0, to != 0) opens a new account, or adds to the one that has this key and this l1Owner.
///   Otherwise the amount exits.
/// - A forced transfer (from != 0, to != 0) moves the amount if the sender's l1Owner asks. Otherwise nothing happens.
/// - A forced exit (from != 0, to = 0) lets the amount out if the account's l1Owner asks. Otherwise nothing happens.
///
/// The bridge posts no deposit without a key, no operation without an l1Owner and no other kind. Here a deposit without
/// a key exits, a forced operation for l1Owner 0 does nothing, and words that name no account do nothing. Account 0
/// never changes: an operation without sender or receiver walks past it.
///
/// The sender's account is replaced first and the receiver's in the tree that results. A transfer to oneself would
/// change nothing, so it counts as one that does not apply: otherwise whether the receiver has room would depend on
/// whether the transfer applies, and both answers could be true.
///
/// Balances in the state are below 2^96, and an account without key has neither balance, nonce nor owner. Genesis has
/// it so, and every transfer and operation leaves it so.
///
/// phases:
///   A - fields of the operation, in range because they are cut from one decomposition
///   B - kind
///   C - sender: may the amount be taken?
///   D - receiver: may the amount be given?
///   E - what happens
///   F - sender's account
///   G - receiver's account
///   H - the exit
///
/// parameters:
///   accountDepth - {Uint8} levels of the account tree, at most 8
///   crownDepth   - {Uint8} its top levels that are held open, less than accountDepth
/// inputs:
///   word0                 - {Uint240} from (16) << 224 | to (16) << 208 | amount (32) << 176 | l1Owner (160) << 16 |
///                           keyHigh (16); 0 for no operation
///   word1                 - {Uint240} keyLow; the key is keyHigh << 240 | keyLow in the field
///   crown[4^crownDepth]   - {Field} nodes of the crown's lowest level, before the operation
///   sender                - {Account} at the low bits of `from`, before the operation
///   senderChildren[accountDepth - crownDepth][4]   - {Field} its path, see ReplaceInSubtree
///   receiver              - {Account} at the low bits of `to`, after the sender's update
///   receiverChildren[accountDepth - crownDepth][4] - {Field} its path, also after the sender's update
/// outputs:
///   nextCrown[4^crownDepth] - {Field} after the operation
///   executed                - {Bool} 0 if word0 is 0: no operation
///   exit                    - {Uint192} amount (32) << 160 | l1Owner (160), 0 if none
///   wordBits[2][240]        - {Bool} of both words, least significant first
template Operation(accountDepth, crownDepth) {
    var pathDepth = accountDepth - crownDepth;
    signal input word0;
    signal input word1;
    signal input crown[4 ** crownDepth];
    input Account sender;
    signal input senderChildren[pathDepth][4];
    input Account receiver;
    signal input receiverChildren[pathDepth][4];
    signal output nextCrown[4 ** crownDepth];
    signal output executed;
    signal output exit;
    signal output wordBits[2][240];

    assert(accountDepth <= 8);
    assert(crownDepth < accountDepth);

    // A
    signal bits[240] <== Num2Bits(240)(word0);
    wordBits[0] <== bits;
    wordBits[1] <== Num2Bits(240)(word1);
    var keyHigh = 0;
    var l1Owner = 0;
    var packedAmount = 0;
    var toIndex = 0;
    var fromIndex = 0;
    component amountOf = FloatAmount(32);
    for (var i = 0; i < 16; i++) { keyHigh += bits[i] * (1 << i); }
    for (var i = 0; i < 160; i++) { l1Owner += bits[16 + i] * (1 << i); }
    for (var i = 0; i < 32; i++) {
        amountOf.bits[i] <== bits[176 + i];
        packedAmount += bits[176 + i] * (1 << i);
    }
    signal to[16];
    signal from[16];
    for (var i = 0; i < 16; i++) {
        to[i] <== bits[208 + i];
        from[i] <== bits[224 + i];
        toIndex += to[i] * (1 << i);
        fromIndex += from[i] * (1 << i);
    }
    signal key <== keyHigh * (1 << 240) + word1;
    signal amount <== amountOf.out;

    // B - one of three, or none of them
    signal noWord <== IsZero()(word0);
    signal noFrom <== IsZero()(fromIndex);
    signal noTo <== IsZero()(toIndex);
    executed <== 1 - noWord;
    signal transferring <== (1 - noFrom) * (1 - noTo);
    signal exiting <== 1 - noFrom - transferring;
    signal depositing <== 1 - noTo - transferring;

    // C - the owner asks, and there is enough; the amount is below 2^130
    signal fromInside <== IsInTree(accountDepth)(from);
    signal covered <== AtLeast(131)(sender.balance, amount);
    signal isOwner <== IsZero()(sender.l1Owner - l1Owner);
    signal noOwner <== IsZero()(l1Owner);
    signal authorized <== isOwner * (1 - noOwner);
    signal payable <== fromInside * covered;
    signal takeable <== authorized * payable;

    // D - there is room, and the account is another one in use, the depositor's own, or one to be opened. It is the
    // depositor's own only if its l1Owner is, too: else somebody could open an account with a depositor's key and an
    // l1Owner of his own, and force out what the depositor pays in later
    signal toInside <== IsInTree(accountDepth)(to);
    signal holds <== AtLeast(131)((1 << 96) - 1, receiver.balance + amount);
    signal room <== toInside * holds;
    signal isEmpty <== IsZero()(receiver.key);
    signal isSameKey <== IsZero()(receiver.key - key);
    signal isSameOwner <== IsZero()(receiver.l1Owner - l1Owner);
    signal isSame <== isSameKey * isSameOwner;
    signal noKey <== IsZero()(key);
    signal toSelf <== IsZero()(fromIndex - toIndex);
    signal another <== (1 - isEmpty) * (1 - toSelf);
    signal own <== (isEmpty + isSame) * (1 - noKey); // not both, if there is a key

    // E - each kind by itself; at most one of these is 1
    signal transferable <== another * room;
    signal depositable <== own * room;
    signal paying <== transferring * takeable;
    signal moved <== paying * transferable;
    signal left <== exiting * takeable;
    signal credited <== depositing * depositable;
    signal opened <== credited * isEmpty;
    signal returned <== depositing - credited;

    // F
    Account senderNext;
    senderNext.key <== sender.key;
    senderNext.balance <== sender.balance - (moved + left) * amount;
    senderNext.nonce <== sender.nonce;
    senderNext.l1Owner <== sender.l1Owner;
    component sent = ReplaceAccount(accountDepth, crownDepth);
    sent.account <== sender;
    sent.next <== senderNext;
    sent.children <== senderChildren;
    sent.crown <== crown;
    for (var i = 0; i < 2 * accountDepth; i++) { sent.index[i] <== from[i]; }

    // G - key and owner of an account that is opened were 0
    Account receiverNext;
    receiverNext.key <== receiver.key + opened * key;
    receiverNext.balance <== receiver.balance + (moved + credited) * amount;
    receiverNext.nonce <== receiver.nonce;
    receiverNext.l1Owner <== receiver.l1Owner + opened * l1Owner;
    component arrived = ReplaceAccount(accountDepth, crownDepth);
    arrived.account <== receiver;
    arrived.next <== receiverNext;
    arrived.children <== receiverChildren;
    arrived.crown <== sent.nextCrown;
    for (var i = 0; i < 2 * accountDepth; i++) { arrived.index[i] <== to[i]; }
    nextCrown <== arrived.nextCrown;

    // H
    exit <== (left + returned) * (packedAmount * (1 << 160) + l1Owner);
}

/// Whether an index is below 4^accountDepth. The path is walked with its low bits anyway.
///
/// parameters:
///   accountDepth - {Uint8} at most 8
/// inputs:
///   index[16] - {Bool} least significant first
/// outputs:
///   out - {Bool}
template IsInTree(accountDepth) {
    signal input index[16];
    signal output out;

    var above = 0;
    for (var i = 2 * accountDepth; i < 16; i++) {
        above += index[i];
    }
    if (accountDepth < 8) {
        out <== IsZero()(above);
    } else {
        out <== 1;
    }
}
