import { bn254 } from "@noble/curves/bn254.js";
import { concat, dataSlice, toBeHex, toBigInt } from "ethers";
import type { Random } from "./random.ts";

/**
 * Groth16 with a known trapdoor: the discrete logarithms of the whole verifying key are kept, so that a valid proof for
 * any public inputs takes two fixed-base multiplications and no circuit. This tests verifiers of exact inputs in
 * milliseconds; it says nothing about circuits.
 */
export const FIELD = bn254.fields.Fr.ORDER;
export const BASE_FIELD = bn254.fields.Fp.ORDER;

const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
export const Fr = bn254.fields.Fr;

export type G1Point = InstanceType<typeof G1>;
export type G2Point = InstanceType<typeof G2>;

/** The part of the key that all circuits share, as logarithms. */
export interface CommonTrapdoor {
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly gamma: bigint;
}

export interface CircuitTrapdoor {
  readonly common: CommonTrapdoor;
  readonly delta: bigint;
  /** IC_0 .. IC_n for n public inputs. */
  readonly ic: readonly bigint[];
}

export interface Proof {
  readonly a: G1Point;
  readonly b: G2Point;
  readonly c: G1Point;
}

export function randomScalar(random: Random): bigint {
  return 1n + random.below(FIELD - 1n);
}

export function randomCommon(random: Random): CommonTrapdoor {
  return { alpha: randomScalar(random), beta: randomScalar(random), gamma: randomScalar(random) };
}

export function randomCircuit(random: Random, common: CommonTrapdoor, inputs: number): CircuitTrapdoor {
  return { common, delta: randomScalar(random), ic: Array.from({ length: 1 + inputs }, () => randomScalar(random)) };
}

/**
 * A random valid proof. Simulated B are small multiples of the generator, and no multiplication hides its time: nothing
 * here is a secret.
 */
export function simulateProof(random: Random, circuit: CircuitTrapdoor, inputs: readonly bigint[]): Proof {
  const a = randomScalar(random);
  const b = 1n + random.below(1n << 16n);
  return { a: g1(a), b: g2(b), c: g1(proofC(circuit, inputs, a, b)) };
}

/** The logarithm of C that completes those of A and B: `a b = alpha beta + gamma L + delta C`. */
function proofC({ common, delta, ic }: CircuitTrapdoor, inputs: readonly bigint[], a: bigint, b: bigint): bigint {
  if (inputs.length !== ic.length - 1) throw new Error(`${inputs.length} inputs for a circuit of ${ic.length - 1}`);
  const sum = [1n, ...inputs].reduce((total, input, i) => Fr.add(total, Fr.mul(input % FIELD, ic[i]!)), 0n);
  const rest = Fr.sub(Fr.mul(a, b), Fr.add(Fr.mul(common.alpha, common.beta), Fr.mul(common.gamma, sum)));
  return Fr.div(rest, delta);
}

export function g1(scalar: bigint): G1Point {
  return G1.BASE.multiplyUnsafe(scalar);
}

const g2Cache = new Map<bigint, G2Point>();

export function g2(scalar: bigint): G2Point {
  let point = g2Cache.get(scalar);
  if (point === undefined) {
    point = G2.BASE.multiplyUnsafe(scalar);
    g2Cache.set(scalar, point);
  }
  return point;
}

/** A point of the twist that is not in the subgroup of order p. */
export function outsideG2(random: Random): G2Point {
  const { Fp, Fp2 } = bn254.fields;
  for (;;) {
    const x = Fp2.fromBigTuple([random.below(BASE_FIELD), random.below(BASE_FIELD)]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.CURVE().b);
    // A square of Fp2 has a norm that is a square of Fp.
    const norm = Fp.add(Fp.sqr(square.c0), Fp.sqr(square.c1));
    if (Fp.pow(norm, (BASE_FIELD - 1n) / 2n) !== 1n) continue;
    const point = G2.fromAffine({ x, y: Fp2.sqrt(square) });
    if (!point.isTorsionFree()) return point;
  }
}

/** 64 bytes: x, y. */
export function encodeG1(point: G1Point): string {
  const { x, y } = point.is0() ? { x: 0n, y: 0n } : point.toAffine();
  return concat([x, y].map(word));
}

/** 128 bytes: x1, x0, y1, y0. */
export function encodeG2(point: G2Point): string {
  if (point.is0()) return `0x${"00".repeat(128)}`;
  const { x, y } = point.toAffine();
  return concat([x.c1, x.c0, y.c1, y.c0].map(word));
}

/** 256 bytes. */
export function encodeProof({ a, b, c }: Proof): string {
  return concat([encodeG1(a), encodeG2(b), encodeG1(c)]);
}

/** Adds a multiple of the generator to C of an encoded proof. */
export function shiftC(proof: string, scalar: bigint): string {
  const [x, y] = [192, 224].map((at) => toBigInt(dataSlice(proof, at, at + 32))) as [bigint, bigint];
  return concat([dataSlice(proof, 0, 192), encodeG1(G1.fromAffine({ x, y }).add(g1(Fr.create(scalar))))]);
}

/** alpha | beta | gamma */
export function encodeCommon({ alpha, beta, gamma }: CommonTrapdoor): string {
  return concat([encodeG1(g1(alpha)), encodeG2(g2(beta)), encodeG2(g2(gamma))]);
}

/** delta | IC_0 .. IC_n */
export function encodeCircuit({ delta, ic }: CircuitTrapdoor): string {
  return concat([encodeG2(g2(delta)), ...ic.map((scalar) => encodeG1(g1(scalar)))]);
}

export function word(value: bigint): string {
  return toBeHex(value, 32);
}
