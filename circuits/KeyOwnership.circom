pragma circom 2.2.0;

include "lib/key.circom";

/// Knowledge of the one secret scalar behind a key, for registration and for VRF claims.
///
/// inputs:
///   key    - {Field} public; Poseidon(TAG_KEY, A), A = secret B8
///   owner  - {Field} public; the address that may use this proof, bound and not computed with
///   domain - {Field} public; chain and contract, bound and not computed with
///   seed   - {Field} public; VRF seed, 0 for a registration
///   beta   - {Field} public; Poseidon(TAG_VRF, secret, seed), 0 if seed is 0
///   secret - {Scalar} private; 0 < secret < l
template KeyOwnership() {
    signal input key;
    signal input owner;
    signal input domain;
    signal input seed;
    signal input beta;
    signal input secret;

    component known = KeyOfSecret();
    known.secret <== secret;
    known.seed <== seed;
    key === known.key;
    beta === known.beta;

    // A public input that no constraint uses would not be bound to the proof.
    signal ownerSquare <== owner * owner;
    signal domainSquare <== domain * domain;
}
