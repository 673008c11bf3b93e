/**
 * The life of one block, step by step, with real proofs: read it from top to bottom.
 *
 *     npx hardhat node --hostname 127.0.0.1 &
 *     npx hardhat run scripts/lifecycle.ts --network localhost
 *
 * Without a network, or by `./b52 lifecycle`, it runs on a chain of its own; B52_RPC_URL names a node, too. Every
 * function that it calls is one step of the protocol; docs/protocol.md says why each is there.
 */
import { randomBytes } from "node:crypto";
import { hexlify } from "ethers";
import { commitDraft } from "../src/block/commitDraft.ts";
import { draftBlock } from "../src/block/draft.ts";
import { keepBlobs } from "../src/block/keepBlobs.ts";
import { planBlock } from "../src/block/planBlock.ts";
import { proveSlots } from "../src/block/proveSlots.ts";
import { revealBlock } from "../src/block/revealBlock.ts";
import { submitBlock } from "../src/block/submitBlock.ts";
import { advance, claimProposer, claimProver, getDueOperations, getRoundState } from "../src/chain/index.ts";
import { setUp } from "../src/cli/setup.ts";
import { scoreText, tokens } from "../src/demo/format.ts";
import { sizeFactorIn } from "../src/demo/round.ts";
import { isFulfilled } from "../src/protocol/flags.ts";
import { toHex32 } from "../src/protocol/hex.ts";
import { slotCount } from "../src/protocol/nodes.ts";
import { PROFILES } from "../src/protocol/profile.ts";
import { roundId } from "../src/protocol/round.ts";
import { signVote } from "../src/protocol/vote.ts";
import { castOf, transfersOf } from "../src/sim/cast.ts";
import { openL1 } from "../src/sim/l1.ts";
import { realProver } from "../src/sim/realProver.ts";
import { economicsFor } from "../src/sim/windows.ts";
import { createWorld } from "../src/sim/world.ts";

const say = (line: string): void => console.log(line);

/* DEPLOY: contracts, and the keys of the circuits. Four provers stake, one proposer takes a seat. */

const profile = PROFILES.dev;
await setUp({ profiles: ["dev"] });
const l1 = await openL1({ url: process.env["B52_RPC_URL"], onTime: say });
const prover = await realProver(profile);
const names = {
  provers: ["Ada", "Blaise", "Carl", "Dorothy"],
  proposers: ["Bob"],
  users: ["Ines", "Juan"],
  newcomers: [],
};
const world = await createWorld({
  ...{ l1, profile, prover, note: say },
  cast: castOf("lifecycle", l1.provider, names),
  economics: economicsFor(l1, profile),
  label: `lifecycle-${await l1.provider.getBlockNumber()}`,
});
const { client, cast, rules, state } = world;
const [bob] = cast.proposers;

/* PROPOSE: Bob orders transactions, executes them, and hides their order in a commitment. He keeps the blobs. */

const { commitRound, parent } = await getRoundState(client);
const due = await getDueOperations(client);
const draft = await draftBlock({
  ...{ state, rules, parent },
  roundId: roundId(commitRound!),
  operations: due.map(({ packed }) => packed),
  pool: transfersOf(cast.users, state, rules.domain, 4),
  proposer: bob!.address,
  proverShareBps: 5_000,
  salt: hexlify(randomBytes(32)),
});
await keepBlobs(world.blobs, draft);
say(`\npropose  ${bob!.name} drafts proposal ${toHex32(draft.proposalId)} and offers provers half of the reward`);

/* VOTE: every prover signs what it would prove: any node, as many as there are, if at least this much is bid. */

const capacity = slotCount(profile);
const votes = cast.provers.map(({ index, secret }) => ({
  prover: index,
  vote: signVote(secret, { proposalId: draft.proposalId, depth: 0, index: 0, capacity, minBurnBid: 1n }),
}));
say(`vote     ${cast.provers.map(({ name }) => name).join(", ")} vote for it`);

/* COMMIT: the transcript names a prover for every node of the proof tree; the bid is what is burnt if Bob wins. */

const block = await commitDraft(client, bob!.signer, draft, { forest: profile, votes, burnBid: 50_000n });
const round = await getRoundState(client);
say(`commit   L1 has the commitment, a bid of 5 tokens and the transcript ${block.transcript.join(" ")}`);

/* REVEAL: nobody can commit any more, so the order is opened. Blobs bring all that proving it takes; Bob has a key of
 * its own for that. */

await l1.clock.until(round.proposalEnds);
await revealBlock(client, bob!.revealer, block);
say(`reveal   ${draft.blobs.length} blob with ${draft.executed.data.elements.length} elements is on L1`);

/* PROVE: one Groth16 proof for each node, each made with the secret key of the prover that is assigned to it. */

const plan = await planBlock(client, block, rules, round);
const secrets = new Map(cast.provers.map(({ index, secret }) => [index, secret]));
const work = block.transcript.map((index, slot) => ({ slot, secret: secrets.get(index) }));
const proofs = await proveSlots(plan, work, prover, {
  onProof: ({ slot }, done, total) => say(`prove    node ${slot}, ${done} of ${total}`),
});

/* SUBMIT: L1 verifies the whole forest in one pairing product, and ranks the block by its score. */

const { provers, score, receipt } = await submitBlock(client, bob!.signer, block, plan, proofs);
say(`submit   ${provers} provers, ${scoreText(score, sizeFactorIn(world, block))}, ${receipt.gasUsed} gas`);

/* ADVANCE: when the acceptance window has closed, the best block is final: its bid burns, rewards are fixed. */

await l1.clock.until(round.acceptanceEnds);
const { minted, burnt, tip } = await advance(client, l1.deployer);
await draft.executed.state.commit(draft.proposalId);
const stateRoot = toHex32(await client.rollup.stateRoot());
say(`advance  state root ${stateRoot}; ${tokens(minted)} minted, ${tokens(burnt)} burnt, ${tokens(tip)} of tip`);

/* CLAIM: provers and proposer take what they have earned. */

const { transcript } = block.commitment;
const flags = await client.rollup.flagsOf(draft.proposalId);
for (const { name, index, signer } of cast.provers) {
  const slots = block.transcript.flatMap((of, slot) => (of === index && isFulfilled(flags, slot) ? [slot] : []));
  const { amount } = await claimProver(client, signer, index, [{ proposalId: draft.proposalId, transcript, slots }]);
  say(`claim    ${name} gets ${tokens(amount)} for nodes ${slots.join(", ")}`);
}
const { rewards } = await client.rollup.creditOf(bob!.address);
await claimProposer(client, bob!.signer, bob!.address);
say(`claim    ${bob!.name} gets ${tokens(rewards)}`);

await prover.close();
await l1.connection.close();
