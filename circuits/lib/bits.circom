pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";

/// Ones of `max` from bit i downwards without a 0 between them.
function onesFrom(max, i) {
    var count = 0;
    while (count <= i && (max >> (i - count)) & 1 == 1) { count++; }
    return count;
}

/// Runs of ones in the n low bits of `max`.
function runsOfOnes(n, max) {
    var count = 0;
    for (var i = 0; i < n; i++) {
        if ((max >> i) & 1 == 1 && (max >> (i + 1)) & 1 == 0) { count++; }
    }
    return count;
}

/// The n low bits of `in`, whose integer value must not exceed `max` if `tight`.
///
/// From the top, `above` says that it was tight and that all bits so far equal those of `max`; where it says so a 0 of
/// `max` forces a 0. It changes only behind a run of ones: a run of one 1 costs one constraint more than the bits do, a
/// longer one two. circomlib's CompConstant costs 262.
///
/// parameters:
///   n   - {Uint8} number of bits; bits of `max` above n must be 0
///   max - {Field} largest allowed value
/// inputs:
///   in    - {Field}
///   tight - {Bool}
/// outputs:
///   out[n] - {Bool} least significant first
///   equal  - {Bool} tight, and the bits are those of `max`
template TightBits(n, max) {
    var runs = runsOfOnes(n, max);
    signal input in;
    signal input tight;
    signal output out[n];
    signal output equal;

    signal above[runs + 1];
    component complete[runs];
    var sum = 0;
    var run = 0;
    var i = n - 1;

    above[0] <== tight;
    while (i >= 0) {
        var ones = onesFrom(max, i);
        if (ones == 0) {
            // Where above = 1: out = 0; otherwise out is 0 or 1. The value by the sum at the end.
            out[i] <-- (in >> i) & 1;
            out[i] * (1 - above[run] - out[i]) === 0;
            sum += out[i] * (1 << i);
            i--;
        } else {
            var missing = 1 - above[run];
            for (var k = 0; k < ones; k++) {
                // Boolean here; the value by the sum at the end.
                out[i - k] <-- (in >> (i - k)) & 1;
                out[i - k] * (out[i - k] - 1) === 0;
                sum += out[i - k] * (1 << (i - k));
                missing += 1 - out[i - k];
            }
            if (ones == 1) {
                above[run + 1] <== above[run] * out[i];
            } else {
                complete[run] = IsZero();
                complete[run].in <== missing;
                above[run + 1] <== complete[run].out;
            }
            run++;
            i -= ones;
        }
    }
    sum === in;
    // Below the last run `max` has zeros, and so have the bits.
    equal <== above[runs];
}

/// The n low bits of `in`, whose integer value must not exceed `max`. With max = -1 (the field order less one) the
/// decomposition is unique although n = 254 bits could hold x + p.
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

    (out, _) <== TightBits(n, max)(in, 1);
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
