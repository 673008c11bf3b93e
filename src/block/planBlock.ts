import type { ChainClient, RoundState } from "../chain/index.ts";
import { BlockPlan } from "../proving/forest.ts";
import type { Rules } from "../state/executor.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/**
 * What every node of a committed block proves.
 * @param round of the block
 */
export async function planBlock(
  client: ChainClient,
  block: CommittedBlock,
  rules: Rules,
  { eligibleAt, roundSeed }: Pick<RoundState, "eligibleAt" | "roundSeed">,
): Promise<BlockPlan> {
  const { draft, commitment, transcript, burnBid, votes } = block;
  // By position: `keys` of an ethers result is the method of arrays.
  const [keys] = await client.registry.resolve(commitment.transcript, eligibleAt);
  return new BlockPlan({
    profile: rules.profile,
    bases: draft.executed.bases,
    domain: rules.domain,
    proposalId: draft.proposalId,
    orderCommitment: draft.proposal.orderCommitment,
    burnBid,
    roundSeed,
    transcript,
    keys,
    votes,
  });
}
