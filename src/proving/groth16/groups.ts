import { bn254 } from "@noble/curves/bn254.js";
import { readLE256, writeLE256 } from "../keys/bytes.ts";
import { G1_BYTES, G2_BYTES } from "../keys/zkey.ts";
import { BASE_FIELD } from "../../protocol/field.ts";
import { viewOf } from "../keys/binfile.ts";
import { inverse } from "./limbs.ts";

const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
export type G1 = typeof G1.BASE;
export type G2 = typeof G2.BASE;

/** What G1 and G2 have in common. */
export interface Point<P> {
  double(): P;
  add(other: P): P;
  multiplyUnsafe(scalar: bigint): P;
}

/** How points of a group lie in memory and in files. */
export interface Group<P extends Point<P>> {
  /** That of the coordinates' field over Fq. */
  readonly degree: 1 | 2;
  /** Bytes of a point in a `.zkey`. */
  readonly fileBytes: number;
  readonly zero: P;
  readonly generator: P;
  /** From canonical little-endian coordinates, all zero for infinity. */
  decode(bytes: Uint8Array): P;
  /** As in a `.zkey`: coordinates times 2^256. */
  encode(point: P): Uint8Array;
}

const MONTGOMERY_256 = 1n << 256n;
const FROM_MONTGOMERY_256 = inverse(MONTGOMERY_256, BASE_FIELD);

function numbers(bytes: Uint8Array): bigint[] {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / 32 }, (_, i) => readLE256(view, 32 * i));
}

function montgomery(coordinates: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * coordinates.length);
  const view = viewOf(bytes);
  coordinates.forEach((value, i) => writeLE256(view, 32 * i, (value * MONTGOMERY_256) % BASE_FIELD));
  return bytes;
}

export const g1: Group<G1> = {
  degree: 1,
  fileBytes: G1_BYTES,
  zero: G1.ZERO,
  generator: G1.BASE,
  decode(bytes) {
    const [x, y] = numbers(bytes) as [bigint, bigint];
    return x === 0n && y === 0n ? G1.ZERO : G1.fromAffine({ x, y });
  },
  encode(point) {
    const { x, y } = point.toAffine();
    return montgomery([x, y]);
  },
};

export const g2: Group<G2> = {
  degree: 2,
  fileBytes: G2_BYTES,
  zero: G2.ZERO,
  generator: G2.BASE,
  decode(bytes) {
    const [x0, x1, y0, y1] = numbers(bytes) as [bigint, bigint, bigint, bigint];
    if (x0 === 0n && x1 === 0n && y0 === 0n && y1 === 0n) return G2.ZERO;
    return G2.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } });
  },
  encode(point) {
    const { x, y } = point.toAffine();
    return montgomery([x.c0, x.c1, y.c0, y.c1]);
  },
};

/** A point as it lies in a `.zkey`. */
export function fromFile<P extends Point<P>>(group: Group<P>, bytes: Uint8Array): P {
  const plain = new Uint8Array(bytes.length);
  const view = viewOf(plain);
  numbers(bytes).forEach((value, i) => writeLE256(view, 32 * i, (value * FROM_MONTGOMERY_256) % BASE_FIELD));
  return group.decode(plain);
}
