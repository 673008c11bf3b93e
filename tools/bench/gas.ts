import { type BridgeGas, type ClaimGas, measureBridge } from "./bridgeGas.ts";
import { type CourtGas, measureCourt } from "./courtGas.ts";
import { type LifeGas, measureLife } from "./lifeGas.ts";
import { benchParts } from "./scale.ts";
import { type ArityGas, measureSubmissions, type SubmissionGas } from "./submissionGas.ts";

/** Gas of every verb, measured on an in-process chain with simulated proofs, whose gas is that of real ones. */
export interface GasReport extends LifeGas, CourtGas, BridgeGas, SubmissionGas {
  /** Counting one more slot of a forest whose provers are all different. */
  readonly countingPerSlot: number;
  /** A part of a forest, without its proofs. */
  readonly partFixed: number;
}

export interface GasBench {
  readonly report: GasReport;
  readonly arities: readonly ArityGas[];
  /** What the report sums up or leaves out. */
  readonly details: Readonly<Record<string, number>>;
  readonly claims: ClaimGas;
}

export interface BenchGasOptions {
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

export async function benchGas({ signal, note }: BenchGasOptions): Promise<GasBench> {
  const { details, ...life } = await measureLife(note, signal);

  const court = await measureCourt(note);
  note(
    `court: ${Object.entries({ ...court })
      .map(([verb, gas]) => `${verb} ${gas.toLocaleString("en")}`)
      .join(", ")}`,
  );

  const { bridge, claims } = await measureBridge();
  note(
    `bridge: deposit ${bridge.deposit.toLocaleString("en")}, forced ${bridge.forced.toLocaleString("en")}, ` +
      `exitClaim ${bridge.exitClaim.toLocaleString("en")}`,
  );
  const parts = await benchParts({ signal, note });

  const submissions = await measureSubmissions(note, signal);
  return {
    report: { ...life, ...court, ...bridge, ...parts, ...submissions.report },
    ...{ arities: submissions.arities, details, claims },
  };
}
