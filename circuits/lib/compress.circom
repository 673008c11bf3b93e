pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/// Four field elements in one, for trees of fixed height: the first element of Poseidon's permutation of the four, plus
/// the first of them. 264 constraints, where Poseidon(4) takes 297, because nothing of the permutation is set aside.
///
/// inputs:
///   in[4] - {Field}
/// outputs:
///   out   - {Field}
template Compress() {
    signal input in[4];
    signal output out;

    component permutation = PoseidonEx(3, 1);
    permutation.initialState <== in[0];
    permutation.inputs <== [in[1], in[2], in[3]];
    out <== permutation.out[0] + in[0];
}
