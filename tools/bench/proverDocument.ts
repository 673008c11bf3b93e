import { table } from "./document.ts";
import type { ProverBench } from "./prover.ts";

/** What `bench prover` says to people. */
export function describeProver({
  rounds,
  nsPerMul,
  nsPerMulWasmcurves,
  circuits,
  peakMiBMid,
  secondsPerTransferLarge,
}: ProverBench): string {
  const seconds = (value: number): string => value.toFixed(3);
  const isCompared = circuits.some(({ rapidsnark }) => rapidsnark !== undefined);
  const times = table(
    [
      ...["circuit", "constraints", "snarkjs", "kernels", "ratio"],
      ...(isCompared ? ["rapidsnark"] : []),
      ...["witness", "rows", "transforms", "sums", "key"],
    ],
    circuits.map(({ name, constraints, snarkjs, kernels, ratio, rapidsnark, place, phases }) => [
      name,
      constraints,
      ...[snarkjs, kernels].map(seconds),
      ratio.toFixed(1),
      ...(rapidsnark === undefined ? [] : [seconds(rapidsnark)]),
      ...[phases.witness, phases.rows, phases.transforms, phases.sums, place].map(seconds),
    ]),
  );
  const comparison = isCompared
    ? "rapidsnark's figures are those of all its threads, with our witness, and the key, which it reads each time.\n"
    : "";
  const memory =
    peakMiBMid &&
    `\n\nA process that loads the last key and makes one proof needs ${peakMiBMid.kernels} MiB,
with snarkjs ${peakMiBMid.snarkjs} MiB.`;
  const large =
    secondsPerTransferLarge === null
      ? ""
      : `\n\nThe kernels take ${secondsPerTransferLarge} s a transfer in a base node of the profile large.`;
  return `CPU seconds of one thread from the input to the proof, which is then verified in either case: medians of
${rounds} rounds, snarkjs and the kernels in turn in one process. A product in the base field takes
the kernels ${nsPerMul} ns and snarkjs' arithmetic ${nsPerMulWasmcurves} ns, the call from JavaScript included.
The last column is what bringing a key to the kernels' form takes, once for all processes.
${comparison}
${times}${memory ?? ""}${large}`;
}
