import { readCandidate, type Candidate } from "../candidate.ts";
import type { ChainClient } from "../client.ts";

/** What L1 knows of a candidate; undefined when there is none of this id. */
export async function getCandidate({ rollup }: ChainClient, proposalId: bigint): Promise<Candidate | undefined> {
  return readCandidate(await rollup.candidateOf(proposalId));
}
