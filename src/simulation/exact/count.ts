import { emptyFlags, type Flags, hasFlag, isFulfilled, packFlags } from "../../protocol/flags.ts";
import { distinctProvers } from "../../protocol/holdings.ts";
import { fulfilment } from "../../protocol/reward.ts";
import type { Block, Proven } from "./block.ts";
import type { Registry } from "./registry.ts";
import type { GameRules } from "./rules.ts";

/** Either of two sets of flags. */
export const unite = (a: Flags, b: Flags): Flags => a.map((word, i) => word | (b[i] ?? 0n));

/** Without the votes that are not in `known`. */
export function withoutNewVotes(flags: Flags, known: Flags, slots: number): Flags {
  return packFlags(slots, {
    voted: (slot) => hasFlag(known, "voted", slot) && hasFlag(flags, "voted", slot),
    delivered: (slot) => hasFlag(flags, "delivered", slot),
  });
}

/** What flags may say: nothing of slots that nobody answers for. */
export function onHeldSlots(flags: Flags, { held }: Block): Flags {
  return packFlags(held.length, {
    voted: (slot) => held[slot] !== 0 && hasFlag(flags, "voted", slot),
    delivered: (slot) => held[slot] !== 0 && hasFlag(flags, "delivered", slot),
  });
}

/** As if all who voted had delivered. */
export function asPromised(flags: Flags, slots: number): Flags {
  const isVoted = (slot: number): boolean => hasFlag(flags, "voted", slot);
  return packFlags(slots, { voted: isVoted, delivered: isVoted });
}

/** @param shown flags of the forest that is looked at: the outputs of who delivers in it are known */
export function scoreOf(rules: GameRules, registry: Registry, block: Block, flags: Flags, shown: Flags): bigint {
  const { policy } = rules;
  const provers = distinctProvers(block.held, (slot) => isFulfilled(flags, slot));
  const isKnown = (prover: number): boolean =>
    block.held.some((other, slot) => other === prover && isFulfilled(flags, slot) && hasFlag(shown, "delivered", slot));
  return policy.score({
    burnBid: block.burnBid,
    provers: provers.length,
    txCount: block.txCount ?? 0,
    exponent: block.exponent,
    stakes: policy.usesStakes ? provers.map((prover) => registry.stakeAt(prover, block.eligibleAt)) : [],
    betas: policy.usesBetas ? provers.map((prover) => (isKnown(prover) ? (block.betas.get(prover) ?? 0n) : 0n)) : [],
  });
}

/** What flags come to; a score never falls. @param before of the same block */
export function provenBy(
  rules: GameRules,
  registry: Registry,
  block: Block,
  flags: Flags,
  shown: Flags,
  before: Proven | undefined,
): Proven {
  const score = scoreOf(rules, registry, block, flags, shown);
  const named = distinctProvers(block.held).length;
  return {
    flags,
    score: before && before.score > score ? before.score : score,
    ...fulfilment(rules.profile, rules.weights, block.held, flags),
    named,
    silent: named - distinctProvers(block.held, (slot) => hasFlag(flags, "voted", slot)).length,
  };
}

export const noFlags = ({ slots }: GameRules): Flags => emptyFlags(slots);
