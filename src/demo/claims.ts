import { claimFees, claimProposer, claimProver } from "../chain/index.ts";
import { isFulfilled } from "../protocol/flags.ts";
import { count, tokens } from "./format.ts";
import type { Stage } from "./stage.ts";

/** Everyone claims all that they earned, each in one transaction. */
export async function claimAll(world: Stage): Promise<void> {
  const { client, cast, tally, output, economics } = world;
  const isFair = economics.fairShareBps > 0;
  for (const { name, index, signer } of cast.provers) {
    const claims = tally.paid
      .map(({ block: { draft, commitment, transcript }, flags }) => ({
        proposalId: draft.proposalId,
        transcript: commitment.transcript,
        slots: transcript.flatMap((prover, slot) => (prover === index && isFulfilled(flags, slot) ? [slot] : [])),
      }))
      .filter(({ slots }) => slots.length > 0)
      // One slot stands for all that a prover did in a block.
      .map((claim) => (isFair ? { ...claim, slots: claim.slots.slice(0, 1) } : claim));
    if (claims.length === 0) continue;
    const { amount } = await claimProver(client, signer, index, claims);
    tally.claimed += amount;
    const slots = claims.reduce((sum, claim) => sum + claim.slots.length, 0);
    const what = isFair ? ", the same share as everyone in the block" : ` for ${count(slots, "slot")}`;
    output.print(`  ${name} claims ${tokens(amount)}${what} in ${count(claims.length, "block")}`);
  }
  for (const { name, address, signer } of cast.proposers) {
    const { rewards, fees } = await client.rollup.creditOf(address);
    if (rewards > 0n) await claimProposer(client, signer, address);
    if (fees > 0n) await claimFees(client, signer, address);
    tally.claimed += rewards + fees;
    if (rewards + fees > 0n) output.print(`  ${name} claims ${tokens(rewards)} of rewards and ${tokens(fees)} of fees`);
  }
}
