import { childSlots } from "../../protocol/nodes.ts";
import type { L1Commit } from "../l1View.ts";
import { deadlinesOf } from "../schedule.ts";
import type { ProverView } from "./view.ts";

/** Proofs' times that a prover has before the next one begins: it proves, and the proof has to be heard. */
const PATIENCE = 1.5;

/** Proofs' times before the last moment for a first forest at which nobody waits for others any more. */
const RESERVE = 2;

/**
 * From when on a prover fills a gap of a block, L1 time. One begins, and the next one only if nothing was heard of it
 * by then, so that not all prove the same. First come those that the gap costs most: the node would show their votes.
 * Then come the others that hold slots of the block, then everybody else. The order differs from slot to slot.
 * @param seconds that a proof takes
 */
export function fillingTurn(view: ProverView, commit: L1Commit, slot: number, seconds: number): bigint {
  const { l1, forest, index } = view;
  const { fill, deliver } = deadlinesOf(l1.round);
  const { proposalId, transcript } = commit;
  // Whose slot it is has not proven it.
  const absent = transcript[slot];
  const named = (slots: readonly number[]): Set<number> =>
    new Set(slots.map((each) => transcript[each]!).filter((each) => each !== 0 && each !== absent));
  const liable = named(childSlots(forest, slot));
  const holders = new Set([...named([...transcript.keys()])].filter((each) => !liable.has(each)));
  const placeIn = (group: ReadonlySet<number>): number => {
    const own = mixed(proposalId, slot, index);
    return [...group].filter((each) => mixed(proposalId, slot, each) < own).length;
  };
  let place: number;
  if (liable.has(index)) place = placeIn(liable);
  else if (holders.has(index)) place = liable.size + placeIn(holders);
  // There may be thousands of them: each draws a place.
  else place = liable.size + holders.size + (mixed(proposalId, slot, index) % Math.max(1, l1.provers.length));
  const latest = Number(deliver - fill) - RESERVE * seconds;
  const wait = Math.min(place * Math.max(1, PATIENCE * seconds), Math.max(0, latest));
  return fill + BigInt(Math.ceil(wait));
}

/** A number that follows from the three and seems drawn: 32 bits (the finalizer of MurmurHash3). */
function mixed(proposalId: bigint, slot: number, prover: number): number {
  let hash = Number(BigInt.asUintN(32, proposalId)) ^ Math.imul(slot + 1, 0x9e3779b1) ^ Math.imul(prover, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
