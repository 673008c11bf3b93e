import { table } from "./document.ts";
import type { ProverBench } from "./prover.ts";

/** What `bench prover` says to people. */
export function describeProver({ rounds, nsPerMul, nsPerMulWasmcurves, circuits, peakMiBMid }: ProverBench): string {
  const seconds = (value: number): string => value.toFixed(3);
  const times = table(
    ["circuit", "constraints", "snarkjs", "kernels", "ratio", "witness", "rows", "transforms", "sums", "key"],
    circuits.map(({ name, constraints, snarkjs, kernels, ratio, place, phases }) => [
      name,
      constraints,
      ...[snarkjs, kernels].map(seconds),
      ratio.toFixed(1),
      ...[phases.witness, phases.rows, phases.transforms, phases.sums, place].map(seconds),
    ]),
  );
  const memory =
    peakMiBMid &&
    `\n\nA process that loads the last key and makes one proof needs ${peakMiBMid.kernels} MiB,
with snarkjs ${peakMiBMid.snarkjs} MiB.`;
  return `CPU seconds of one thread from the input to the proof, which is then verified in either case: medians of
${rounds} rounds, snarkjs and the kernels in turn in one process. A product in the base field takes
the kernels ${nsPerMul} ns and snarkjs' arithmetic ${nsPerMulWasmcurves} ns, the call from JavaScript included.
The last column is what bringing the key to the kernels' memory takes, once in the life of a thread.

${times}${memory ?? ""}`;
}
