import { curve } from "../../protocol/curve.ts";
import { readBytes, writeAtomically } from "../files.ts";
import { serve } from "../../threads/threads.ts";
import { deltaBeacon, tauBeacon, tauSecrets } from "./beacon.ts";
import { writeDevelopmentKey } from "./developmentKey.ts";
import { FixedBase } from "./fixedBase.ts";
import { registerKey } from "./provingKey.ts";
import { readR1cs } from "./r1cs.ts";

export interface BuildTask {
  readonly circuit: string;
  readonly circuitHash: string;
  readonly r1csPath: string;
  readonly zkeyPath: string;
  readonly partialPath: string;
}

let prepared: Promise<[FixedBase, FixedBase]> | undefined;

/** Builds one development key and its manifest; reports the share done, 0 to 1. */
serve(
  async (
    { circuit, circuitHash, r1csPath, zkeyPath, partialPath }: BuildTask,
    report: (share: number) => void,
  ): Promise<void> => {
    prepared ??= Promise.all([FixedBase.create(curve, "G1"), FixedBase.create(curve, "G2")]);
    const [g1, g2] = await prepared;
    const r1cs = readR1cs(await readBytes(r1csPath), r1csPath);
    const secrets = tauSecrets(curve, tauBeacon());
    const pieces = await writeDevelopmentKey(
      r1cs,
      { curve, g1, g2, secrets, deltaBeacon: deltaBeacon(circuitHash) },
      report,
    );
    await writeAtomically(zkeyPath, pieces, partialPath);
    await registerKey({ circuit, circuitHash, zkeyPath, development: true });
  },
);
