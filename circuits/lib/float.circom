pragma circom 2.2.0;

/// mantissa * 10^exponent of a packed amount or fee, the exponent in the 5 low bits. 5 constraints.
///
/// parameters:
///   n - {Uint8} bits in all
/// inputs:
///   bits[n] - {Bool} least significant first
/// outputs:
///   out - {Field} below 2^(n - 5) * 10^31
template FloatAmount(n) {
    signal input bits[n];
    signal output out;

    signal power[6];
    power[0] <== 1;
    for (var i = 0; i < 5; i++) {
        power[i + 1] <== power[i] * (1 + bits[i] * (10 ** (1 << i) - 1));
    }
    var mantissa = 0;
    for (var i = 5; i < n; i++) {
        mantissa += bits[i] * (1 << (i - 5));
    }
    out <== mantissa * power[5];
}
