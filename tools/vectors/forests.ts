import {
  assignedCounts,
  childSlots,
  encodeAssigned,
  encodeTranscript,
  type Forest,
  isWithin,
  nodeAt,
  nodeNumber,
  packAssigned,
  packFlags,
  parentSlot,
  slotCount,
} from "../../src/protocol/index.ts";
import { type Case, keys, random } from "./case.ts";

export const FORESTS: readonly Forest[] = [
  { arity: 2, levels: 1 },
  { arity: 2, levels: 2 },
  { arity: 2, levels: 3 },
  { arity: 4, levels: 2 },
  { arity: 8, levels: 1 },
  { arity: 16, levels: 1 },
];

export function nodes(): Case[] {
  return FORESTS.flatMap((forest) =>
    Array.from({ length: slotCount(forest) }, (_, slot) => {
      const node = nodeAt(forest, slot);
      return {
        ...forest,
        slotCount: slotCount(forest),
        slot,
        ...node,
        node: nodeNumber(node),
        parentSlot: parentSlot(forest, slot) ?? 0,
        firstChild: childSlots(forest, slot)[0] ?? 0,
      };
    }),
  );
}

/** Which of all nodes a vote for each node covers, one bit for each slot. */
export function coverage(): Case[] {
  return FORESTS.slice(1, 4).flatMap((forest) =>
    Array.from({ length: slotCount(forest) }, (_, slot) => {
      const root = nodeAt(forest, slot);
      const slots = Array.from({ length: slotCount(forest) }, (_, other) => other);
      const covered = slots.filter((other) => isWithin(forest, nodeAt(forest, other), root));
      return { ...forest, slot, coveredSlots: covered.reduce((bits, other) => bits | (1n << BigInt(other)), 0n) };
    }),
  );
}

/** A transcript over provers 0 (nobody) to 4, and which of its slots voted and delivered. */
export function transcriptOf(
  forest: Forest,
  label: string,
): { transcript: number[]; voted: bigint; delivered: bigint } {
  const slots = slotCount(forest);
  const transcript = Array.from({ length: slots }, (_, slot) => Number(random(`${label} prover ${slot}`, 16) % 5n));
  const assigned = transcript.reduce((bits, prover, slot) => (prover === 0 ? bits : bits | (1n << BigInt(slot))), 0n);
  return {
    transcript,
    voted: random(`${label} voted`, slots) & assigned,
    delivered: random(`${label} delivered`, slots),
  };
}

export const isSet = (bits: bigint) => (slot: number) => ((bits >> BigInt(slot)) & 1n) === 1n;

export function transcripts(): Case[] {
  return [...FORESTS, { arity: 4, levels: 3 }].map((forest) => {
    const { transcript, voted, delivered } = transcriptOf(forest, `transcript ${forest.arity} ${forest.levels}`);
    // Prover 4 is not eligible in this round: its slots have no key.
    const slotKeys = transcript.map((prover) => (prover === 0 || prover === 4 ? 0n : keys[prover]!));
    const counts = assignedCounts(transcript, slotKeys);
    return {
      ...forest,
      provers: transcript,
      transcript: encodeTranscript(transcript),
      keys: slotKeys,
      assigned: encodeAssigned(counts),
      childAssigned: packAssigned(counts.slice(1, 1 + forest.arity)),
      voted,
      delivered,
      flags: [
        ...packFlags(transcript.length, {
          voted: isSet(voted),
          delivered: isSet(delivered),
          handedIn: (slot) => slot % 7 === 3,
        }),
      ],
    };
  });
}
