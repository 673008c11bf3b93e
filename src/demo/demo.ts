import { B52Error } from "../protocol/errors.ts";
import type { ProfileName } from "../protocol/profile.ts";

export interface DemoOptions {
  readonly profile: ProfileName;
  readonly heights: number;
  readonly seed: string;
  /** An Ethereum node; one inside this process when undefined. */
  readonly rpc?: string;
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

/** The last line of `--json`. Token amounts are in wei. */
export interface DemoSummary {
  readonly heights: number;
  readonly candidates: number;
  readonly unclesPaid: number;
  readonly restarts: number;
  readonly unfulfilledSlots: number;
  readonly proofs: number;
  readonly distinctProvers: readonly number[];
  readonly burned: bigint;
  readonly minted: bigint;
  readonly claimed: bigint;
  readonly conserved: boolean;
  readonly seconds: { readonly setup: number; readonly prove: number; readonly total: number };
}

export async function runDemo(options: DemoOptions): Promise<DemoSummary> {
  throw new B52Error(`the demo has no height ${options.heights}`);
}
