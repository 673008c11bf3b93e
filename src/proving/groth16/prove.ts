import { randomBytes } from "node:crypto";
import { FIELD } from "../../protocol/field.ts";
import { B52Error } from "../../protocol/errors.ts";
import type { Groth16Proof } from "../../protocol/proof.ts";
import { viewOf } from "../keys/binfile.ts";
import { readLE256 } from "../keys/bytes.ts";
import { Board, type Part } from "./board.ts";
import { type CircuitKey, pointsOf, rowsOf, type SumName, SUMS } from "./circuitKey.ts";
import { placeDomain } from "./domain.ts";
import { fromFile, type G1, g1, type G2, g2, type Group, type Point } from "./groups.ts";
import { placeKeyPoints, placeScalars } from "./keyPoints.ts";
import type { Kernels } from "./kernels.ts";
import { ELEMENT_BYTES } from "./limbs.ts";
import { joinWindows, sumWindows, windowBits } from "./multiscalar.ts";
import { multiplyRows } from "./rows.ts";

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

export interface ProveOptions {
  /** Left out, drawn anew. */
  readonly randomness?: Randomness;
  /** Hears which part of the work begins. */
  readonly onPhase?: (phase: ProofPhase) => void;
  /** How many parts each sum is cut into, 1 by default: other threads may {@link help} with them. */
  readonly pieces?: number;
  /** Hears of the work that can be shared. */
  readonly onBoard?: (board: Board) => void;
}

export interface ProofOfKernels {
  readonly proof: Groth16Proof;
  readonly publicSignals: bigint[];
  /** That the sums took, on whatever threads. */
  readonly sumSeconds: number;
}

/** The number of the thread that makes the proof; others have theirs from 1 on. */
const LEADER = 0;
const SCALAR_BYTES = 32;

/**
 * A Groth16 proof.
 *
 * @param witness canonical numbers of 32 bytes, little-endian, one for each signal
 */
export function prove(
  kernels: Kernels,
  key: CircuitKey,
  witness: Uint8Array,
  { randomness = drawRandomness(), onPhase, pieces = 1, onBoard }: ProveOptions = {},
): ProofOfKernels {
  const { signals, publicSignals, domainSize } = key.head;
  const length = witness.length / SCALAR_BYTES;
  if (length !== signals) throw new WitnessLengthError(length, signals);
  const mark = kernels.functions.mark();
  const board = Board.create(partsOf(kernels, key, pieces), witness, SCALAR_BYTES * domainSize);
  try {
    onBoard?.(board);
    board.quotient.set(quotientValues(kernels, key, witness, onPhase));
    board.announceQuotient();
    onPhase?.("sums");
    for (let { changes } = board; !board.isDone; { changes } = board)
      if (!workOnPart(kernels, key, board, LEADER)) board.wait(changes);
    const view = viewOf(witness);
    return {
      proof: assemble(key, board, randomness),
      publicSignals: Array.from({ length: publicSignals }, (_, i) => readLE256(view, SCALAR_BYTES * (i + 1))),
      sumSeconds: board.seconds,
    };
  } finally {
    board.recall();
    // The witness is somebody's secret.
    board.wipe();
    kernels.functions.wipe(mark);
  }
}

/**
 * Works on another thread's proof as long as there is something to do.
 *
 * @param thread a number from 1 that no other helper of this proof has
 * @param onPart hears that a part begins
 */
export function help(kernels: Kernels, key: CircuitKey, board: Board, thread: number, onPart: () => void): void {
  const mark = kernels.functions.mark();
  try {
    for (let { changes } = board; !board.isRecalled && board.free > 0; { changes } = board)
      if (!workOnPart(kernels, key, board, thread, onPart)) board.wait(changes);
  } finally {
    board.abandon(thread);
    kernels.functions.wipe(mark);
  }
}

function groupOf(sum: SumName): Group<G1> | Group<G2> {
  return sum === "b2" ? g2 : g1;
}

function windowBitsOf({ head }: CircuitKey, sum: SumName): number {
  return windowBits(head.sums[sum].places.length / 4);
}

/** Each sum in `pieces` parts of about as many windows. */
function partsOf(kernels: Kernels, key: CircuitKey, pieces: number): Part[] {
  return SUMS.flatMap((sum) => {
    const count = kernels.functions.windowCount(windowBitsOf(key, sum));
    const size = Math.ceil(count / pieces);
    return Array.from({ length: Math.ceil(count / size) }, (_, i): Part => {
      const first = i * size;
      const windows = Math.min(size, count - first);
      return { sum, first, windows, bytes: windows * groupOf(sum).fileBytes };
    });
  });
}

/** Works out a part that nobody has, and returns whether there was one. */
function workOnPart(
  kernels: Kernels,
  key: CircuitKey,
  board: Board,
  thread: number,
  onPart: () => void = () => undefined,
): boolean {
  const place = board.take(thread);
  if (place === undefined) return false;
  onPart();
  const start = performance.now();
  const part = board.data.parts[place]!;
  const result = part.sum === "b2" ? sumOf(kernels, key, board, part, g2) : sumOf<G1>(kernels, key, board, part, g1);
  board.finish(place, result, (performance.now() - start) / 1000);
  return true;
}

function sumOf<P extends Point<P>>(
  kernels: Kernels,
  key: CircuitKey,
  board: Board,
  part: Part,
  group: Group<P>,
): Uint8Array {
  const { sum } = part;
  const mark = kernels.functions.mark();
  const points = pointsOf(key, sum);
  // The points of c belong to what is private, behind the constant 1 and what is public.
  const scalars = sum === "c" ? board.witness.subarray(SCALAR_BYTES * (key.head.publicSignals + 1)) : board.witness;
  const placedScalars = placeScalars(kernels, sum === "h" ? board.quotient : scalars, points);
  const placed = placeKeyPoints(kernels, group, points);
  const result = sumWindows(kernels, placed, placedScalars, windowBitsOf(key, sum), part);
  kernels.functions.release(mark);
  return result;
}

/** Values of `(A B - C) / R` on the odd coset, which the points of section H are multiplied by. */
function quotientValues(
  kernels: Kernels,
  key: CircuitKey,
  witness: Uint8Array,
  onPhase: ((phase: ProofPhase) => void) | undefined,
): Uint8Array {
  const { functions } = kernels;
  const { signals, domainSize: n } = key.head;
  const mark = functions.mark();
  const [a, b, c] = [0, 1, 2].map(() => functions.allocate(ELEMENT_BYTES * n)) as [number, number, number];
  onPhase?.("rows");
  const beforeRows = functions.mark();
  const wires = functions.allocate(ELEMENT_BYTES * signals);
  functions.unpackAll(wires, kernels.place(witness), signals);
  multiplyRows(kernels, rowsOf(key), wires, [a, b]);
  functions.release(beforeRows);
  functions.multiplyAll(c, a, b, n / 2);
  onPhase?.("transforms");
  const { roots, inverseRoots, coset } = placeDomain(kernels, Math.log2(n));
  for (const values of [a, b, c]) {
    functions.toCoefficients(values, n, inverseRoots);
    functions.multiplyAll(values, values, coset, n / 2);
    functions.toValues(values, n, roots);
  }
  const out = functions.allocate(SCALAR_BYTES * n);
  functions.quotient(out, a, b, c, n);
  const quotient = kernels.bytes(out, SCALAR_BYTES * n).slice();
  functions.release(mark);
  return quotient;
}

const KIND = { protocol: "groth16", curve: "bn128" };

function assemble(key: CircuitKey, board: Board, { r, s }: Randomness): Groth16Proof {
  const inG1 = (sum: SumName): G1 => joinWindows(g1, windowBitsOf(key, sum), board.resultOf(sum));
  const { points } = key.head;
  const [alpha1, beta1, delta1] = [points.alpha1, points.beta1, points.delta1].map((hex) =>
    fromFile(g1, Buffer.from(hex, "hex")),
  ) as [G1, G1, G1];
  const [beta2, delta2] = [points.beta2, points.delta2].map((hex) => fromFile(g2, Buffer.from(hex, "hex"))) as [G2, G2];
  const b2 = joinWindows(g2, windowBitsOf(key, "b2"), board.resultOf("b2"));
  const piA = alpha1.add(inG1("a")).add(delta1.multiplyUnsafe(r));
  const piB1 = beta1.add(inG1("b1")).add(delta1.multiplyUnsafe(s));
  const piB = beta2.add(b2).add(delta2.multiplyUnsafe(s));
  const piC = inG1("c")
    .add(inG1("h"))
    .add(piA.multiplyUnsafe(s))
    .add(piB1.multiplyUnsafe(r))
    .subtract(delta1.multiplyUnsafe((r * s) % FIELD));
  return { pi_a: encodeG1(piA), pi_b: encodeG2(piB), pi_c: encodeG1(piC), ...KIND };
}

/** From the operating system, uniform: numbers that are not below the order are drawn again. */
export function drawRandomness(): Randomness {
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
