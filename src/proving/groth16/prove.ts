import { randomBytes } from "node:crypto";
import { FIELD } from "../../protocol/field.ts";
import { B52Error } from "../../protocol/errors.ts";
import type { Groth16Proof } from "../../protocol/proof.ts";
import { viewOf } from "../keys/binfile.ts";
import { readLE256 } from "../keys/bytes.ts";
import type { CircuitKey } from "./circuitKey.ts";
import type { G1, G2 } from "./groups.ts";
import type { Kernels } from "./kernels.ts";
import { ELEMENT_BYTES } from "./limbs.ts";
import { multiplyPoints } from "./multiscalar.ts";

/** A witness of another circuit than the key's. */
export class WitnessLengthError extends B52Error {
  constructor(length: number, expected: number) {
    super(`Invalid witness length: ${length}, expected ${expected}`, { length, expected });
  }
}

/** What makes a proof tell nothing of its witness: field elements, new for every proof. */
export interface Randomness {
  readonly r: bigint;
  readonly s: bigint;
}

export type ProofPhase = "rows" | "transforms" | "sums";

/**
 * A Groth16 proof.
 *
 * @param witness canonical numbers of 32 bytes, little-endian, one for each signal
 * @param onPhase hears which part of the work begins
 */
export function prove(
  kernels: Kernels,
  key: CircuitKey,
  witness: Uint8Array,
  { r, s }: Randomness = randomness(),
  onPhase: (phase: ProofPhase) => void = () => undefined,
): { proof: Groth16Proof; publicSignals: bigint[] } {
  const { functions } = kernels;
  const length = witness.length / 32;
  if (length !== key.signals) throw new WitnessLengthError(length, key.signals);
  const mark = functions.mark();
  const scalars = kernels.place(witness);
  try {
    onPhase("rows");
    functions.unpackAll(key.witness, scalars, key.signals);
    const quotient = quotientValues(kernels, key, onPhase);
    onPhase("sums");
    const privates = scalars + 32 * (key.publicSignals + 1);
    const a = multiplyPoints(kernels, key.a, scalars);
    const b1 = multiplyPoints(kernels, key.b1, scalars);
    const b2 = multiplyPoints(kernels, key.b2, scalars);
    const c = multiplyPoints(kernels, key.c, privates);
    const h = multiplyPoints(kernels, key.h, quotient);

    const piA = key.alpha1.add(a).add(key.delta1.multiplyUnsafe(r));
    const piB1 = key.beta1.add(b1).add(key.delta1.multiplyUnsafe(s));
    const piB = key.beta2.add(b2).add(key.delta2.multiplyUnsafe(s));
    const piC = c
      .add(h)
      .add(piA.multiplyUnsafe(s))
      .add(piB1.multiplyUnsafe(r))
      .subtract(key.delta1.multiplyUnsafe((r * s) % FIELD));
    const view = viewOf(witness);
    const publicSignals = Array.from({ length: key.publicSignals }, (_, i) => readLE256(view, 32 * (i + 1)));
    return { proof: { pi_a: encodeG1(piA), pi_b: encodeG2(piB), pi_c: encodeG1(piC), ...KIND }, publicSignals };
  } finally {
    // The witness is somebody's secret.
    functions.wipe(mark);
    kernels.bytes(key.witness, ELEMENT_BYTES * key.signals).fill(0);
  }
}

const KIND = { protocol: "groth16", curve: "bn128" };

/** Where the values of `(A B - C) / R` on the odd coset are, which the points of section H are multiplied by. */
function quotientValues(kernels: Kernels, key: CircuitKey, onPhase: (phase: ProofPhase) => void): number {
  const { functions } = kernels;
  const { domainSize: n, rows, entries } = key;
  const out = functions.allocate(32 * n);
  const mark = functions.mark();
  const [a, b, c] = [0, 1, 2].map(() => functions.allocate(ELEMENT_BYTES * n)) as [number, number, number];
  functions.multiplyRows(a, rows, entries, n);
  functions.multiplyRows(b, rows + 4 * n, entries, n);
  functions.multiplyAll(c, a, b, n / 2);
  onPhase("transforms");
  for (const values of [a, b, c]) {
    functions.toCoefficients(values, n, key.inverseRoots);
    functions.multiplyAll(values, values, key.coset, n / 2);
    functions.toValues(values, n, key.roots);
  }
  functions.quotient(out, a, b, c, n);
  functions.release(mark);
  return out;
}

/** From the operating system, uniform: numbers that are not below the order are drawn again. */
export function randomness(): Randomness {
  return { r: randomScalar(), s: randomScalar() };
}

function randomScalar(): bigint {
  for (;;) {
    const value = BigInt(`0x${randomBytes(32).toString("hex")}`) >> 2n;
    if (value < FIELD) return value;
  }
}

function encodeG1(point: G1): string[] {
  const { x, y } = point.toAffine();
  return [String(x), String(y), "1"];
}

function encodeG2(point: G2): string[][] {
  const { x, y } = point.toAffine();
  return [
    [String(x.c0), String(x.c1)],
    [String(y.c0), String(y.c1)],
    ["1", "0"],
  ];
}
