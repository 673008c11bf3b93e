import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { BlobFolder } from "../../src/blobs/folder.ts";
import { commitDraft } from "../../src/block/commitDraft.ts";
import { draftBlock } from "../../src/block/draft.ts";
import { keepBlobs } from "../../src/block/keepBlobs.ts";
import { proveSlots } from "../../src/block/proveSlots.ts";
import { revealBlock } from "../../src/block/revealBlock.ts";
import {
  approveAsset,
  depositAsset,
  getCandidate,
  getQueue,
  getRoundState,
  submitInParts,
} from "../../src/chain/index.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { roundId } from "../../src/protocol/round.ts";
import { signVote } from "../../src/protocol/vote.ts";
import type { BlockPlan } from "../../src/proving/forest.ts";
import { L1Reader, Ledger, planOf } from "../../src/roles/index.ts";
import { castOf, extras, transfersOf } from "../../src/sim/cast.ts";
import { decideHeight } from "../../src/sim/decideHeight.ts";
import { l1Of } from "../../src/sim/l1.ts";
import { createWorld, type World, type WorldProver } from "../../src/sim/world.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { findGenesis, SyncedState } from "../../src/sync/index.ts";

const profile = PROFILES.dev;
const ETHER = 10n ** 18n;

/** A block that was revealed, and that nobody has proven. */
export interface ForeignBlock {
  readonly world: World;
  readonly proposalId: bigint;
  /** What its proposer knows of it. */
  readonly txsRoot: bigint;
  readonly stateRoot: bigint;
  close(): Promise<void>;
}

/**
 * A block with operations and transfers on one that is final, revealed by somebody who says nothing else.
 * @param folder gets copies of the blobs, and nothing else does
 */
export async function revealForeignBlock(prover: WorldProver, folder: string): Promise<ForeignBlock> {
  const connection = await network.create();
  const l1 = await l1Of(connection);
  const cast = castOf("foreign", l1.provider, extras({ provers: 3, proposers: 1, users: 6, newcomers: 1 }));
  const world = { ...(await createWorld({ l1, profile, prover, cast })), blobs: new BlobFolder(folder) };
  const { client, rules } = world;
  await decideHeight(world, transfersOf(cast.users, world.state, rules.domain, 4));

  const [newcomer] = cast.newcomers;
  const { account: to, key, address, signer } = newcomer!;
  await approveAsset(client, signer, 2n * ETHER);
  await depositAsset(client, signer, { to, amount: ETHER, key, l1Owner: address });
  await decideHeight(world, transfersOf(cast.users, world.state, rules.domain, 2));

  const [proposer] = cast.proposers;
  const { commitRound, commitDue, parent } = await getRoundState(client);
  const transfers = transfersOf(cast.users, world.state, rules.domain, 4);
  const draft = await draftBlock({
    ...{ state: world.state, rules, parent, roundId: roundId(commitRound!) },
    operations: (await getQueue(client, commitDue)).map(({ packed }) => packed),
    pool: transfers,
    proposer: proposer!.address,
    proverShareBps: 5_000,
    salt: id("nobody knows"),
  });
  expect(draft.executed.l1OpCount, "operations").to.equal(1);
  expect(draft.executed.txCount, "transfers").to.equal(4n);
  const { proposalId } = draft;
  const votes = cast.provers.map(({ index, secret }) => ({
    prover: index,
    vote: signVote(secret, { proposalId, depth: 0, index: 0, capacity: slotCount(profile), minBurnBid: 1n }),
  }));
  const block = await commitDraft(client, proposer!.signer, draft, {
    forest: profile,
    votes,
    burnBid: world.economics.minBid,
  });
  await l1.clock.until((await getRoundState(client)).proposalEnds);
  await revealBlock(client, proposer!.revealer, block);
  await keepBlobs(world.blobs, draft);
  const { txsRoot, state } = draft.executed;
  return { world, proposalId, txsRoot, stateRoot: state.root, close: () => connection.close() };
}

/**
 * What every node of the block proves, for a program that has L1, a folder of blobs and nothing else: no vote, no
 * message, and a state that it has rebuilt itself.
 */
export async function planForeignBlock(
  { world: { client, rules }, proposalId }: ForeignBlock,
  folder: string,
): Promise<BlockPlan> {
  const blobs = new BlobFolder(folder);
  const synced = await SyncedState.open(new MemoryStore(), client.deployment, () => findGenesis(client));
  const ledger = new Ledger(rules, { client, synced, blobs });
  await ledger.sync();
  const l1 = await new L1Reader({ client }).read();
  await ledger.learn(l1, { warn: (_, line) => expect.fail(line) });
  const commit = l1.open.find((open) => open.proposalId === proposalId)!;
  return planOf(l1, commit, [], ledger, rules)!;
}

/** Proves every node without a name, and shows L1 the forest. @returns what L1 says of it then */
export async function proveForeignBlock(block: ForeignBlock, plan: BlockPlan) {
  const { world, proposalId } = block;
  const { client, prover, l1 } = world;
  const work = Array.from({ length: slotCount(profile) }, (_, slot) => ({ slot }));
  const proofs = await proveSlots(plan, work, prover);
  expect(proofs.map(({ mask }) => mask)).to.deep.equal(proofs.map(() => 0n));
  const { commitment } = (await new L1Reader({ client }).read()).open.find((open) => open.proposalId === proposalId)!;
  await submitInParts(client, l1.deployer, { commitment, forest: plan.forest(proofs) });
  return getCandidate(client, proposalId);
}
