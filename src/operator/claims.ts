import { type ChainClient, claimFees, claimProposer, claimProver, planned } from "../chain/index.ts";
import { L1Reader } from "../roles/l1Reader.ts";
import { claimsOf } from "../roles/prover/standing.ts";
import type { OperatorContext } from "./stake.ts";

/** What was paid, in wei: of the native token, fees of the asset. */
export interface Claimed {
  readonly slots: number;
  readonly prover: bigint;
  readonly proposer: bigint;
  readonly fees: bigint;
  readonly transactions: readonly string[];
}

/** Claims everything that the operator has earned, as a prover and as a proposer. */
export async function claimAll(context: OperatorContext): Promise<Claimed> {
  const { client, signer, keys } = context;
  const { address, proverKey } = keys;
  const transactions: string[] = [];
  const { index, claims, credit } = await planned(signer, async () => {
    const index = Number(await client.registry.indexOf(proverKey));
    const { rewards, fees } = await client.rollup.creditOf(address);
    return {
      ...{ index, credit: { rewards, fees } },
      claims: index === 0 ? [] : claimsOf(await new L1Reader({ client }).read(), index),
    };
  });
  const slots = claims.reduce((sum, claim) => sum + claim.slots.length, 0);
  let prover = 0n;
  if (slots > 0) {
    const { receipt, amount } = await claimProver(client, signer, index, claims);
    transactions.push(receipt.hash);
    prover = amount;
  }
  let proposer = 0n;
  if (credit.rewards > 0n) {
    const { receipt, rewards } = await claimProposer(client, signer, address);
    transactions.push(receipt.hash);
    proposer = rewards;
  }
  let fees = 0n;
  if (credit.fees > 0n) {
    const claimed = await claimFees(client, signer, address);
    transactions.push(claimed.receipt.hash);
    fees = claimed.fees;
  }
  return { slots, prover, proposer, fees, transactions };
}

/** What a prover has earned and not claimed. */
export interface Earnings {
  readonly slots: number;
  /** Wei of the native token. */
  readonly amount: bigint;
}

/** Looks through the logs of the rollup, and has L1 tell what claiming all of it would pay. */
export async function earningsOf(client: ChainClient, proverIndex: number): Promise<Earnings> {
  const claims = claimsOf(await new L1Reader({ client }).read(), proverIndex);
  const slots = claims.reduce((sum, claim) => sum + claim.slots.length, 0);
  const named = claims.map((claim) => ({ ...claim, slots: [...claim.slots] }));
  return { slots, amount: slots === 0 ? 0n : await client.rollup.claimProver.staticCall(proverIndex, named) };
}
