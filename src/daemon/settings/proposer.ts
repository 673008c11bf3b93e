import { z } from "zod";
import { MAX_SECONDS, type SettingTable } from "./setting.ts";
import { amount, whole, yesNo } from "./values.ts";

/** What a proposer may be given besides. */
export const PROPOSER = {
  proverShareBps: {
    schema: whole(0, 10_000),
    meaning: "Part of the block reward that provers get, in 1/10,000.",
    fallback: 5_000,
    roles: ["proposer"],
  },
  burnBid: {
    schema: amount.optional(),
    meaning: "Tokens to bid for a block at first; the least that the rollup takes by default.",
    roles: ["proposer"],
  },
  maxBid: {
    schema: amount.optional(),
    meaning: "Tokens that a bid is raised to against rivals, at most; it is never raised, if not set.",
    roles: ["proposer"],
  },
  raiseBps: {
    schema: whole(100, 10_000),
    meaning: "What a raise adds to a bid at least, in 1/10,000 of it.",
    fallback: 1_000,
    roles: ["proposer"],
  },
  valueBps: {
    schema: whole(0, 10_000),
    meaning: "Part of what a block is worth to its proposer that is bid at most, in 1/10,000.",
    fallback: 9_000,
    roles: ["proposer"],
  },
  feePrice: {
    schema: amount,
    meaning:
      "What a whole token of the L2's asset is worth, in tokens that are bid: so far fees count in a block's worth.",
    fallback: "0",
    roles: ["proposer"],
  },
  depositFloor: {
    schema: amount.optional(),
    meaning: "Tokens in a lane below which the proposer's tokens fill it up to depositTarget; never, if not set.",
    roles: ["proposer"],
  },
  depositTarget: {
    schema: amount.optional(),
    meaning: "Tokens in a lane that a fill-up goes for; the depositFloor if not set.",
    roles: ["proposer"],
  },
  builder: {
    schema: z.string().min(1).optional(),
    meaning:
      "Program that orders blocks, with its arguments, like scripts/builder.ts; if not set, blocks are filled by fees.",
    roles: ["proposer"],
  },
  builderTimeout: {
    schema: whole(10, 60_000),
    meaning: "Milliseconds that the builder may take for a block; then it is filled by fees.",
    fallback: 2_000,
    roles: ["proposer"],
  },
  ahead: {
    schema: yesNo,
    meaning: "Whether to commit to heights whose parent is not decided yet.",
    fallback: true,
    roles: ["proposer"],
  },
  branches: {
    schema: whole(1, 16),
    meaning: "Parents on which such a height is committed to at most, the best ones; one deposit covers all.",
    fallback: 2,
    roles: ["proposer"],
  },
  minProvers: {
    schema: whole(1, 65_535),
    meaning: "Distinct provers without whose votes no commit is made.",
    fallback: 1,
    roles: ["proposer"],
  },
  patience: {
    schema: whole(0, MAX_SECONDS),
    meaning: "Seconds that provers get to vote where no window is running.",
    fallback: 30,
    roles: ["proposer"],
  },
  claimRewards: {
    schema: amount,
    meaning: "Tokens of rewards from which on they are claimed; 0: never.",
    fallback: "10",
    roles: ["proposer"],
  },
  claimFees: {
    schema: amount,
    meaning: "Fees, in whole tokens of the L2's asset, from which on they are claimed; 0: never.",
    fallback: "10",
    roles: ["proposer"],
  },
} as const satisfies SettingTable;
