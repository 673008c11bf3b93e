pragma circom 2.2.0;

// The Baby Jubjub curve.

/// {Point} affine coordinates. A template that takes one checks that it is on the curve, unless it says otherwise.
bus Point() {
    signal x;
    signal y;
}

/// Order of the prime subgroup, l.
function SUBGROUP_ORDER() {
    return 2736030358979909402780800718157159386076813972158567259200215660948447373041;
}

/// What the S of a signature is below: l without its 123 lowest bits. 1 in 2^128 numbers below l is not.
function S_BOUND() {
    return (SUBGROUP_ORDER() >> 123) << 123;
}

/// Generator of the prime subgroup, B8.
function BASE8() {
    return [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
}
