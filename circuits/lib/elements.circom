pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "blobField.circom";
include "hashMany.circom";
include "polynomial.circom";
include "tags.circom";

// The elements of base nodes, in the limbs of blobField.circom: {Number}, {ContentNumber}.

/// The elements of a node of transfers: words of three transfers, the first in the highest bits, unused places of the
/// last word 0; then R8.y and S of every transfer.
///
/// parameters:
///   n - {Uint32} number of transfers
/// inputs:
///   transfer[n][80] - {Bool} bits of the packed transfers, least significant first
///   r8y[n][254]     - {Bool} bits of R8.y, below p
///   s[n][251]       - {Bool} bits of S
/// outputs:
///   out[ceil(n / 3) + 2 n][6] - {Number}
template TransferElements(n) {
    var words = (n + 2) \ 3;
    signal input transfer[n][80];
    signal input r8y[n][254];
    signal input s[n][251];
    signal output out[words + 2 * n][6];

    component word[words];
    for (var w = 0; w < words; w++) {
        word[w] = LimbsOfBits(240);
        for (var k = 0; k < 3; k++) {
            for (var i = 0; i < 80; i++) {
                if (3 * w + k < n) {
                    word[w].bits[160 - 80 * k + i] <== transfer[3 * w + k][i];
                } else {
                    word[w].bits[160 - 80 * k + i] <== 0;
                }
            }
        }
        out[w] <== word[w].out;
    }
    for (var t = 0; t < n; t++) {
        out[words + 2 * t] <== LimbsOfBits(254)(r8y[t]);
        out[words + 2 * t + 1] <== LimbsOfBits(251)(s[t]);
    }
}

/// The elements of a node of operations: two words each.
///
/// parameters:
///   n - {Uint32} number of operations
/// inputs:
///   word[n][2][240] - {Bool} bits of the words, least significant first
/// outputs:
///   out[2 n][6] - {Number}
template OperationElements(n) {
    signal input word[n][2][240];
    signal output out[2 * n][6];

    for (var o = 0; o < n; o++) {
        for (var i = 0; i < 2; i++) {
            out[2 * o + i] <== LimbsOfBits(240)(word[o][i]);
        }
    }
}

/// What a base node says of its elements. Those that it does not use are 0 and belong to it like the others.
///
/// parameters:
///   stride - {Uint32} elements of any base node
///   used   - {Uint32} the first of them, 2 to stride
/// inputs:
///   element[used][6] - {Number} below p
///   z                - {Uint248} where they are evaluated
/// outputs:
///   txsRoot     - {Field} hash of all elements
///   dataEval[3] - {ContentNumber} sum of element_j z^j, below q
///   zPow[3]     - {ContentNumber} z^stride, below q
template NodeElements(stride, used) {
    signal input element[used][6];
    signal input z;
    signal output txsRoot;
    signal output dataEval[3];
    signal output zPow[3];

    assert(used <= stride);

    component all = HashMany(TAG_TXS(), stride);
    for (var i = 0; i < stride; i++) {
        if (i < used) {
            all.in[i] <== Joined()(element[i]);
        } else {
            all.in[i] <== 0;
        }
    }
    txsRoot <== all.out;

    var baby = babySteps(used, stride);
    signal bits[248] <== Num2Bits(248)(z);
    signal powers[baby][6] <== Powers(baby)(LimbsOfBits(248)(bits));
    dataEval <== ContentLimbs()(Polynomial(used, baby)(element, powers));
    zPow <== ContentLimbs()(Power(stride, baby)(powers));
}
