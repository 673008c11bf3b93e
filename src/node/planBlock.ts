import type { ChainClient } from "../chain/index.ts";
import { BlockPlan } from "../proving/forest.ts";
import type { Rules } from "../state/executor.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/**
 * What every node of a committed block proves.
 * @param opens when the block's round opened, Unix seconds: decides which provers are eligible in it
 */
export async function planBlock(client: ChainClient, block: CommittedBlock, rules: Rules, opens: bigint): Promise<BlockPlan> {
  const { draft, commitment, transcript, burnBid, votes } = block;
  // By position: `keys` of an ethers result is the method of arrays.
  const [keys] = await client.registry.resolve(commitment.transcript, opens - 1n);
  return new BlockPlan({
    profile: rules.profile,
    crownDepth: rules.crownDepth,
    bases: draft.executed.bases,
    domain: rules.domain,
    proposalId: draft.proposalId,
    orderCommitment: draft.proposal.orderCommitment,
    burnBid,
    roundSeed: 0n,
    transcript,
    keys,
    votes,
  });
}
