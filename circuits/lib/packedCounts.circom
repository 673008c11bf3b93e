pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/// Unpacks counts of 14 bits each: sum of count_i << (14 i). Exact: one decomposition of 14 n < 254 bits.
///
/// parameters:
///   n - {Uint8} number of counts, at most 17
/// inputs:
///   in - {Uint(14 n)}
/// outputs:
///   out[n] - {Uint14}
template UnpackCounts(n) {
    signal input in;
    signal output out[n];

    assert(n <= 17);
    signal bits[14 * n] <== Num2Bits(14 * n)(in);
    for (var i = 0; i < n; i++) {
        var sum = 0;
        for (var j = 0; j < 14; j++) {
            sum += bits[14 * i + j] * (1 << j);
        }
        out[i] <== sum;
    }
}
