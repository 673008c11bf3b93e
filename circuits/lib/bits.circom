pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/// The n low bits of `in`, whose integer value must not exceed `max`.
///
/// Comparing with a constant costs one constraint for each 1 of `max` (circomlib's CompConstant: 262). From the top,
/// `tight` says that all bits so far equal those of `max`; below a tight prefix a 0 of `max` forces a 0. With max = -1
/// (the field order less one) the decomposition is unique although n = 254 bits could hold x + p. Below the lowest 0 of
/// `max` nothing is left to compare.
///
/// parameters:
///   n   - {Uint8} number of bits; bits of `max` above n must be 0
///   max - {Field} largest allowed value
/// inputs:
///   in  - {Field}
/// outputs:
///   out[n] - {Bool} least significant first
template BitsAtMost(n, max) {
    signal input in;
    signal output out[n];

    signal tight[n + 1];
    var sum = 0;
    var free = 0; // ones at the low end of `max`
    while (free < n && (max >> free) & 1 == 1) { free++; }

    tight[n] <== 1;
    for (var i = n - 1; i >= 0; i--) {
        // Boolean by one of the two lines below; the value by the sum at the end.
        out[i] <-- (in >> i) & 1;
        if ((max >> i) & 1 == 1) {
            out[i] * (out[i] - 1) === 0;
            if (i >= free) {
                tight[i] <== tight[i + 1] * out[i];
            }
        } else {
            // tight: out = 0; otherwise out is 0 or 1
            out[i] * (1 - tight[i + 1] - out[i]) === 0;
            tight[i] <== tight[i + 1];
        }
        sum += out[i] * (1 << i);
    }
    sum === in;
}

/// Fails unless 0 <= in < 2^n. Any n < 254, so that no value has two decompositions.
///
/// inputs:
///   in - {Field}
template Range(n) {
    signal input in;

    assert(n < 254);
    _ <== Num2Bits(n)(in);
}

/// Whether a >= b, exactly: out is the bit of 2^n in a - b + 2^n, which has one decomposition.
///
/// parameters:
///   n - {Uint8} at most 252
/// inputs:
///   a, b - {Field} numbers with |a - b| < 2^n: there is no witness for others
/// outputs:
///   out - {Bool}
template AtLeast(n) {
    signal input a;
    signal input b;
    signal output out;

    assert(n <= 252);
    signal bits[n + 1] <== Num2Bits(n + 1)(a - b + (1 << n));
    out <== bits[n];
}

/// One-hot encoding of n bits, in 2^n - n - 1 constraints.
///
/// Each bit splits every entry in two; the entries sum to 1, so the last product follows from the others.
///
/// inputs:
///   in[n] - {Bool} least significant first
/// outputs:
///   out[2^n] - {Bool} out[k] = 1 for k = the value of the bits
template OneHot(n) {
    signal input in[n];
    signal output out[1 << n];

    signal tree[2 << n]; // entry k of the encoding of the i lowest bits is tree[2^i + k]

    tree[0] <== 0;
    tree[1] <== 1;
    for (var i = 0; i < n; i++) {
        var size = 1 << i;
        var rest = in[i];
        for (var k = 0; k < size; k++) {
            if (k < size - 1) {
                tree[3 * size + k] <== tree[size + k] * in[i];
            } else {
                tree[3 * size + k] <== rest;
            }
            rest -= tree[3 * size + k];
            tree[2 * size + k] <== tree[size + k] - tree[3 * size + k];
        }
    }
    for (var k = 0; k < 1 << n; k++) {
        out[k] <== tree[(1 << n) + k];
    }
}
