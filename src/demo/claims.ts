import type { Signer } from "ethers";
import { FairPay__factory } from "../../typechain-types/index.ts";
import { claimFees, claimProposer, claimProver, claimRounds } from "../chain/index.ts";
import { isFulfilled } from "../protocol/flags.ts";
import { count, tokens } from "./format.ts";
import type { Stage } from "./stage.ts";

/** Everyone claims all that they earned, each in one transaction. */
export async function claimAll(world: Stage): Promise<void> {
  const { client, cast, tally, output } = world;
  for (const { name, index, signer } of cast.provers) {
    const claims = tally.paid
      .map(({ block: { draft, commitment, transcript }, flags }) => ({
        proposalId: draft.proposalId,
        transcript: commitment.transcript,
        slots: transcript.flatMap((prover, slot) => (prover === index && isFulfilled(flags, slot) ? [slot] : [])),
      }))
      .filter(({ slots }) => slots.length > 0);
    if (world.economics.payout === "fairPay") {
      await claimShares(world, name, index, signer);
      continue;
    }
    if (claims.length === 0) continue;
    const { amount } = await claimProver(client, signer, index, claims);
    tally.claimed += amount;
    const slots = claims.reduce((sum, claim) => sum + claim.slots.length, 0);
    output.print(`  ${name} claims ${tokens(amount)} for ${count(slots, "slot")} in ${count(claims.length, "block")}`);
  }
  for (const { name, address, signer } of cast.proposers) {
    const { rewards, fees } = await client.rollup.creditOf(address);
    if (rewards > 0n) await claimProposer(client, signer, address);
    if (fees > 0n) await claimFees(client, signer, address);
    tally.claimed += rewards + fees;
    if (rewards + fees > 0n) output.print(`  ${name} claims ${tokens(rewards)} of rewards and ${tokens(fees)} of fees`);
  }
}

/** What a prover has in the rounds whose rewards all provers share alike. */
async function claimShares(
  { client, tally, output }: Stage,
  name: string,
  index: number,
  signer: Signer,
): Promise<void> {
  const { rollup, provider } = client;
  const fairPay = FairPay__factory.connect(await rollup.payout(), provider);
  const owed = await Promise.all(tally.rounds.map((roundNumber) => fairPay.isOwed(rollup, roundNumber, index)));
  const rounds = tally.rounds.filter((_, i) => owed[i]);
  if (rounds.length === 0) return;
  const { amount } = await claimRounds(client, signer, index, rounds);
  tally.claimed += amount;
  output.print(`  ${name} claims ${tokens(amount)}, the same share as everyone in ${count(rounds.length, "round")}`);
}
