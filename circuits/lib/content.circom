pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "tags.circom";

/// What one node of the forest proves, whoever proves it.
bus Content() {
    signal level; // {Uint8} the node's depth
    signal prevStateRoot; // {Field} root of the account tree before the node's transactions
    signal nextStateRoot; // {Field} root of the account tree after them
    signal txsRoot; // {Field} hash of the elements
    signal fees; // {Field} sum of the fees, wei
    signal l1OpCount; // {Field} number of L1 operations
    signal txCount; // {Field} number of transfers that are not no-ops
    signal withdrawalsRoot; // {Field} hash of the exits
    signal dataEval[3]; // {ContentNumber} the node's elements at z, see blobField.circom; below q
    signal zPow[3]; // {ContentNumber} z^(number of elements), below q
    signal proversRoot; // {Field} hash of the keys that are assigned below the node
}

/// The public input that names a content.
///
/// inputs:
///   node - {Content}
/// outputs:
///   out - {Field}
template ContentHash() {
    input Content node;
    signal output out;

    out <== Poseidon(16)([
        TAG_CONTENT(), node.level, node.prevStateRoot, node.nextStateRoot, node.txsRoot, node.fees, node.l1OpCount,
        node.txCount, node.withdrawalsRoot, node.dataEval[0], node.dataEval[1], node.dataEval[2], node.zPow[0],
        node.zPow[1], node.zPow[2], node.proversRoot
    ]);
}
