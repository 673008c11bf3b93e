pragma circom 2.2.0;

include "content.circom";
include "hashMany.circom";
include "node.circom";
include "tags.circom";
include "vote.circom";

/// What MergeRollup and RootRollup share: children joined into one node, and their votes.
///
/// Child i starts from the state in which child i - 1 ended and carries this node's depth plus 1, so children cannot be
/// swapped, repeated, or taken from another level or block.
///
/// phases:
///   A - the children follow each other, one level below; their contents' hashes
///   B - this node's content
///   C - votes
///
/// parameters:
///   arity  - {Uint8} children of a node
///   levels - {Uint8} depth of the base nodes
/// inputs:
///   depth                                  - {Uint8} this node's depth
///   index[(levels - 1) * digitBits(arity)] - {Bool} bits of its index
///   child[arity]                           - {Content} the children's contents
///   key[arity]                             - {Field} keys of the children's slots, 0 if none
///   assigned[arity]                        - {Uint14} slots assigned to each of these provers
///   voted[arity]                           - {Bool} boolean by the caller's constraint
///   burnBid                                - {Uint64} range checked by the caller
///   proposalId                             - {Field}
///   vote[arity]                            - {SignedVote} anything where voted = 0
/// outputs:
///   childContent[arity] - {Field} hashes of the children's contents
///   joined              - {Content} this node's content
template MergeCore(arity, levels) {
    var width = digitBits(arity);
    signal input depth;
    signal input index[(levels - 1) * width];
    input Content child[arity];
    signal input key[arity];
    signal input assigned[arity];
    signal input voted[arity];
    signal input burnBid;
    signal input proposalId;
    input SignedVote vote[arity];
    signal output childContent[arity];
    output Content joined;

    // A
    for (var i = 0; i < arity; i++) {
        child[i].level === depth + 1;
        if (i > 0) {
            child[i].prevStateRoot === child[i - 1].nextStateRoot;
        }
        childContent[i] <== ContentHash()(child[i]);
    }

    // B
    component txs = HashMany(TAG_TXS(), arity);
    component withdrawals = HashMany(TAG_WITHDRAWALS(), arity);
    component provers = HashMany(TAG_PROVERS(), 2 * arity);
    var fees = 0;
    var l1OpCount = 0;
    var txCount = 0;
    for (var i = 0; i < arity; i++) {
        txs.in[i] <== child[i].txsRoot;
        withdrawals.in[i] <== child[i].withdrawalsRoot;
        provers.in[i] <== key[i];
        provers.in[arity + i] <== child[i].proversRoot;
        fees += child[i].fees;
        l1OpCount += child[i].l1OpCount;
        txCount += child[i].txCount;
    }

    signal evals[arity]; // of children i and later, as if theirs were the first words
    signal powers[arity]; // of children up to i
    evals[arity - 1] <== child[arity - 1].dataEval;
    powers[0] <== child[0].rPow;
    for (var i = arity - 2; i >= 0; i--) {
        evals[i] <== child[i].dataEval + child[i].rPow * evals[i + 1];
    }
    for (var i = 1; i < arity; i++) {
        powers[i] <== powers[i - 1] * child[i].rPow;
    }

    joined.level <== depth;
    joined.prevStateRoot <== child[0].prevStateRoot;
    joined.nextStateRoot <== child[arity - 1].nextStateRoot;
    joined.txsRoot <== txs.out;
    joined.fees <== fees;
    joined.l1OpCount <== l1OpCount;
    joined.txCount <== txCount;
    joined.withdrawalsRoot <== withdrawals.out;
    joined.dataEval <== evals[0];
    joined.rPow <== powers[arity - 1];
    joined.proversRoot <== provers.out;

    // C
    component counted[arity];
    for (var i = 0; i < arity; i++) {
        counted[i] = Vote(arity, levels);
        counted[i].enabled <== voted[i];
        counted[i].key <== key[i];
        counted[i].assigned <== assigned[i];
        counted[i].burnBid <== burnBid;
        counted[i].proposalId <== proposalId;
        counted[i].depth <== depth + 1;
        for (var j = 0; j < width; j++) {
            counted[i].index[j] <== (i >> j) & 1;
        }
        for (var j = 0; j < (levels - 1) * width; j++) {
            counted[i].index[width + j] <== index[j];
        }
        counted[i].vote <== vote[i];
    }
}
