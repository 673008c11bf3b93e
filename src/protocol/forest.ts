import type { Flags } from "./flags.ts";

/** The statement that L1 holds a forest to; the fields of the Solidity struct of that name. */
export interface Statement {
  readonly domain: bigint;
  readonly proposalId: bigint;
  readonly z: bigint;
  readonly roundSeed: bigint;
  readonly burnBid: bigint;
  readonly prevStateRoot: bigint;
  readonly nextStateRoot: bigint;
  readonly txsRoot: bigint;
  readonly fees: bigint;
  readonly l1OpCount: bigint;
  readonly txCount: bigint;
  readonly withdrawalsRoot: bigint;
  /** Below `BLOB_FIELD`, which is above `FIELD`. */
  readonly dataEval: bigint;
  readonly proversRoot: bigint;
}

/** A whole forest and what it proves. Lists are in slot order. */
export interface ProvenForest {
  readonly statement: Statement;
  /** Registered key of each slot's prover, 0 if unassigned or not eligible in this round. */
  readonly keys: readonly bigint[];
  /** {@link encodeAssigned} */
  readonly assigned: string;
  /** Voted and delivered. */
  readonly flags: Flags;
  /** C of the root proof. */
  readonly rootCommitment: bigint;
  /** Content of slots 1.. */
  readonly contents: readonly bigint[];
  /** VRF output of each slot's worker; empty if the round has no seed. */
  readonly betas: readonly bigint[];
  /** 256 bytes for each slot, as hexadecimal. */
  readonly proofs: string;
}

/** Who made a proof. */
export interface Worker {
  /** The slot's key, or 0: anonymous. */
  readonly workerKey: bigint;
  /** {@link vrfBeta} */
  readonly beta: bigint;
}

/** One proof of a forest. */
export interface SlotProof extends Worker {
  readonly slot: number;
  /** Votes for its children that it shows, one bit each, and the root's for itself behind them; 0 for a base. */
  readonly mask: bigint;
  /** 256 bytes as hexadecimal. */
  readonly proof: string;
}

/** What L1 holds all single nodes of one proposal to; the fields of the Solidity struct of that name. */
export interface NodeContext {
  readonly domain: bigint;
  readonly proposalId: bigint;
  readonly z: bigint;
  readonly roundSeed: bigint;
  readonly burnBid: bigint;
  /** Says which bases prove L1 operations. */
  readonly l1OpCount: bigint;
}

/** What L1 holds one base or merge proof alone to; the fields of the Solidity struct of that name. */
export interface NodeStatement extends Worker {
  readonly slot: number;
  readonly content: bigint;
  readonly childContents: readonly bigint[];
  readonly childKeys: readonly bigint[];
  readonly childAssigned: readonly number[];
  readonly mask: bigint;
}
