pragma circom 2.2.0;

include "lib/base.circom";
include "lib/transfer.circom";

/// A leaf of the forest: executes its transfers on the account tree.
///
/// The top `crownDepth` levels of the account tree are held open: their lowest nodes are hashed to the state root once
/// before the first and once after the last transfer, and no root in between is computed.
///
/// phases:
///   A - transfers
///   B - elements
///   C - what every base node has: state roots, exits, content, position, worker
///   D - public inputs that are only bound
///
/// parameters:
///   arity        - {Uint8} children of a node in the forest: 2, 4, 8 or 16
///   levels       - {Uint8} depth of the base nodes
///   accountDepth - {Uint8} levels of the account tree (arity 4), at most 8
///   crownDepth   - {Uint8} its top levels that are held open, less than accountDepth
///   stride       - {Uint32} elements of any base node, at least those of the transfers
///   transfers    - {Uint32} transfers proven here
///   exits        - {Uint32} leaves of the list of exits, at least `transfers`
/// inputs (public first, in their order):
///   content                       - {Field} this node's
///   domain                        - {Field} signed with every transfer
///   z                             - {Uint248} where the elements are evaluated
///   proposalId                    - {Field}
///   node                          - {Uint40} levels << 32 | index
///   workerKey                     - {Field} 0 if anonymous
///   roundSeed                     - {Field} 0 if unused
///   beta                          - {Field} VRF output of the worker
///   crown[4^crownDepth]           - {Field} before the first transfer, left to right
///   transfer[transfers]           - {Uint80} 0 = no operation
///   sender[transfers], receiver[transfers] - {Account} see Transfer
///   senderChildren[transfers][accountDepth - crownDepth][4], receiverChildren of that shape - {Field} see Transfer
///   signerX[transfers]            - {Field} see Transfer
///   signature[transfers]          - {Signature} see Transfer
///   secret                        - {Scalar} the worker's
///   anonymous                     - {Bool}
template BaseRollup(arity, levels, accountDepth, crownDepth, stride, transfers, exits) {
    var pathDepth = accountDepth - crownDepth;
    var crownSize = 4 ** crownDepth;
    signal input content;
    signal input domain;
    signal input z;
    signal input proposalId;
    signal input node;
    signal input workerKey;
    signal input roundSeed;
    signal input beta;
    signal input crown[crownSize];
    signal input transfer[transfers];
    input Account sender[transfers];
    signal input senderChildren[transfers][pathDepth][4];
    input Account receiver[transfers];
    signal input receiverChildren[transfers][pathDepth][4];
    signal input signerX[transfers];
    input Signature signature[transfers];
    signal input secret;
    signal input anonymous;

    // A
    component step[transfers];
    signal crowns[transfers + 1][crownSize];
    var fees = 0;
    var executed = 0;
    crowns[0] <== crown;
    for (var t = 0; t < transfers; t++) {
        step[t] = Transfer(accountDepth, crownDepth);
        step[t].domain <== domain;
        step[t].transfer <== transfer[t];
        step[t].crown <== crowns[t];
        step[t].sender <== sender[t];
        step[t].senderChildren <== senderChildren[t];
        step[t].receiver <== receiver[t];
        step[t].receiverChildren <== receiverChildren[t];
        step[t].signerX <== signerX[t];
        step[t].signature <== signature[t];
        crowns[t + 1] <== step[t].nextCrown;
        fees += step[t].fee;
        executed += step[t].executed;
    }

    // B
    component elements = TransferElements(transfers);
    for (var t = 0; t < transfers; t++) {
        elements.transfer[t] <== step[t].bits;
        elements.r8y[t] <== step[t].r8yBits;
        elements.s[t] <== step[t].sBits;
    }

    // C
    var used = (transfers + 2) \ 3 + 2 * transfers;
    component core = BaseCore(arity, levels, crownDepth, stride, used, transfers, exits);
    core.content <== content;
    core.z <== z;
    core.node <== node;
    core.workerKey <== workerKey;
    core.roundSeed <== roundSeed;
    core.beta <== beta;
    core.prevCrown <== crowns[0];
    core.nextCrown <== crowns[transfers];
    core.element <== elements.out;
    core.fees <== fees;
    core.l1OpCount <== 0;
    core.txCount <== executed;
    for (var t = 0; t < transfers; t++) {
        core.exit[t] <== step[t].exit;
    }
    core.secret <== secret;
    core.anonymous <== anonymous;

    // D - a public input that no constraint uses would not be bound to the proof
    signal proposalSquare <== proposalId * proposalId;
}
