pragma circom 2.2.0;

include "bits.circom";

/// Fails unless the child at a place is the node that was reached from below.
///
/// parameters:
///   width - {Uint8} bits of the place
/// inputs:
///   digit[width]         - {Bool} the place, least significant bit first
///   children[1 << width] - {Field}
///   node                 - {Field}
template IsChild(width) {
    signal input digit[width];
    signal input children[1 << width];
    signal input node;

    signal is[1 << width] <== OneHot(width)(digit);
    for (var k = 0; k < 1 << width; k++) {
        is[k] * (children[k] - node) === 0;
    }
}
