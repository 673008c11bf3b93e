pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "lib/bits.circom";
include "lib/content.circom";
include "lib/key.circom";
include "lib/merge.circom";
include "lib/node.circom";
include "lib/packedCounts.circom";
include "lib/vote.circom";

/// An inner node of the forest: its children's contents and votes become one content. One circuit for depths 1 ..
/// levels - 1.
///
/// phases:
///   A - position in the tree
///   B - packed counts and mask; ranges
///   C - children and votes
///   D - this node's content
///   E - worker
///   F - public inputs that are only bound
///
/// parameters:
///   arity  - {Uint8} children of a node: 2, 4, 8 or 16
///   levels - {Uint8} depth of the base nodes, at least 2
/// inputs (public first, in their order):
///   content              - {Field} this node's
///   childContent[arity]  - {Field} the children's
///   childKey[arity]      - {Field} registered keys of the children's slots, 0 if none
///   childAssigned        - {Uint(14 arity)} sum of assigned_i << (14 i)
///   mask                 - {Uint(arity)} bit i = child i voted
///   burnBid              - {Uint64}
///   domain               - {Field}
///   proposalId           - {Field}
///   node                 - {Uint40} depth << 32 | index
///   workerKey            - {Field} 0 if anonymous
///   roundSeed            - {Field} 0 if unused
///   beta                 - {Field} VRF output of the worker
///   child[arity]         - {Content} the children's contents
///   vote[arity]          - {SignedVote} anything where the mask bit is 0
///   secret               - {Scalar} the worker's
///   anonymous            - {Bool}
template MergeRollup(arity, levels) {
    signal input content;
    signal input childContent[arity];
    signal input childKey[arity];
    signal input childAssigned;
    signal input mask;
    signal input burnBid;
    signal input domain;
    signal input proposalId;
    signal input node;
    signal input workerKey;
    signal input roundSeed;
    signal input beta;
    input Content child[arity];
    input SignedVote vote[arity];
    signal input secret;
    signal input anonymous;

    // A
    component position = NodePosition(arity, 1, levels - 1);
    position.node <== node;

    // B
    signal assigned[arity] <== UnpackCounts(arity)(childAssigned);
    signal voted[arity] <== Num2Bits(arity)(mask);
    Range(64)(burnBid);

    // C
    component core = MergeCore(arity, levels, 1);
    core.depth <== position.depth;
    core.index <== position.index;
    core.child <== child;
    core.key <== childKey;
    core.assigned <== assigned;
    core.voted <== voted;
    core.burnBid <== burnBid;
    core.proposalId <== proposalId;
    core.vote <== vote;
    childContent === core.childContent;

    // D
    signal computed <== ContentHash()(core.joined);
    content === computed;

    // E
    component worker = Worker();
    worker.secret <== secret;
    worker.anonymous <== anonymous;
    worker.roundSeed <== roundSeed;
    workerKey === worker.key;
    beta === worker.beta;

    // F - a public input that no constraint uses would not be bound to the proof
    signal domainSquare <== domain * domain;
}
