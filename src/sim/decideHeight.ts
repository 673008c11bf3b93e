import { id } from "ethers";
import { commitDraft, type CommittedBlock } from "../block/commitDraft.ts";
import { draftBlock } from "../block/draft.ts";
import { keepBlobs } from "../block/keepBlobs.ts";
import { planBlock } from "../block/planBlock.ts";
import { proveSlots } from "../block/proveSlots.ts";
import { revealBlock } from "../block/revealBlock.ts";
import { submitBlock } from "../block/submitBlock.ts";
import { type Advance, advance, getQueue, getRoundState } from "../chain/index.ts";
import { B52Error } from "../protocol/errors.ts";
import { slotCount } from "../protocol/nodes.ts";
import { roundId } from "../protocol/round.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { signVote } from "../protocol/vote.ts";
import type { World } from "./world.ts";

export interface DecidedHeight {
  readonly block: CommittedBlock;
  readonly advance: Advance;
}

const PROVER_SHARE_BPS = 5_000;

/**
 * Decides the next height with one block of the first proposer, for which all provers vote and work: with what is due
 * from L1 and as much of `pool` as has room.
 */
export async function decideHeight(world: World, pool: readonly SignedTransfer[] = []): Promise<DecidedHeight> {
  const { client, cast, economics, rules, prover, l1, signal } = world;
  const [proposer] = cast.proposers;
  const { commitRound, commitDue, parent } = await getRoundState(client);
  if (proposer === undefined || commitRound === undefined)
    throw new B52Error("nobody can commit now, expected a proposer and a round that takes commits");

  const draft = await draftBlock({
    state: world.state,
    operations: (await getQueue(client, commitDue)).map(({ packed }) => packed),
    pool,
    rules,
    roundId: roundId(commitRound),
    parent,
    proposer: proposer.address,
    proverShareBps: PROVER_SHARE_BPS,
    // Nothing is secret in a world whose keys follow from a seed.
    salt: id(`${proposer.address}/${roundId(commitRound)}`),
  });
  await keepBlobs(world.blobs, draft);
  const { proposalId } = draft;
  const capacity = slotCount(rules.profile);
  const votes = cast.provers.map(({ index, secret }) => ({
    prover: index,
    vote: signVote(secret, { proposalId, depth: 0, index: 0, capacity, minBurnBid: 1n }),
  }));
  const block = await commitDraft(client, proposer.signer, draft, {
    forest: rules.profile,
    votes,
    burnBid: economics.minBid,
  });

  const round = await getRoundState(client);
  await l1.clock.until(round.proposalEnds, signal);
  await revealBlock(client, proposer.revealer, block);

  const plan = await planBlock(client, block, rules, round);
  const secrets = new Map(cast.provers.map(({ index, secret }) => [index, secret]));
  const work = block.transcript.map((index, slot) => ({ slot, secret: secrets.get(index) }));
  await submitBlock(client, proposer.signer, block, plan, await proveSlots(plan, work, prover, { signal }));

  await l1.clock.until(round.acceptanceEnds, signal);
  const advanced = await advance(client, l1.deployer);
  world.state = draft.executed.state;
  await world.state.commit(proposalId);
  return { block, advance: advanced };
}
