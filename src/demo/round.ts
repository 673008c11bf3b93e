import { id } from "ethers";
import { type Advance, advanceIn, getCandidate, getQueue, getRoundState, type RoundState } from "../chain/index.ts";
import { B52Error } from "../protocol/errors.ts";
import { sizeRuleOf } from "../deploy/policies.ts";
import { toHex32 } from "../protocol/hex.ts";
import { isFulfilled } from "../protocol/flags.ts";
import { slotCount } from "../protocol/nodes.ts";
import { sizeFactor } from "../protocol/policies/sizeRule.ts";
import { type Round, roundId } from "../protocol/round.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import { signVote } from "../protocol/vote.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import type { BlockPlan } from "../proving/forest.ts";
import { commitDraft, type CommittedBlock } from "../block/commitDraft.ts";
import { draftBlock } from "../block/draft.ts";
import { keepBlobs } from "../block/keepBlobs.ts";
import { planBlock } from "../block/planBlock.ts";
import { proveSlots } from "../block/proveSlots.ts";
import { revealBlock } from "../block/revealBlock.ts";
import { submitBlock } from "../block/submitBlock.ts";
import type { Proposer, Prover } from "../sim/cast.ts";
import type { World } from "../sim/world.ts";
import type { Stage } from "./stage.ts";
import { count, publicData, scoreText, tokens } from "./format.ts";

/** A proposer's offer in one round. */
export interface Offer {
  readonly proposer: Proposer;
  readonly proverShareBps: number;
  /** In BID_UNIT. */
  readonly burnBid: bigint;
  /** Provers that vote for it, each for any node and as many as there are. */
  readonly voters: readonly Prover[];
  /** Provers that its transcript names without having their votes. */
  readonly named?: readonly Prover[];
  /** In the proposer's order. */
  readonly transfers: readonly SignedTransfer[];
}

/** A block that may win, to build on before it has. */
export interface Parent {
  readonly proposer: Proposer;
  readonly block: CommittedBlock;
}

export interface CommitOptions {
  /** The final block when undefined. */
  readonly parent?: Parent;
  /** The seat's commit on another parent. */
  readonly first?: CommittedBlock;
}

/** Proposal window: drafts, votes, commits. */
export async function commitOffers(
  world: Stage,
  offers: readonly Offer[],
  { parent: candidate, first }: CommitOptions = {},
): Promise<{ round: Round; blocks: CommittedBlock[] }> {
  const { client, rules, output } = world;
  const { commitRound, commitDue, parent: final } = await getRoundState(client);
  const state = candidate?.block.draft.executed.state ?? world.state;
  const parent = candidate?.block.draft.proposalId ?? final;
  const parentRef = candidate === undefined ? 0 : Number(await client.rollup.seatOf(candidate.proposer.address));
  if (commitRound === undefined)
    throw new B52Error("no commit is taken now, expected a round that is open or to be opened");
  const operations = (await getQueue(client, commitDue)).map(({ packed }) => packed);
  const blocks: CommittedBlock[] = [];
  for (const { proposer, proverShareBps, burnBid, voters, named = [], transfers } of offers) {
    const draft = await draftBlock({
      state,
      operations,
      pool: transfers,
      rules,
      roundId: roundId(commitRound),
      parent,
      proposer: proposer.address,
      proverShareBps,
      // Public keys and a public salt: nothing in the demo is secret, and a run can be repeated.
      salt: id(`${proposer.address}/${commitRound.height}/${commitRound.attempt}/${parentRef}`),
    });
    await keepBlobs(world.blobs, draft);
    const { proposalId } = draft;
    const capacity = slotCount(rules.profile);
    const voteOf = ({ index, secret }: Prover, proposal: bigint) => ({
      prover: index,
      vote: signVote(secret, { proposalId: proposal, depth: 0, index: 0, capacity, minBurnBid: 1n }),
    });
    const real = voters.map((each) => voteOf(each, proposalId));
    // Whoever makes up a vote has one that no circuit takes.
    const madeUp = named.map((each) => voteOf(each, proposalId ^ 1n));
    const votes = [...real, ...madeUp];
    const block = await commitDraft(client, proposer.signer, draft, {
      forest: rules.profile,
      votes,
      burnBid,
      parentRef,
      ...(first && { first: first.commitment }),
    });
    blocks.push(block);
    const names = (those: readonly Prover[]): string => those.map(({ name }) => name).join(", ");
    const support = named.length > 0 ? `names ${names(named)}, without a vote` : `votes of ${names(voters)}`;
    const { height } = commitRound;
    const ahead = candidate === undefined ? "" : ` to height ${height} on ${candidate.proposer.name}'s block`;
    const behind = operations.length > 0 ? ` behind ${count(operations.length, "operation")} of L1` : "";
    output.print(
      `  ${proposer.name} commits${ahead}: bid ${tokens(burnBid * BID_UNIT)}, ${proverShareBps / 100} % to provers, ` +
        `${count(transferCount(block), "transfer")}${behind}; ${support}`,
    );
  }
  return { round: commitRound, blocks };
}

const transferCount = ({ draft }: CommittedBlock): number =>
  draft.executed.bases.reduce((sum, { txCount }) => sum + Number(txCount), 0);

/**
 * Beginning of the acceptance window: orders are opened. The first reveal of a pipelined round makes the block before
 * final.
 * @param before blocks of the height before, if that is still to be made final
 * @returns the round's boundaries
 */
export async function revealAll(
  world: Stage,
  offers: readonly Offer[],
  blocks: readonly CommittedBlock[],
  before: readonly CommittedBlock[] = [],
): Promise<RoundState> {
  const { client, l1, signal, output } = world;
  const state = await getRoundState(client);
  await l1.clock.until(state.proposalEnds, signal);
  for (const [i, block] of blocks.entries()) {
    const { proposer } = offers[i]!;
    for (const receipt of await revealBlock(client, proposer.revealer, block)) {
      const advanced = advanceIn(client, receipt);
      if (advanced !== undefined) await record(world, advanced, before);
    }
    output.print(`  ${proposer.name} reveals the order: ${publicData(block.draft)}`);
  }
  return state;
}

/**
 * Proves a revealed block and submits it.
 * @param idle provers that voted but do not prove: somebody else fills in anonymously
 */
export async function proveBlock(
  world: Stage,
  state: RoundState,
  { proposer }: Offer,
  block: CommittedBlock,
  idle: ReadonlySet<Prover> = new Set(),
): Promise<BlockPlan> {
  const { client, rules, cast, prover, tally, output, signal } = world;
  const plan = await planBlock(client, block, rules, state);
  const workers = new Map(cast.provers.map((each) => [each.index, each]));
  const work = block.transcript.map((index, slot) => {
    const worker = workers.get(index);
    return { slot, secret: worker === undefined || idle.has(worker) ? undefined : worker.secret };
  });
  const started = performance.now();
  const proofs = await proveSlots(plan, work, prover, {
    signal,
    onProof: (_, done, total) => output.note(`  ${proposer.name}'s block: ${done}/${total} proofs`),
  });
  tally.proveSeconds += (performance.now() - started) / 1000;
  tally.proofs += proofs.length;
  const { score, provers, receipt } = await submitBlock(client, proposer.signer, block, plan, proofs);
  tally.candidates++;
  if (burnsAtProof(world)) tally.burned += block.burnBid * BID_UNIT;
  output.print(
    `  ${proposer.name}'s ${proofs.length} proofs are verified on L1 in one pairing product ` +
      `(${receipt.gasUsed.toLocaleString("en")} gas): ` +
      `${provers} distinct provers, ${scoreText(score, sizeFactorIn(world, block))}`,
  );
  return plan;
}

/** What the size of a block multiplies its score by. */
export function sizeFactorIn({ economics, rules }: World, { draft }: CommittedBlock): bigint {
  return sizeFactor(sizeRuleOf(rules.profile, economics.scorePolicy.sizeRule), Number(draft.executed.txCount));
}

/** Whether a bid burns as soon as its block is proven. */
export const burnsAtProof = ({ economics }: Stage): boolean => economics.burnRule === "everyCommit";

/** Enters a decided height into the tally. @param blocks those that may have been paid */
export async function record(world: Stage, result: Advance, blocks: readonly CommittedBlock[]): Promise<void> {
  const { tally, output } = world;
  tally.advanced(result);
  for (const { proposalId, place, proposerReward, proverUnit, burnt, fees } of result.paid) {
    const block = blocks.find(({ draft }) => draft.proposalId === proposalId)!;
    const { flags, fulfilled, assigned, candidate } = await outcome(world, block);
    tally.paid.push({ block, flags });
    tally.unfulfilledSlots += assigned - fulfilled;
    const name = nameOf(world, block.commitment.proposer);
    output.print(
      `  ${name} ${place === 0 ? "wins" : "is a paid uncle (proven, outscored)"}: ` +
        `${fulfilled} of ${assigned} slots fulfilled; ` +
        `burns ${tokens(burnt * BID_UNIT)}, earns ${tokens(proposerReward)}${place === 0 ? tipOf(result) : ""}` +
        `${fees > 0n ? ` and ${tokens(fees)} of fees` : ""}; ` +
        `provers earn ${tokens(proverUnit * candidate.fulfilledWeight)}`,
    );
    if (place > 0) continue;
    tally.distinctProvers.push(Number(candidate.provers));
    world.state = block.draft.executed.state;
    await world.state.commit(proposalId);
  }
}

/** What the winner does not get of what it has earned. */
const tipOf = ({ tip }: Advance): string =>
  tip === 0n ? "" : ` (after a tip of ${tokens(tip)} to the builder of the L1 block that made it final)`;

async function outcome({ client }: Stage, { draft, transcript }: CommittedBlock) {
  const [flags, candidate] = await Promise.all([
    client.rollup.flagsOf(draft.proposalId),
    getCandidate(client, draft.proposalId),
  ]);
  const assigned = transcript.filter((prover) => prover !== 0).length;
  const fulfilled = transcript.filter((_, slot) => isFulfilled(flags, slot)).length;
  if (candidate === undefined)
    throw new B52Error(`proposal ${toHex32(draft.proposalId)} was paid, but L1 has no candidate of it`);
  return { flags, candidate, assigned, fulfilled };
}

function nameOf({ cast }: Stage, address: string): string {
  return cast.proposers.find((proposer) => proposer.address === address)?.name ?? address;
}
