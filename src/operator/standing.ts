import { type ChainClient, getLane } from "../chain/index.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import type { OperatorIdentity } from "./keys.ts";

/** What an operator has on L1. Amounts in wei. */
export interface Standing {
  readonly address: string;
  readonly revealer: string;
  readonly ether: { readonly owner: bigint; readonly revealer: bigint };
  readonly tokens: bigint;
  /** Undefined for a key that is not registered. */
  readonly prover: ProverStanding | undefined;
  /** Deposits for even and odd heights, and whether they may still be needed. */
  readonly seat: readonly { readonly deposit: bigint; readonly isInUse: boolean }[];
  /** Rewards as a proposer that are not claimed. */
  readonly rewards: bigint;
  /** Fees as a proposer that are not claimed, of the asset. */
  readonly fees: bigint;
}

export interface ProverStanding {
  readonly index: number;
  readonly owner: string;
  readonly stake: bigint;
  /** Whether it counts in a round that opens now. */
  readonly isEligible: boolean;
  /** Unix seconds; undefined while no exit is asked for. */
  readonly withdrawableAt: bigint | undefined;
}

/** Reads what an operator has. */
export async function standingOf(
  client: ChainClient,
  { address, revealer, proverKey }: OperatorIdentity,
): Promise<Standing> {
  const { provider, token, registry, rollup } = client;
  const [owner, other, tokens, index, even, odd, { rewards, fees }] = await Promise.all([
    provider.getBalance(address),
    provider.getBalance(revealer),
    token.balanceOf(address),
    registry.indexOf(proverKey),
    getLane(client, address, 0),
    getLane(client, address, 1),
    rollup.creditOf(address),
  ]);
  return {
    ...{ address, revealer, tokens, rewards, fees },
    ether: { owner, revealer: other },
    prover: index === 0n ? undefined : await proverStanding(client, Number(index)),
    seat: [even, odd].map(({ deposit, isInUse }) => ({ deposit: deposit * BID_UNIT, isInUse })),
  };
}

async function proverStanding({ registry, provider }: ChainClient, index: number): Promise<ProverStanding> {
  const block = await provider.getBlock("latest");
  const [{ owner, stake, withdrawableAt }, isEligible] = await Promise.all([
    registry.proverOf(index),
    registry.isEligible(index, block!.timestamp),
  ]);
  return { index, owner, stake, isEligible, withdrawableAt: withdrawableAt === 0n ? undefined : withdrawableAt };
}
