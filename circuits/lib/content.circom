pragma circom 2.1.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/// What one node of the forest proves, whoever proves it.
///
/// inputs:
///   level           - {Uint8} the node's depth
///   prevStateRoot   - {Field} account tree before the node's transactions
///   nextStateRoot   - {Field} and after them
///   txsRoot         - {Field} hash of the packed transactions
///   fees            - {Field} sum of the fees, wei
///   l1OpCount       - {Field} number of L1 operations
///   txCount         - {Field} number of transfers that are not no-ops
///   withdrawalsRoot - {Field} exits
///   dataEval        - {Field} sum of word_i r^i
///   rPow            - {Field} r^(number of words)
///   proversRoot     - {Field} keys assigned below the node
/// outputs:
///   out - {Field}
template ContentHash() {
    signal input level;
    signal input prevStateRoot;
    signal input nextStateRoot;
    signal input txsRoot;
    signal input fees;
    signal input l1OpCount;
    signal input txCount;
    signal input withdrawalsRoot;
    signal input dataEval;
    signal input rPow;
    signal input proversRoot;
    signal output out;

    out <== Poseidon(12)([
        TAG_CONTENT(), level, prevStateRoot, nextStateRoot, txsRoot, fees, l1OpCount, txCount, withdrawalsRoot, dataEval,
        rPow, proversRoot
    ]);
}
