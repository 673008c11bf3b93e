import type { ProvenForest, SubmitProofParameters } from "../../src/chain/actions/index.ts";
import { dataChallenge } from "../../src/protocol/proposal.ts";
import { assignedCounts, encodeAssigned } from "../../src/protocol/transcript.ts";
import type { SimulatedBlock, SimulatedRollup } from "./simulatedRollup.ts";

/** What `proveBlock` made, as a forest that can be verified in parts. */
export function provenForest(
  { client, keys }: Pick<SimulatedRollup, "client" | "keys">,
  { orderCommitment, proposalId, burnBid, prevStateRoot, transcript }: SimulatedBlock,
  proven: SubmitProofParameters,
): ProvenForest {
  const { nextStateRoot, txsRoot, fees, l1OpCount, txCount, withdrawalsRoot, dataEval, proversRoot } = proven;
  const { flags, rootCommitment, contents, betas, proofs } = proven;
  const slotKeys = transcript.map((index) => keys[index] ?? 0n);
  return {
    statement: {
      ...{ nextStateRoot, txsRoot, fees, l1OpCount, txCount, withdrawalsRoot, dataEval, proversRoot },
      ...{ proposalId, burnBid, prevStateRoot, roundSeed: 0n },
      domain: client.deployment.domain,
      r: dataChallenge(orderCommitment),
    },
    keys: slotKeys,
    assigned: encodeAssigned(assignedCounts(transcript, slotKeys)),
    ...{ flags, rootCommitment, contents, betas, proofs },
  };
}
