import { z } from "zod";
import { parseEngine } from "../../proving/engineChoice.ts";
import type { SettingTable } from "./setting.ts";
import { amount, redis, several, whole, workerKey, yesNo } from "./values.ts";

/** What a prover may be given besides. */
export const PROVER = {
  iAmAlone: {
    schema: yesNo,
    meaning:
      "Whether to skip the round of listening with which an empty data folder begins: no other process has the key.",
    fallback: false,
    roles: ["prover"],
  },
  prover: {
    schema: z
      .string()
      .superRefine((text, context) => {
        try {
          parseEngine(text, "it");
        } catch (error) {
          context.addIssue({ code: "custom", message: (error as Error).message });
        }
      })
      .optional(),
    meaning: "What makes proofs: kernels, snarkjs, or rapidsnark=PATH; the best that the machine can run by default.",
    roles: ["prover"],
  },
  threads: {
    schema: whole(1, 256),
    meaning: "Proofs made at a time; each takes a core, of this machine or of a worker.",
    fallback: 2,
    roles: ["prover"],
  },
  queue: {
    schema: redis.optional(),
    meaning: "Redis (redis:// or rediss://) through which workers on other machines make the proofs, not this one.",
    roles: ["prover"],
    shown: "address",
  },
  queueWorkers: {
    schema: several(workerKey),
    meaning: "Public keys of those workers (b52 prove-worker key); each can read this prover's scalar.",
    fallback: [],
    roles: ["prover"],
  },
  slotsPerRound: {
    schema: whole(1, 65_535),
    meaning: "Slots that all votes for a round together promise at most, however fast this machine proves.",
    fallback: 4_096,
    roles: ["prover"],
  },
  secondsPerProof: {
    schema: whole(1, 3_600),
    meaning: "Seconds that a proof is taken to last before one was measured here.",
    fallback: 30,
    roles: ["prover"],
  },
  costPerSlot: {
    schema: amount,
    meaning: "Tokens that proving a slot costs: what promises less is not voted for.",
    fallback: "0.1",
    roles: ["prover"],
  },
  costPerForest: {
    schema: amount.optional(),
    meaning: "Tokens that the transactions of a whole forest cost; without it this prover submits none.",
    roles: ["prover"],
  },
  fills: {
    schema: whole(0, 16),
    meaning: "Leading blocks in which gaps that others leave are filled, whether that pays or not.",
    fallback: 1,
    roles: ["prover"],
  },
  fillsWhatPays: {
    schema: yesNo,
    meaning: "Whether gaps are filled in all other blocks in which own slots earn more than that costs.",
    fallback: true,
    roles: ["prover"],
  },
  handsIn: {
    schema: yesNo,
    meaning:
      "Whether what forests leave out of own promises is shown to L1 directly. Off, a proposer can have you slashed.",
    fallback: true,
    roles: ["prover"],
  },
  helps: {
    schema: yesNo,
    meaning: "Whether deliveries of others that nobody has shown L1 are taken along at the very end.",
    fallback: false,
    roles: ["prover"],
  },
  claimSlots: {
    schema: whole(0, 65_535),
    meaning: "Unclaimed slots from which on rewards are claimed; 0: never.",
    fallback: 8,
    roles: ["prover"],
  },
  stakeFloor: {
    schema: amount.optional(),
    meaning: "Tokens of stake below which the owner's tokens fill it up to stakeTarget; never, if not set.",
    roles: ["prover"],
  },
  stakeTarget: {
    schema: amount.optional(),
    meaning: "Tokens of stake that a fill-up goes for; the stakeFloor if not set.",
    roles: ["prover"],
  },
  redeems: {
    schema: yesNo,
    meaning: "Whether misses are taken away for what was kept since, so that the next slash costs less.",
    fallback: true,
    roles: ["prover"],
  },
  exit: {
    schema: yesNo,
    meaning:
      "Whether to leave: no new votes, then what was promised, claims, the exit, and the stake back. It is final.",
    fallback: false,
    roles: ["prover"],
  },
} as const satisfies SettingTable;
