import { blockTxsRoot, dataHash, encodeData, packOperationWords, packWords } from "../../protocol/data.ts";
import type { PackedOperation } from "../../protocol/operation.ts";
import { baseCount, operationNodes, type Profile, transfersPerBlock } from "../../protocol/profile.ts";
import { orderCommitment } from "../../protocol/proposal.ts";
import { packTransfer, type SignedTransfer, verifyTransfer } from "../../protocol/transfer.ts";
import { slotCount } from "../../protocol/nodes.ts";
import { verifyVote } from "../../protocol/vote.ts";
import type { WitnessMessage } from "../messages.ts";
import { ACCEPT, ignore, reject, type Verdict } from "../verdict.ts";
import type { GossipView } from "../view.ts";

/**
 * What a committed block's provers need. It must open the very order that L1 was committed to, so it says nothing that
 * the reveal does not: nobody can be told another block. Only the proposer may send it, since the votes that count are
 * its choice.
 * @param sender address of the envelope's owner
 */
export function validateWitness(message: WitnessMessage, sender: string, view: GossipView): Verdict {
  const { proposalId, salt, transfers, votes } = message;
  const { profile, domain, chunkWords } = view.rollup;
  const known = view.proposals.get(proposalId);
  if (known === undefined) return ignore("proposal is unknown");
  const { proposal, committed } = known;
  if (proposal.proposer !== sender) return reject("witness is not its proposer's");
  const operations = committed?.operations;
  if (operations === undefined) return ignore("proposal is not committed");
  if (transfers.length > transfersPerBlock(profile, operations.length))
    return reject("more transfers than a block has");
  if (votes.length > slotCount(profile)) return reject("more votes than a block has slots");
  const words = wordsOf(profile, operations, transfers);
  const order = orderCommitment({
    domain,
    roundId: proposal.roundId,
    proposer: proposal.proposer,
    txsRoot: blockTxsRoot(profile, words, operations.length),
    dataHash: dataHash(encodeData(words, operations.length), chunkWords),
    salt,
  });
  if (order !== proposal.orderCommitment) return reject("witness opens another order");
  if (votes.some((vote) => vote.proposalId !== proposalId)) return reject("vote is for another proposal");
  if (!transfers.every((transfer) => verifyTransfer(domain, transfer))) return reject("bad transfer signature");
  return votes.every(verifyVote) ? ACCEPT : reject("bad vote signature");
}

/** All words of a full block with these operations and transfers. */
function wordsOf(
  profile: Profile,
  operations: readonly PackedOperation[],
  transfers: readonly SignedTransfer[],
): bigint[] {
  const { operationsPerBase, transfersPerBase } = profile;
  const nodes = operationNodes(profile, operations.length);
  const packed = transfers.map(packTransfer);
  return Array.from({ length: baseCount(profile) }, (_, base) => {
    if (base < nodes)
      return packOperationWords(profile, operations.slice(base * operationsPerBase, (base + 1) * operationsPerBase));
    const first = (base - nodes) * transfersPerBase;
    return packWords(profile, packed.slice(first, first + transfersPerBase));
  }).flat();
}
