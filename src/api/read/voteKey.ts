import { keyHash } from "../../protocol/keys.ts";
import type { Vote } from "../../protocol/vote.ts";

const known = new WeakMap<Vote, bigint>();

/** The key that the registry knows a vote's prover by: hashed once for each vote. */
export function voteKey(vote: Vote): bigint {
  const found = known.get(vote);
  if (found !== undefined) return found;
  const key = keyHash(vote.key);
  known.set(vote, key);
  return key;
}
