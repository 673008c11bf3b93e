import { table } from "./document.ts";
import type { LargeBench } from "./large.ts";

/** What `bench large` says to people. */
export function describeLarge({
  profile,
  transfersPerBase,
  accounts,
  circuits,
  seconds,
  proofs,
  secondsPerTransfer,
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
      ...proofs.map(({ circuit, seconds: proof }) => [`proof of a ${circuit}, alone`, `${proof}`]),
    ],
  );
  return `A block with ${transfersPerBase} transfers a base node and
${accounts.toLocaleString("en")} accounts, from sources
to proofs, all of it real and on one machine in one run: compare the times with each other.
Steps that an earlier run had done already take no time. A transfer costs its prover ${secondsPerTransfer} s.

${sizes}

${times}`;
}
