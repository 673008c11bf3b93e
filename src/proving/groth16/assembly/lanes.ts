/** Bytes of an element: five limbs. */
export const ELEMENT: usize = 40;
/** Bytes of two elements, limb by limb side by side: one in each lane. */
export const PAIR: usize = 80;

const LIMB_BITS: i64 = 51;
const MASK: i64 = ((<i64>1) << 51) - 1;

/** Limbs add up: nothing is reduced. */
export function add(out: usize, a: usize, b: usize): void {
  v128.store(out, f64x2.add(v128.load(a), v128.load(b)));
  v128.store(out, f64x2.add(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(out, f64x2.add(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(out, f64x2.add(v128.load(a, 48), v128.load(b, 48)), 48);
  v128.store(out, f64x2.add(v128.load(a, 64), v128.load(b, 64)), 64);
}

/** Limbs are subtracted: nothing is reduced. */
export function sub(out: usize, a: usize, b: usize): void {
  v128.store(out, f64x2.sub(v128.load(a), v128.load(b)));
  v128.store(out, f64x2.sub(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(out, f64x2.sub(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(out, f64x2.sub(v128.load(a, 48), v128.load(b, 48)), 48);
  v128.store(out, f64x2.sub(v128.load(a, 64), v128.load(b, 64)), 64);
}

/** Each lane times a number of its own, which is 1, -1 or 0. */
export function scale(out: usize, a: usize, factors: v128): void {
  v128.store(out, f64x2.mul(v128.load(a), factors));
  v128.store(out, f64x2.mul(v128.load(a, 16), factors), 16);
  v128.store(out, f64x2.mul(v128.load(a, 32), factors), 32);
  v128.store(out, f64x2.mul(v128.load(a, 48), factors), 48);
  v128.store(out, f64x2.mul(v128.load(a, 64), factors), 64);
}

export function swap(out: usize, a: usize): void {
  for (let i: usize = 0; i < PAIR; i += 16) {
    const limb = v128.load(a + i);
    v128.store(out + i, v128.shuffle<f64>(limb, limb, 1, 2));
  }
}

/** Two elements become a pair. */
export function gather(out: usize, first: usize, second: usize): void {
  v128.store(out, v128.load64_lane(second, v128.load64_zero(first), 1));
  v128.store(out, v128.load64_lane(second, v128.load64_zero(first, 8), 1, 8), 16);
  v128.store(out, v128.load64_lane(second, v128.load64_zero(first, 16), 1, 16), 32);
  v128.store(out, v128.load64_lane(second, v128.load64_zero(first, 24), 1, 24), 48);
  v128.store(out, v128.load64_lane(second, v128.load64_zero(first, 32), 1, 32), 64);
}

/** The limbs at one place of two elements. */
function limbs(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1);
}

/** Elements `b` less elements `a`, a pair. */
export function gatherDifference(out: usize, a0: usize, a1: usize, b0: usize, b1: usize): void {
  v128.store(out, f64x2.sub(limbs(b0, b1), limbs(a0, a1)));
  v128.store(out, f64x2.sub(limbs(b0 + 8, b1 + 8), limbs(a0 + 8, a1 + 8)), 16);
  v128.store(out, f64x2.sub(limbs(b0 + 16, b1 + 16), limbs(a0 + 16, a1 + 16)), 32);
  v128.store(out, f64x2.sub(limbs(b0 + 24, b1 + 24), limbs(a0 + 24, a1 + 24)), 48);
  v128.store(out, f64x2.sub(limbs(b0 + 32, b1 + 32), limbs(a0 + 32, a1 + 32)), 64);
}

/** Elements `b` times `signB` less elements `a` times `signA`, a pair. */
export function gatherSignedDifference(
  out: usize,
  a0: usize,
  a1: usize,
  signA: v128,
  b0: usize,
  b1: usize,
  signB: v128,
): void {
  v128.store(out, f64x2.sub(f64x2.mul(limbs(b0, b1), signB), f64x2.mul(limbs(a0, a1), signA)));
  v128.store(out, f64x2.sub(f64x2.mul(limbs(b0 + 8, b1 + 8), signB), f64x2.mul(limbs(a0 + 8, a1 + 8), signA)), 16);
  v128.store(out, f64x2.sub(f64x2.mul(limbs(b0 + 16, b1 + 16), signB), f64x2.mul(limbs(a0 + 16, a1 + 16), signA)), 32);
  v128.store(out, f64x2.sub(f64x2.mul(limbs(b0 + 24, b1 + 24), signB), f64x2.mul(limbs(a0 + 24, a1 + 24), signA)), 48);
  v128.store(out, f64x2.sub(f64x2.mul(limbs(b0 + 32, b1 + 32), signB), f64x2.mul(limbs(a0 + 32, a1 + 32), signA)), 64);
}

/** -1 for a reference whose lowest bit says that the negative is meant, else 1. */
export function signs(first: usize, second: usize): v128 {
  const sign = f64x2.splat(1 - 2 * <f64>(<i32>(first & 1)));
  return f64x2.replace_lane(sign, 1, 1 - 2 * <f64>(<i32>(second & 1)));
}

/** A pair of the same element twice. */
export function spread(out: usize, element: usize): void {
  v128.store(out, v128.load64_splat(element));
  v128.store(out, v128.load64_splat(element, 8), 16);
  v128.store(out, v128.load64_splat(element, 16), 32);
  v128.store(out, v128.load64_splat(element, 24), 48);
  v128.store(out, v128.load64_splat(element, 32), 64);
}

/** A pair becomes two elements. */
export function scatter(first: usize, second: usize, pair: usize): void {
  scatterLimb(first, second, v128.load(pair));
  scatterLimb(first + 8, second + 8, v128.load(pair, 16));
  scatterLimb(first + 16, second + 16, v128.load(pair, 32));
  scatterLimb(first + 24, second + 24, v128.load(pair, 48));
  scatterLimb(first + 32, second + 32, v128.load(pair, 64));
}

function scatterLimb(first: usize, second: usize, limbs: v128): void {
  v128.store64_lane(first, limbs, 0);
  v128.store64_lane(second, limbs, 1);
}

/** Whether the element in a lane is 0, for a reduced pair: then 0 has no other form. */
export function isZero(pair: usize, lane: usize): bool {
  const at = pair + 8 * lane;
  return (
    load<f64>(at) == 0 &&
    load<f64>(at + 16) == 0 &&
    load<f64>(at + 32) == 0 &&
    load<f64>(at + 48) == 0 &&
    load<f64>(at + 64) == 0
  );
}

/**
 * 256 bits, little-endian, to limbs, none of them negative.
 * @param stride bytes from limb to limb: 8 for an element, 16 for one in a pair
 */
export function unpack(out: usize, stride: usize, bytes: usize): void {
  const w0 = load<u64>(bytes);
  const w1 = load<u64>(bytes, 8);
  const w2 = load<u64>(bytes, 16);
  const w3 = load<u64>(bytes, 24);
  store<f64>(out, <f64>(<i64>(w0 & MASK)));
  store<f64>(out + stride, <f64>(<i64>(((w0 >> 51) | (w1 << 13)) & MASK)));
  store<f64>(out + 2 * stride, <f64>(<i64>(((w1 >> 38) | (w2 << 26)) & MASK)));
  store<f64>(out + 3 * stride, <f64>(<i64>(((w2 >> 25) | (w3 << 39)) & MASK)));
  store<f64>(out + 4 * stride, <f64>(<i64>(w3 >> 12)));
}

/**
 * The canonical value of a reduced element as 256 bits, little-endian.
 * @param modulus five limbs, none negative, as 64-bit integers
 */
export function pack(bytes: usize, pair: usize, lane: usize, modulus: usize): void {
  const at = pair + 8 * lane;
  let l0 = <i64>load<f64>(at);
  let l1 = <i64>load<f64>(at + 16);
  let l2 = <i64>load<f64>(at + 32);
  let l3 = <i64>load<f64>(at + 48);
  let l4 = <i64>load<f64>(at + 64);
  l1 += l0 >> LIMB_BITS;
  l2 += l1 >> LIMB_BITS;
  l3 += l2 >> LIMB_BITS;
  l4 += l3 >> LIMB_BITS;
  l0 &= MASK;
  l1 &= MASK;
  l2 &= MASK;
  l3 &= MASK;
  if (l4 < 0) {
    l0 += load<i64>(modulus);
    l1 += load<i64>(modulus, 8) + (l0 >> LIMB_BITS);
    l2 += load<i64>(modulus, 16) + (l1 >> LIMB_BITS);
    l3 += load<i64>(modulus, 24) + (l2 >> LIMB_BITS);
    l4 += load<i64>(modulus, 32) + (l3 >> LIMB_BITS);
    l0 &= MASK;
    l1 &= MASK;
    l2 &= MASK;
    l3 &= MASK;
  }
  store<u64>(bytes, (<u64>l0) | ((<u64>l1) << 51));
  store<u64>(bytes, ((<u64>l1) >> 13) | ((<u64>l2) << 38), 8);
  store<u64>(bytes, ((<u64>l2) >> 26) | ((<u64>l3) << 25), 16);
  store<u64>(bytes, ((<u64>l3) >> 39) | ((<u64>l4) << 12), 24);
}

export function copy(out: usize, a: usize): void {
  v128.store(out, v128.load(a));
  v128.store(out, v128.load(a, 16), 16);
  v128.store(out, v128.load(a, 32), 32);
  v128.store(out, v128.load(a, 48), 48);
  v128.store(out, v128.load(a, 64), 64);
}

/** One lane of a pair, the other left as it is. */
export function copyLane(out: usize, pair: usize, lane: usize): void {
  for (let at: usize = 8 * lane; at < PAIR; at += 16) store<f64>(out + at, load<f64>(pair + at));
}
