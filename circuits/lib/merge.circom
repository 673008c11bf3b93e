pragma circom 2.1.0;

include "content.circom";
include "hashMany.circom";
include "node.circom";
include "tags.circom";
include "vote.circom";

/// What MergeRollup and RootRollup share: children joined into one node, and their votes.
///
/// Child i starts from the state in which child i - 1 ended (one signal serves both) and its content carries this
/// node's depth plus 1, so children cannot be swapped, repeated, or taken from another level or block.
///
/// phases:
///   A - contents of the children
///   B - sums, roots and the evaluation of the data
///   C - votes
///
/// parameters:
///   arity  - {Uint8} children of a node
///   levels - {Uint8} depth of the base nodes
/// inputs:
///   depth                                  - {Uint8} this node's depth
///   index[(levels - 1) * digitBits(arity)] - {Bool} bits of its index
///   stateRoot[arity + 1]                   - {Field} before, between and after the children
///   child*[arity]                          - {Field} the rest of each child's content
///   key[arity]                             - {Field} keys of the children's slots, 0 if none
///   assigned[arity]                        - {Uint14} slots assigned to each of these provers
///   voted[arity]                           - {Bool} boolean by the caller's constraint
///   burnBid                                - {Uint64} range checked by the caller
///   proposalId                             - {Field}
///   vote*[arity]                           - {Point, Uint120, Scalar} see Vote; anything where voted = 0
/// outputs:
///   childContent[arity] - {Field}
///   txsRoot .. proversRoot - {Field} this node's content; prev and next state are stateRoot[0] and stateRoot[arity]
template MergeCore(arity, levels) {
    var width = digitBits(arity);
    signal input depth;
    signal input index[(levels - 1) * width];
    signal input stateRoot[arity + 1];
    signal input childTxsRoot[arity];
    signal input childFees[arity];
    signal input childL1OpCount[arity];
    signal input childTxCount[arity];
    signal input childWithdrawalsRoot[arity];
    signal input childDataEval[arity];
    signal input childRPow[arity];
    signal input childProversRoot[arity];
    signal input key[arity];
    signal input assigned[arity];
    signal input voted[arity];
    signal input burnBid;
    signal input proposalId;
    signal input voteKeyX[arity];
    signal input voteKeyY[arity];
    signal input votePacked[arity];
    signal input voteR8x[arity];
    signal input voteR8y[arity];
    signal input voteS[arity];
    signal output childContent[arity];
    signal output txsRoot;
    signal output fees;
    signal output l1OpCount;
    signal output txCount;
    signal output withdrawalsRoot;
    signal output dataEval;
    signal output rPow;
    signal output proversRoot;

    // A
    for (var i = 0; i < arity; i++) {
        childContent[i] <== ContentHash()(
            level <== depth + 1,
            prevStateRoot <== stateRoot[i],
            nextStateRoot <== stateRoot[i + 1],
            txsRoot <== childTxsRoot[i],
            fees <== childFees[i],
            l1OpCount <== childL1OpCount[i],
            txCount <== childTxCount[i],
            withdrawalsRoot <== childWithdrawalsRoot[i],
            dataEval <== childDataEval[i],
            rPow <== childRPow[i],
            proversRoot <== childProversRoot[i]
        );
    }

    // B
    txsRoot <== HashMany(TAG_TXS(), arity)(childTxsRoot);
    withdrawalsRoot <== HashMany(TAG_WITHDRAWALS(), arity)(childWithdrawalsRoot);
    component provers = HashMany(TAG_PROVERS(), 2 * arity);
    var feeSum = 0;
    var l1OpSum = 0;
    var txSum = 0;
    for (var i = 0; i < arity; i++) {
        provers.in[i] <== key[i];
        provers.in[arity + i] <== childProversRoot[i];
        feeSum += childFees[i];
        l1OpSum += childL1OpCount[i];
        txSum += childTxCount[i];
    }
    proversRoot <== provers.out;
    fees <== feeSum;
    l1OpCount <== l1OpSum;
    txCount <== txSum;

    signal evals[arity]; // of children i and later, as if theirs were the first words
    signal powers[arity];
    evals[arity - 1] <== childDataEval[arity - 1];
    powers[0] <== childRPow[0];
    for (var i = arity - 2; i >= 0; i--) {
        evals[i] <== childDataEval[i] + childRPow[i] * evals[i + 1];
    }
    for (var i = 1; i < arity; i++) {
        powers[i] <== powers[i - 1] * childRPow[i];
    }
    dataEval <== evals[0];
    rPow <== powers[arity - 1];

    // C
    component vote[arity];
    for (var i = 0; i < arity; i++) {
        vote[i] = Vote(arity, levels);
        vote[i].enabled <== voted[i];
        vote[i].key <== key[i];
        vote[i].assigned <== assigned[i];
        vote[i].burnBid <== burnBid;
        vote[i].proposalId <== proposalId;
        vote[i].depth <== depth + 1;
        for (var j = 0; j < width; j++) {
            vote[i].index[j] <== (i >> j) & 1;
        }
        for (var j = 0; j < (levels - 1) * width; j++) {
            vote[i].index[width + j] <== index[j];
        }
        vote[i].keyX <== voteKeyX[i];
        vote[i].keyY <== voteKeyY[i];
        vote[i].packed <== votePacked[i];
        vote[i].R8x <== voteR8x[i];
        vote[i].R8y <== voteR8y[i];
        vote[i].S <== voteS[i];
    }
}
