import { table } from "./document.ts";
import type { LargeBench } from "./large.ts";

/** What `bench large` says to people. */
export function describeLarge({
  profile,
  transfersPerBase,
  accounts,
  circuits,
  seconds,
  processors,
  load,
  proofs,
  secondsPerTransfer,
  peakMiB,
}: LargeBench): string {
  const sizes = table(
    [`circuit (profile ${profile})`, "constraints", "key, MB"],
    circuits.map(({ name, constraints, keyBytes }) => [name, constraints, Math.round(keyBytes / 1e6)]),
  );
  const times = table(
    ["step", "seconds"],
    [
      ["compiling all circuits", `${seconds.compile}`],
      ["building all development keys", `${seconds.keys}`],
      ["executing the block", `${seconds.execute}`],
      ...proofs.map(({ circuit, seconds: proof }) => [`proof of a ${circuit}, CPU time of one thread`, `${proof}`]),
    ],
  );
  return `A block with ${transfersPerBase} transfers a base node and
${accounts.toLocaleString("en")} accounts, from sources to proofs,
all of it real and in one run on one machine with ${processors} processors.
After the first three steps its load was ${load}:
above 1 a processor, other programs were in the way, and those steps took longer.
Steps that an earlier run had done already take no time.
A transfer costs its prover ${secondsPerTransfer} s of CPU time on one thread.
The first proof of a circuit prepares its key.
A process that makes one proof of a BaseRollup with a prepared key needs ${peakMiB} MiB.

${sizes}

${times}`;
}
