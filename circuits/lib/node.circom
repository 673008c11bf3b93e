pragma circom 2.2.0;

/// log2 of an arity: 1, 2, 3 or 4 for 2, 4, 8 or 16 children.
function digitBits(arity) {
    assert(arity == 2 || arity == 4 || arity == 8 || arity == 16);
    var bits = 0;
    while (1 << bits < arity) { bits++; }
    return bits;
}

/// Splits a node number, depth << 32 | index, for depths first .. last; fails unless index < arity^depth.
///
/// parameters:
///   arity - {Uint8} children of a node
///   first - {Uint8} smallest depth
///   last  - {Uint8} largest depth
/// inputs:
///   node - {Uint40}
/// outputs:
///   depth                          - {Uint8}
///   index[last * digitBits(arity)] - {Bool} bits of the index, least significant first
template NodePosition(arity, first, last) {
    var width = digitBits(arity);
    signal input node;
    signal output depth;
    signal output index[last * width];

    assert(last * width <= 32);

    // A - which depth: exactly one
    signal is[last + 1];
    var any = 0;
    var value = 0;
    for (var d = 0; d <= last; d++) {
        if (d < first) {
            is[d] <== 0;
        } else if (first == last) {
            is[d] <== 1;
        } else {
            // Boolean here, one of them by the sum, the right one by the value of `node`.
            is[d] <-- (node >> 32) == d ? 1 : 0;
            is[d] * (1 - is[d]) === 0;
        }
        any += is[d];
        value += d * is[d];
    }
    any === 1;
    depth <== value;

    // B - the index: a digit counts only if the node is deeper than it
    var sum = 0;
    for (var i = 0; i < last * width; i++) {
        var allowed = 0;
        for (var d = i \ width + 1; d <= last; d++) {
            allowed += is[d];
        }
        // Boolean if allowed, 0 if not; the value by the sum.
        index[i] <-- (node >> i) & 1;
        index[i] * (allowed - index[i]) === 0;
        sum += index[i] * (1 << i);
    }
    node === depth * (1 << 32) + sum;
}
