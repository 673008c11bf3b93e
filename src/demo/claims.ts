import { claimProposer, claimProver } from "../chain/index.ts";
import { isFulfilled } from "../protocol/flags.ts";
import { count, tokens } from "./format.ts";
import type { World } from "./world.ts";

/** Everyone claims all that they earned, each in one transaction. */
export async function claimAll(world: World): Promise<void> {
  const { client, cast, tally, output } = world;
  for (const { name, index, signer } of cast.provers) {
    const claims = tally.paid
      .map(({ block: { draft, commitment, transcript }, flags }) => ({
        proposalId: draft.proposalId,
        transcript: commitment.transcript,
        slots: transcript.flatMap((prover, slot) => (prover === index && isFulfilled(flags, slot) ? [slot] : [])),
      }))
      .filter(({ slots }) => slots.length > 0);
    if (claims.length === 0) continue;
    const { amount } = await claimProver(client, signer, index, claims);
    tally.claimed += amount;
    const slots = claims.reduce((sum, claim) => sum + claim.slots.length, 0);
    output.print(`  ${name} claims ${tokens(amount)} for ${count(slots, "slot")} in ${count(claims.length, "block")}`);
  }
  for (const { name, address, signer } of Object.values(cast.proposers)) {
    const { rewards, fees } = await client.rollup.creditOf(address);
    if (rewards === 0n && fees === 0n) continue;
    await claimProposer(client, signer, address);
    tally.claimed += rewards + fees;
    output.print(`  ${name} claims ${tokens(rewards)} of rewards and ${tokens(fees)} of fees`);
  }
}
