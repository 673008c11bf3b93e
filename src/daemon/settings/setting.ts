import type { z } from "zod";

/** The programs that `./b52 node` runs. */
export const ROLES = ["prover", "proposer", "follower"] as const;
export type RoleName = (typeof ROLES)[number];

/** Something that an operator may set. */
export interface Setting {
  readonly schema: z.ZodType;
  /** What it does, in one sentence, with its unit. */
  readonly meaning: string;
  /** As it would stand in a file; left out where there is no value unless somebody sets one. */
  readonly fallback?: unknown;
  /** Where the fallback differs. */
  readonly fallbacks?: Readonly<Partial<Record<RoleName, unknown>>>;
  /** Whose it is; everybody's by default. */
  readonly roles?: readonly RoleName[];
  /** Whether there must be a value. */
  readonly isRequired?: boolean;
  /** `secret`: never shown. `address`: shown without user, password and query. */
  readonly shown?: "secret" | "address";
  /** Whether the text is a path, meant from where it is written. */
  readonly isPath?: boolean;
}

export type SettingTable = Readonly<Record<string, Setting>>;

/** Seconds that something may be put off at most. */
export const MAX_SECONDS = 86_400;
