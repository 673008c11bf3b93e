import { paragraphOf, type Row, rowsOf, table } from "./document.ts";
import type { CircuitTimes, ProverBench } from "./prover.ts";

const COLUMNS = ["circuit", "constraints", "snarkjs", "kernels", "ratio"];
const RAPIDSNARK = "rapidsnark";
const PARTS = ["witness", "rows", "transforms", "sums", "key"];

/**
 * What `bench prover` says to people.
 * @param before the section that an earlier run has left: what it says of what was not measured now stays
 */
export function describeProver(bench: ProverBench, before = ""): string {
  const { rounds, nsPerMul, nsPerMulWasmcurves, peakMiBMid, secondsPerTransferLarge } = bench;
  const memory = peakMiBMid
    ? `A process that loads the last key and makes one proof needs ${peakMiBMid.kernels} MiB,
with snarkjs ${peakMiBMid.snarkjs} MiB.`
    : paragraphOf(before, "A process that loads the last key");
  const large =
    secondsPerTransferLarge === null
      ? paragraphOf(before, "The kernels take")
      : `The kernels take ${secondsPerTransferLarge} s a transfer in a base node of the profile large.`;
  const times = timesTable(bench.circuits, rowsOf(before));
  const comparison = times.includes(`| ${RAPIDSNARK} |`)
    ? "rapidsnark's figures are those of all its threads, with our witness, and the key, which it reads each time."
    : "";
  const opening = `CPU seconds of one thread from the input to the proof, which is then verified in either case:
medians of ${rounds} rounds, snarkjs and the kernels in turn in one process. A product in the base field takes
the kernels ${nsPerMul} ns and snarkjs' arithmetic ${nsPerMulWasmcurves} ns, the call from JavaScript included.
The last column is what bringing a key to the kernels' form takes, once for all processes.
${comparison}`;
  return [opening.trim(), times, memory, large].filter((part) => part !== "").join("\n\n");
}

function timesTable(circuits: readonly CircuitTimes[], before: readonly Row[]): string {
  const seconds = (value: number): string => value.toFixed(3);
  const measured = circuits.map(({ name, constraints, snarkjs, kernels, ratio, rapidsnark, place, phases }) => ({
    ...before.find(({ circuit }) => circuit === name),
    ...{ circuit: name, constraints: constraints.toLocaleString("en") },
    ...{ snarkjs: seconds(snarkjs), kernels: seconds(kernels), ratio: ratio.toFixed(1), key: seconds(place) },
    ...(rapidsnark !== undefined && { [RAPIDSNARK]: seconds(rapidsnark) }),
    ...{ witness: seconds(phases.witness), rows: seconds(phases.rows) },
    ...{ transforms: seconds(phases.transforms), sums: seconds(phases.sums) },
  }));
  const kept = before.filter(({ circuit }) => !circuits.some(({ name }) => name === circuit));
  const rows: readonly Row[] = [...measured, ...kept];
  const columns = [...COLUMNS, ...(rows.some((row) => RAPIDSNARK in row) ? [RAPIDSNARK] : []), ...PARTS];
  return table(
    columns,
    rows.map((row) => columns.map((column) => row[column] ?? "")),
  );
}
