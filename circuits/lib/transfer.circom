pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";
include "circomlib/circuits/poseidon.circom";
include "accountTree.circom";
include "babyJubjub.circom";
include "bits.circom";
include "eddsa.circom";
include "float.circom";
include "tags.circom";

/// One transfer, exit, or no operation: the crown of the account tree before and after it.
///
/// The sender's account is replaced first and the receiver's in the tree that results, so a transfer to oneself is
/// sound. A transfer to account 0 is an exit: nobody on L2 receives the amount, the sender's l1Owner may claim it on
/// L1. A no-op is the 80-bit word 0: it names account 0, changes nothing and needs no signature.
///
/// phases:
///   A - fields of the transfer, in range because they are cut from one decomposition
///   B - no-op, exit or neither; account 0 never sends
///   C - the signature over the current nonce, by one of the two points whose y is the sender's key: whoever has the
///       secret of one has that of the other
///   D - balances stay in [0, 2^96)
///   E - sender's account
///   F - receiver's account, which exists; account 0 as it is if nobody receives
///   G - the exit, to an owner that exists
///   H - bits of what is published of the signature
///
/// parameters:
///   accountDepth - {Uint8} levels of the account tree, at most 8
///   crownDepth   - {Uint8} its top levels that are held open, less than accountDepth
/// inputs:
///   domain                - {Field} chain and rollup, signed with the transfer
///   transfer              - {Uint80} from (16) << 64 | to (16) << 48 | amount (32) << 16 | fee (16); 0 for a no-op
///   crown[4^crownDepth]   - {Field} nodes of the crown's lowest level, before the transfer
///   sender                - {Account} the sender before the transfer
///   senderChildren[accountDepth - crownDepth][4]   - {Field} its path, see ReplaceInSubtree
///   receiver              - {Account} the receiver after the sender's update; account 0 for an exit or a no-op
///   receiverChildren[accountDepth - crownDepth][4] - {Field} its path, also after the sender's update
///   signerX               - {Field} x of the public key whose y is the sender's key; anything for a no-op
///   signature             - {Signature} the sender's; anything for a no-op
/// outputs:
///   nextCrown[4^crownDepth] - {Field} after the transfer
///   fee                     - {Field} wei
///   executed                - {Bool} 0 for a no-op
///   exit                    - {Uint192} amount (32) << 160 | l1Owner (160), 0 if none
///   bits[80]                - {Bool} of the packed transfer, least significant first
///   r8yBits[254]            - {Bool} of the signature's R8.y, below p; 0 for a no-op
///   sBits[251]              - {Bool} of the signature's S; 0 for a no-op
template Transfer(accountDepth, crownDepth) {
    var pathDepth = accountDepth - crownDepth;
    signal input domain;
    signal input transfer;
    signal input crown[4 ** crownDepth];
    input Account sender;
    signal input senderChildren[pathDepth][4];
    input Account receiver;
    signal input receiverChildren[pathDepth][4];
    signal input signerX;
    input Signature signature;
    signal output nextCrown[4 ** crownDepth];
    signal output fee;
    signal output executed;
    signal output exit;
    signal output bits[80];
    signal output r8yBits[254];
    signal output sBits[251];

    assert(accountDepth <= 8);
    assert(crownDepth < accountDepth);

    // A - an index at or beyond 4^accountDepth would name the same leaf as a smaller one
    bits <== Num2Bits(80)(transfer);
    component feeOf = FloatAmount(16);
    component amountOf = FloatAmount(32);
    for (var i = 0; i < 16; i++) { feeOf.bits[i] <== bits[i]; }
    var packedAmount = 0;
    for (var i = 0; i < 32; i++) {
        amountOf.bits[i] <== bits[16 + i];
        packedAmount += bits[16 + i] * (1 << i);
    }
    signal to[16];
    signal from[16];
    var toIndex = 0;
    var fromIndex = 0;
    for (var i = 0; i < 16; i++) {
        to[i] <== bits[48 + i];
        from[i] <== bits[64 + i];
        if (i >= 2 * accountDepth) {
            to[i] === 0;
            from[i] === 0;
        }
        toIndex += to[i] * (1 << i);
        fromIndex += from[i] * (1 << i);
    }
    signal amount <== amountOf.out;
    fee <== feeOf.out;

    // B - only a non-zero number has an inverse; a no-op has no receiver, so `received` is one only if `executed` is
    component noop = IsZero();
    noop.in <== transfer;
    executed <== 1 - noop.out;
    signal fromInverse <-- fromIndex == 0 ? 0 : 1 / fromIndex;
    fromIndex * fromInverse === executed;
    component nobody = IsZero();
    nobody.in <== toIndex;
    signal received <== 1 - nobody.out;
    signal exiting <== executed - received;

    // C
    Point signer;
    signer.x <== signerX;
    signer.y <== sender.key;
    signal message <== Poseidon(4)([TAG_TRANSFER(), domain, transfer, sender.nonce]);
    signal r8y;
    (r8y, sBits) <== EdDSAVerify()(executed, signer, signature, message);

    // D - amount + fee < 2^132, so neither line can wrap around the field
    Account senderNext;
    Account receiverNext;
    senderNext.balance <== sender.balance - amount - fee;
    receiverNext.balance <== receiver.balance + received * amount;
    Range(96)(senderNext.balance);
    Range(96)(receiverNext.balance);

    // E
    senderNext.key <== sender.key;
    senderNext.nonce <== sender.nonce + executed;
    senderNext.l1Owner <== sender.l1Owner;
    component sent = ReplaceAccount(accountDepth, crownDepth);
    sent.account <== sender;
    sent.next <== senderNext;
    sent.children <== senderChildren;
    sent.crown <== crown;
    for (var i = 0; i < 2 * accountDepth; i++) { sent.index[i] <== from[i]; }

    // F
    signal receiverInverse <-- receiver.key == 0 ? 0 : received / receiver.key;
    receiver.key * receiverInverse === received;
    receiverNext.key <== receiver.key;
    receiverNext.nonce <== receiver.nonce;
    receiverNext.l1Owner <== receiver.l1Owner;
    component arrived = ReplaceAccount(accountDepth, crownDepth);
    arrived.account <== receiver;
    arrived.next <== receiverNext;
    arrived.children <== receiverChildren;
    arrived.crown <== sent.nextCrown;
    for (var i = 0; i < 2 * accountDepth; i++) { arrived.index[i] <== to[i]; }
    nextCrown <== arrived.nextCrown;

    // G - an owner of 0 has no inverse; one beyond 160 bits would run into the amount
    signal ownerInverse <-- sender.l1Owner == 0 ? 0 : exiting / sender.l1Owner;
    sender.l1Owner * ownerInverse === exiting;
    signal owner <== exiting * sender.l1Owner;
    Range(160)(owner);
    exit <== exiting * packedAmount * (1 << 160) + owner;

    // H - the bits of R8.y + p would be other elements for the same signature
    r8yBits <== BitsAtMost(254, -1)(r8y);
}
