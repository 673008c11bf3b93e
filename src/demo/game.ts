import { handInProofs } from "../block/handInProofs.ts";
import {
  advance,
  advanceIn,
  approveAsset,
  forceTransfer,
  getRoundState,
  revealPart,
  settle,
  slash,
} from "../chain/index.ts";
import type { CommittedBlock } from "../block/commitDraft.ts";
import { proveSlots } from "../block/proveSlots.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import type { BlockPlan } from "../proving/forest.ts";
import type { Prover, User } from "../sim/cast.ts";
import { count, tokens } from "./format.ts";
import { byLargestFee, LEAST_BID, pending } from "./heights.ts";
import { play } from "./play.ts";
import { commitOffers, type Offer, proveBlock, record, revealAll } from "./round.ts";
import type { Stage } from "./stage.ts";

/** Four heights among people who do not trust each other. */
export async function playGame(world: Stage): Promise<void> {
  const { height } = (await getRoundState(world.client)).commitRound!;
  world.output.print(`\nHeight ${height}`);
  const ahead = await pipeline(world);
  world.output.print(`\nHeight ${height + 1}`);
  await withhold(world, ahead);
  world.output.print(`\nHeight ${height + 2}`);
  await recover(world);
  world.output.print(`\nHeight ${height + 3}`);
  await bluff(world);
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
    { proposer: bob, proverShareBps: 6_000, burnBid: LEAST_BID, voters: cast.provers, transfers },
    {
      proposer: sally,
      proverShareBps: 4_000,
      burnBid: LEAST_BID,
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
    burnBid: LEAST_BID,
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

/** Of two provers whose proofs a forest does not have, one was left out and shows them to L1, and one has none. */
async function withhold(world: Stage, { offer, block, before }: Ahead): Promise<void> {
  const { cast, client, l1, output, signal, tally } = world;
  const [, excluded, , , silent] = cast.provers as [Prover, Prover, Prover, Prover, Prover];
  output.print(`Sally leaves ${excluded.name}'s proofs out; ${silent.name} has voted, and withholds.`);
  const round = await revealAll(world, [offer], [block], before);
  const { proposalId, commitment } = { ...block, proposalId: block.draft.proposalId };
  const plan = await proveBlock(world, round, offer, block, new Set([excluded, silent]));

  // Built on this block, and never revealed.
  const phantom: Offer = { ...offer, proposer: world.bob, transfers: pending(world, block.draft.executed.state) };
  const { blocks } = await commitOffers(world, [phantom], { parent: { proposer: offer.proposer, block } });

  await l1.clock.until(round.provingEnds, signal);
  const proofs = await proveOwn(world, plan, block, excluded);
  const receipts = await handInProofs(client, excluded.signer, commitment, plan, proofs);
  tally.handedIn += proofs.length;
  output.print(
    `  When no forest can add a vote any more, ${excluded.name} hands in nodes ` +
      `${proofs.map(({ slot }) => slot).join(" and ")} on L1, in ${count(receipts.length, "transaction")} ` +
      `(${receipts[0]!.gasUsed.toLocaleString("en")} gas): they count as delivered, and earn`,
  );

  await l1.clock.until(round.acceptanceEnds, signal);
  await record(world, await advance(client, l1.deployer), [block]);
  const { undelivered, voted, burnt } = await slash(client, l1.deployer, {
    ...{ proposalId, proverIndex: silent.index },
    transcript: commitment.transcript,
  });
  tally.charged += burnt;
  tally.burned += burnt;
  tally.slashed++;
  output.print(
    `  ${silent.name} delivered ${voted - undelivered} of ${count(voted, "node")} that proofs show a vote for, and ` +
      `loses ${tokens(burnt)} of the stake: nobody has to accuse, and nobody has to judge`,
  );
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

/** The height after a phantom commit: a second attempt. Everybody still counts, whoever has lost a part of a stake. */
async function recover(world: Stage): Promise<void> {
  const { cast, client, output, tally } = world;
  const { phase, round, commitRound } = await getRoundState(client);
  output.print(
    `${phase}: attempt ${round.attempt} is over without a reveal; the next commit opens attempt ` +
      `${commitRound!.attempt}.`,
  );
  tally.restarts++;
  const offer: Offer = {
    ...{ proposer: world.bob, proverShareBps: 5_000, burnBid: LEAST_BID },
    ...{ voters: cast.provers, transfers: pending(world) },
  };
  await play(world, [offer], { meanwhile: () => force(world) });
}

/** An operation of L1, which the next block begins with. */
async function force({ cast, client, output }: Stage): Promise<void> {
  const [ines, juan] = cast.users as [User, User];
  const amount = 10n ** 18n;
  await approveAsset(client, ines.signer, await client.bridge.operationFee());
  await forceTransfer(client, ines.signer, { from: ines.account, to: juan.account, amount });
  output.print(`  ${ines.name} forces a transfer of ${tokens(amount)} to ${juan.name}, by L1`);
}

/**
 * A commit that names provers who never voted for it leads until somebody looks at its proofs. Its proposer proves it
 * with nobody, so that it has brought a block, and pays for every name.
 */
async function bluff(world: Stage): Promise<void> {
  const { bob, cast, client, l1, output, sally, signal, tally } = world;
  const transfers = pending(world);
  const honest: Offer = {
    ...{ proposer: sally, proverShareBps: 5_000, burnBid: LEAST_BID },
    ...{ voters: cast.provers, transfers },
  };
  const bluffing: Offer = {
    ...{ ...honest, proposer: bob, burnBid: 4n * LEAST_BID },
    ...{ voters: [], named: cast.provers, transfers: byLargestFee(transfers) },
  };
  output.print("Bob bids four times as much as Sally, and names provers who have never heard of his block.");
  const offers = [honest, bluffing];
  const { blocks } = await commitOffers(world, offers);
  await revealOperations(world, honest, blocks[0]!);
  const round = await revealAll(world, offers, blocks);
  await proveBlock(world, round, honest, blocks[0]!);
  await proveBlock(world, round, bluffing, blocks[1]!, new Set(cast.provers));
  await l1.clock.until(round.acceptanceEnds, signal);
  await record(world, await advance(client, l1.deployer), blocks);
  tally.forcedIncluded++;
  const { forfeited } = await settle(client, l1.deployer, blocks[1]!.commitment);
  tally.burned += forfeited * BID_UNIT;
  tally.forfeited++;
  tally.bluffed++;
  output.print(
    `  Bob has proven his block, and not one of the votes that he claimed to have: it costs him ` +
      tokens(forfeited * BID_UNIT),
  );
}

/** A reveal's first transaction, without a blob: the second one brings what is missing. */
async function revealOperations(
  world: Stage,
  { proposer }: Offer,
  { draft, commitment }: CommittedBlock,
): Promise<void> {
  const { client, l1, output, signal, tally } = world;
  await l1.clock.until((await getRoundState(client)).proposalEnds, signal);
  const { order, executed } = draft;
  await revealPart(client, proposer.revealer, {
    ...{ commitment, order, blobs: [] },
    operations: executed.data.operations,
  });
  tally.revealedInParts++;
  output.print(`  ${proposer.name} reveals in two transactions: first what was posted on L1, then the blob`);
}

/** All of a prover's nodes but the root, proven with its key. */
async function proveOwn(
  { prover: proofs, tally, signal }: Stage,
  plan: BlockPlan,
  { transcript }: CommittedBlock,
  { index, secret }: Prover,
) {
  const slots = transcript.flatMap((prover, slot) => (slot !== 0 && prover === index ? [slot] : []));
  const started = performance.now();
  const made = await proveSlots(
    plan,
    slots.map((slot) => ({ slot, secret })),
    proofs,
    { signal },
  );
  tally.proveSeconds += (performance.now() - started) / 1000;
  tally.proofs += made.length;
  return made;
}
