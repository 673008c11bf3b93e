import { advance, advanceIn, getRoundState, handIn, settle, slash } from "../chain/index.ts";
import type { CommittedBlock } from "../block/commitDraft.ts";
import type { NodeProof } from "../protocol/forest.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import type { BlockPlan } from "../proving/forest.ts";
import type { Prover } from "../sim/cast.ts";
import { tokens } from "./format.ts";
import { byLargestFee, pending, TOKEN } from "./heights.ts";
import { play } from "./play.ts";
import { commitOffers, type Offer, proveBlock, record, revealAll } from "./round.ts";
import { increaseStake } from "../sim/world.ts";
import type { Stage } from "./stage.ts";

/** Three heights among people who do not trust each other. */
export async function playGame(world: Stage): Promise<void> {
  const { height } = (await getRoundState(world.client)).commitRound!;
  world.output.print(`\nHeight ${height}`);
  const ahead = await pipeline(world);
  world.output.print(`\nHeight ${height + 1}`);
  await withhold(world, ahead);
  world.output.print(`\nHeight ${height + 2}`);
  await recover(world);
}

/** A block that was committed to before its height was open. */
interface Ahead {
  readonly offer: Offer;
  readonly block: CommittedBlock;
  /** Blocks of the height before, which the first reveal makes final. */
  readonly before: readonly CommittedBlock[];
}

/** While two blocks are proven, the next height is committed to on either; who built on the loser owes nothing. */
async function pipeline(world: Stage): Promise<Ahead> {
  const { cast, client, l1, output, signal, tally } = world;
  const { bob, sally } = world;
  const transfers = pending(world);
  const offers: readonly Offer[] = [
    { proposer: bob, proverShareBps: 6_000, burnBid: TOKEN, voters: cast.provers, transfers },
    {
      proposer: sally,
      proverShareBps: 4_000,
      burnBid: TOKEN,
      voters: cast.provers.slice(0, 3),
      transfers: byLargestFee(transfers),
    },
  ];
  output.print(
    "Two blocks compete. While they are proven, the next height is committed to already, on one or the other.",
  );
  const { blocks } = await commitOffers(world, offers);
  const round = await revealAll(world, offers, blocks);

  const [onBob, onSally] = [
    { proposer: bob, block: blocks[0]! },
    { proposer: sally, block: blocks[1]! },
  ];
  const offer = (proposer: Offer["proposer"], parent: CommittedBlock): Offer => ({
    proposer,
    proverShareBps: 5_000,
    burnBid: TOKEN,
    voters: cast.provers,
    transfers: pending(world, parent.draft.executed.state),
  });
  const next = offer(sally, onBob.block);
  const [first] = (await commitOffers(world, [next], { parent: onBob })).blocks as [CommittedBlock];
  await commitOffers(world, [offer(sally, onSally.block)], { parent: onSally, first });
  const [lost] = (await commitOffers(world, [offer(bob, onSally.block)], { parent: onSally })).blocks as [
    CommittedBlock,
  ];

  for (const [i, block] of blocks.entries()) await proveBlock(world, round, offers[i]!, block);
  await l1.clock.until(round.acceptanceEnds, signal);
  const { advanceDue, proposalEnds } = await getRoundState(client);
  tally.pipelined = advanceDue && proposalEnds === round.acceptanceEnds;
  output.print(
    "  The next height's reveal window opens in the second in which this one is decided: " +
      `${proposalEnds - round.acceptanceEnds} s idle`,
  );

  const { receipt, forfeited } = await settle(client, l1.deployer, lost.commitment);
  const advanced = advanceIn(client, receipt);
  if (advanced !== undefined) await record(world, advanced, blocks);
  output.print(`  Bob's commit on Sally's block, which lost, costs ${tokens(forfeited * BID_UNIT)}`);
  return { offer: next, block: first, before: blocks };
}

/** Of two provers that are left out, one hands in by itself, and one does not deliver. */
async function withhold(world: Stage, { offer, block, before }: Ahead): Promise<void> {
  const { cast, client, l1, output, signal, tally } = world;
  const [, , excluded, , silent] = cast.provers as [Prover, Prover, Prover, Prover, Prover];
  output.print(`Sally leaves ${excluded.name}'s proof out; ${silent.name} withholds.`);
  const round = await revealAll(world, [offer], [block], before);
  const plan = await proveBlock(world, round, offer, block, new Set([excluded, silent]));
  for (const slot of slotsOf(block, excluded)) {
    await handIn(client, excluded.signer, block.commitment, await proveNode(world, plan, slot, excluded));
    tally.handedIn++;
    output.print(`  ${excluded.name} hands in node ${slot} on L1: it counts as delivered, and earns`);
  }

  // Built on this block, and never revealed.
  const phantom: Offer = {
    ...offer,
    proposer: world.bob,
    transfers: pending(world, block.draft.executed.state),
  };
  const { blocks } = await commitOffers(world, [phantom], { parent: { proposer: offer.proposer, block } });

  await l1.clock.until(round.acceptanceEnds, signal);
  await record(world, await advance(client, l1.deployer), [block]);

  const { proposalId } = block.draft;
  const { transcript } = block.commitment;
  const { burnt } = await slash(client, l1.deployer, { proposalId, proverIndex: silent.index, transcript });
  tally.charged += burnt;
  tally.burned += burnt;
  tally.slashed++;
  output.print(`  ${silent.name} loses ${tokens(burnt)} of the stake`);

  await forfeit(world, blocks[0]!);
}

/** Nobody reveals, so the attempt is over at once: the commit that was never revealed forfeits. */
async function forfeit({ client, l1, output, signal, tally }: Stage, phantom: CommittedBlock): Promise<void> {
  const { revealEnds } = await getRoundState(client);
  await l1.clock.until(revealEnds, signal);
  const { forfeited } = await settle(client, l1.deployer, phantom.commitment);
  tally.burned += forfeited * BID_UNIT;
  tally.forfeited++;
  output.print(`  Bob never reveals what he committed to on this block, and forfeits ${tokens(forfeited * BID_UNIT)}`);
}

/**
 * What is left after slashes may not cover a whole forest: then a prover is out of every later round until that is made
 * good.
 */
async function topUp(world: Stage, prover: Prover): Promise<void> {
  const { client, stake, output, tally } = world;
  const missing = stake - (await client.registry.proverOf(prover.index)).stake;
  await increaseStake(world, prover, missing);
  tally.staked += missing;
  output.print(`  ${prover.name} makes good ${tokens(missing)} of stake, and has as much at risk as before`);
}

/** The height after a phantom commit: a second attempt. */
async function recover(world: Stage): Promise<void> {
  const { cast, client, output, tally } = world;
  const { phase, round, commitRound } = await getRoundState(client);
  output.print(
    `${phase}: attempt ${round.attempt} is over without a reveal; the next commit opens attempt ` +
      `${commitRound!.attempt}.`,
  );
  tally.restarts++;
  for (const prover of cast.provers.slice(3)) await topUp(world, prover);
  await play(world, [
    {
      proposer: world.bob,
      proverShareBps: 5_000,
      burnBid: TOKEN,
      voters: cast.provers,
      transfers: pending(world),
    },
  ]);
}

/** Slots of a prover that can be proven alone. */
function slotsOf({ transcript }: CommittedBlock, { index }: Prover): number[] {
  return transcript.flatMap((prover, slot) => (slot !== 0 && prover === index ? [slot] : []));
}

/** One node, proven by its prover for L1 alone. */
async function proveNode(
  { prover: proofs, tally, signal }: Stage,
  plan: BlockPlan,
  slot: number,
  { secret }: Prover,
): Promise<NodeProof> {
  const { job, statement } = plan.handIn(slot, secret);
  const started = performance.now();
  const proof = await proofs.prove(job.circuit, job, signal);
  tally.proveSeconds += (performance.now() - started) / 1000;
  tally.proofs++;
  return { slot, beta: statement.beta, mask: statement.mask, contents: plan.contentHashes.slice(1), proof };
}
