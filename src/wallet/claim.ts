import { claimExits } from "../chain/actions/claimExits.ts";
import { claimFees } from "../chain/actions/claimFees.ts";
import { planned } from "../chain/tx/index.ts";
import { CLAIMS_PER_PROOF } from "../protocol/profile.ts";
import { exitClaimJob } from "../proving/claims.ts";
import type { CircuitInput } from "../proving/circuitInput.ts";
import type { FinalExit } from "../sync/finalBlock.ts";
import type { WalletContext, WalletView } from "./context.ts";
import { type Left, partDust } from "./dust.ts";
import { WrongExitsError } from "./errors.ts";

/** Makes the proof of a claim: 256 bytes as hexadecimal. */
export type ProveClaim = (
  circuit: "ExitClaim" | "EscapeClaim",
  job: { readonly input: CircuitInput; readonly publicInputs: readonly bigint[] },
) => Promise<string>;

export interface Claimed {
  readonly exits: readonly FinalExit[];
  /** Wei, of all exits. */
  readonly amount: bigint;
  /** Wei that the wallet had earned as a proposer. */
  readonly fees: bigint;
  /** On L1. */
  readonly transactions: readonly string[];
  /** Exits that are worth less than the bridge's fee for an operation. */
  readonly left: Left;
}

export interface ClaimOptions {
  /** Whether to claim what is worth less than the bridge's fee for an operation, too. */
  readonly isAll?: boolean | undefined;
  /** After each proof that L1 has taken. */
  readonly onClaimed?: (claimed: number, total: number) => unknown;
}

/**
 * The exits to the wallet's L1 address that nobody has claimed yet, the oldest first. Those of nothing are left out.
 */
export async function unclaimedExits({ client, identity, synced }: WalletView): Promise<FinalExit[]> {
  const exits = synced.exitsOwnedBy(BigInt(identity.address));
  const claimed = await Promise.all(
    exits.map(({ proposalId, position }) => client.bridge.isClaimed(proposalId, position)),
  );
  return exits.filter(({ amount }, i) => !claimed[i] && amount > 0n);
}

/**
 * Claims the exits to the wallet, several in a proof, and the fees that it has earned. If it fails, what was claimed
 * until then stays claimed, and the next call goes on with the rest.
 */
export async function claim(
  context: WalletContext,
  prove: ProveClaim,
  { isAll = false, onClaimed = () => undefined }: ClaimOptions = {},
): Promise<Claimed> {
  const { client, identity, signer } = context;
  const { exits, left, hasFees } = await planned(signer, async () => {
    const { worthy, left } = await partDust(client, await unclaimedExits(context), ({ amount }) => amount, isAll);
    return { exits: worthy, left, hasFees: (await client.rollup.creditOf(identity.address)).fees > 0n };
  });
  const transactions: string[] = [];
  let amount = 0n;
  for (let i = 0; i < exits.length; i += CLAIMS_PER_PROOF) {
    const batch = exits.slice(i, i + CLAIMS_PER_PROOF);
    const claimed = await claimBatch(context, prove, batch);
    amount += claimed.amount;
    transactions.push(claimed.transaction);
    onClaimed(i + batch.length, exits.length);
  }
  let fees = 0n;
  if (hasFees) {
    const claimed = await claimFees(client, signer, identity.address);
    transactions.push(claimed.receipt.hash);
    ({ fees } = claimed);
  }
  return { exits, amount, fees, transactions, left };
}

async function claimBatch(
  { client, signer, synced }: WalletContext,
  prove: ProveClaim,
  batch: readonly FinalExit[],
): Promise<{ amount: bigint; transaction: string }> {
  const claimed = batch.map(({ height, position }) => ({ exits: synced.exitsOf(height), position }));
  const job = exitClaimJob(client.deployment.profile, claimed);
  for (const [i, { height, proposalId }] of batch.entries()) {
    const root = await client.rollup.withdrawalsRootOf(proposalId);
    const { withdrawalsRoot } = job.statements[i]!;
    if (withdrawalsRoot !== root) throw new WrongExitsError(height, withdrawalsRoot, root);
  }
  const { receipt, amount } = await claimExits(client, signer, {
    claims: batch.map(({ proposalId, position, packed }) => ({ proposalId, position, exit: packed })),
    commitment: job.commitment,
    proof: await prove("ExitClaim", job),
  });
  return { amount, transaction: receipt.hash };
}
