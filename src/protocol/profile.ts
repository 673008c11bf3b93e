/** The sizes that circuits, contracts and programs are built for. One deployment has one profile. */
export interface Profile {
  readonly name: string;
  /** Children of a merge: 2, 4, 8 or 16. */
  readonly arity: number;
  /** Depth of the base nodes; 1 means that the root merges base proofs directly. */
  readonly levels: number;
  /** Depth of the arity-4 account tree: `4 ** accountDepth` accounts, at most 8. */
  readonly accountDepth: number;
  /** Transfers proven by one base node. */
  readonly transfersPerBase: number;
}

export const PROFILES = {
  /** Proves a block in well under a minute on two cores. */
  dev: { name: "dev", arity: 2, levels: 2, accountDepth: 4, transfersPerBase: 2 },
  /** Two merge levels below the root, so that merges over merges really run. */
  deep: { name: "deep", arity: 2, levels: 3, accountDepth: 4, transfersPerBase: 1 },
  /** 65,536 accounts; the size at which constraint budgets are stated. */
  wide: { name: "wide", arity: 4, levels: 2, accountDepth: 8, transfersPerBase: 3 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;
