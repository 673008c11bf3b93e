import type { ProfileName } from "../protocol/profile.ts";
import type { EngineChoice } from "../proving/engineChoice.ts";
import type { WorldProver } from "../sim/world.ts";

export interface DemoOptions {
  readonly profile: ProfileName;
  readonly heights: number;
  /** Whether everything is played: pipelining, slashing, forfeits, and other policies. */
  readonly full?: boolean;
  readonly seed: string;
  /** An Ethereum node; one inside this process when undefined. */
  readonly rpc?: string;
  /** Makes all proofs; real ones by default. */
  readonly prover?: WorldProver;
  /** What makes real proofs; what the environment says, or this project's own prover, by default. */
  readonly engine?: EngineChoice | undefined;
  /** How long the set-up before took. */
  readonly setupSeconds: number;
  readonly output: {
    /** A line about progress. */
    note(line: string): void;
    /** A line of the readable result. */
    print(line?: string): void;
  };
  readonly signal: AbortSignal;
}
