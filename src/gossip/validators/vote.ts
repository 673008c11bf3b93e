import { isOnCurve, type PublicKey } from "../../protocol/eddsa.ts";
import { keyHash } from "../../protocol/keys.ts";
import { slotCount } from "../../protocol/nodes.ts";
import type { Vote } from "../../protocol/vote.ts";
import { BoundedMap } from "../bounded.ts";
import { MAX_KEYS } from "../limits.ts";
import { ACCEPT, ignore, postpone, reject, type Verdict } from "../verdict.ts";
import type { GossipView } from "../view.ts";

/**
 * A prover's promise, but for its signature. Only the prover's owner may send it: so whoever passes it on can count a
 * prover's votes without checking their signatures.
 * @param sender address of the envelope's owner
 */
export function validateVote(vote: Vote, sender: string, { rollup, proposals, provers }: GossipView): Verdict {
  const { proposalId, depth, index, capacity, key } = vote;
  const { profile } = rollup;
  if (depth > profile.levels || index >= profile.arity ** depth) return reject("vote is for no node of the forest");
  if (capacity === 0 || capacity > slotCount(profile)) return reject("vote is for no possible number of slots");
  if (!isOnCurve(key)) return reject("voter's key is no point");
  const known = proposals.get(proposalId);
  if (known === undefined) return postpone("proposal is unknown");
  if (known.committed !== undefined) return ignore("transcript is committed already");
  const prover = provers.get(knownKeyHash(key));
  if (prover === undefined) return ignore("voter is not registered");
  if (prover.owner !== sender) return reject("vote is not its sender's");
  // Who has left has nothing to lose, and a slot that it is given earns nobody anything.
  if (!prover.isEligible) return ignore("voter is not eligible");
  return ACCEPT;
}

/** Hashes that were computed lately: a prover's key comes with each of its votes. */
const hashes = new BoundedMap<string, bigint>(MAX_KEYS);

function knownKeyHash(key: PublicKey): bigint {
  const name = `${key.x} ${key.y}`;
  const known = hashes.get(name) ?? keyHash(key);
  hashes.set(name, known);
  return known;
}
