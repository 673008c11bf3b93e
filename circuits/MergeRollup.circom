pragma circom 2.1.0;

include "circomlib/circuits/bitify.circom";
include "lib/bits.circom";
include "lib/content.circom";
include "lib/key.circom";
include "lib/merge.circom";
include "lib/node.circom";
include "lib/packedCounts.circom";

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
///   stateRoot[arity + 1] - {Field} before, between and after the children
///   child*[arity]        - {Field} the rest of each child's content
///   vote*[arity]         - {Point, Uint120, Scalar} votes; anything where the mask bit is 0
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
    signal input stateRoot[arity + 1];
    signal input childTxsRoot[arity];
    signal input childFees[arity];
    signal input childL1OpCount[arity];
    signal input childTxCount[arity];
    signal input childWithdrawalsRoot[arity];
    signal input childDataEval[arity];
    signal input childRPow[arity];
    signal input childProversRoot[arity];
    signal input voteKeyX[arity];
    signal input voteKeyY[arity];
    signal input votePacked[arity];
    signal input voteR8x[arity];
    signal input voteR8y[arity];
    signal input voteS[arity];
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
    component core = MergeCore(arity, levels);
    core.depth <== position.depth;
    core.index <== position.index;
    core.stateRoot <== stateRoot;
    core.childTxsRoot <== childTxsRoot;
    core.childFees <== childFees;
    core.childL1OpCount <== childL1OpCount;
    core.childTxCount <== childTxCount;
    core.childWithdrawalsRoot <== childWithdrawalsRoot;
    core.childDataEval <== childDataEval;
    core.childRPow <== childRPow;
    core.childProversRoot <== childProversRoot;
    core.key <== childKey;
    core.assigned <== assigned;
    core.voted <== voted;
    core.burnBid <== burnBid;
    core.proposalId <== proposalId;
    core.voteKeyX <== voteKeyX;
    core.voteKeyY <== voteKeyY;
    core.votePacked <== votePacked;
    core.voteR8x <== voteR8x;
    core.voteR8y <== voteR8y;
    core.voteS <== voteS;
    childContent === core.childContent;

    // D
    signal computed <== ContentHash()(
        level <== position.depth,
        prevStateRoot <== stateRoot[0],
        nextStateRoot <== stateRoot[arity],
        txsRoot <== core.txsRoot,
        fees <== core.fees,
        l1OpCount <== core.l1OpCount,
        txCount <== core.txCount,
        withdrawalsRoot <== core.withdrawalsRoot,
        dataEval <== core.dataEval,
        rPow <== core.rPow,
        proversRoot <== core.proversRoot
    );
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
