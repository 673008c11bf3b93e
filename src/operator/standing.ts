import { formatEther } from "ethers";
import { type ChainClient, getLane } from "../chain/index.ts";
import { knownBlock } from "../chain/head.ts";
import { plural } from "../log/index.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import { type Asset, formatAmount } from "../wallet/amount.ts";
import type { Earnings } from "./claims.ts";
import type { OperatorIdentity } from "./keys.ts";
import { formatTokens, isoTime } from "./tokens.ts";

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
  const { timestamp } = await knownBlock(provider, "latest");
  const [{ owner, stake, withdrawableAt }, isEligible] = await Promise.all([
    registry.proverOf(index),
    registry.isEligible(index, timestamp),
  ]);
  return { index, owner, stake, isEligible, withdrawableAt: withdrawableAt === 0n ? undefined : withdrawableAt };
}

/** A standing for people. @param asset what fees are in @param earned as a prover */
export function standingLines(standing: Standing, asset: Asset, earned?: Earnings): string[] {
  const { address, revealer, ether, tokens, prover, seat, rewards, fees } = standing;
  return [
    `address   ${address}: ${formatEther(ether.owner)} ether, ${formatTokens(tokens)}`,
    `reveals   ${revealer}: ${formatEther(ether.revealer)} ether`,
    `stake     ${prover === undefined ? "not registered" : proverLine(prover)}`,
    ...["even", "odd"].map((lane, i) => {
      const { deposit, isInUse } = seat[i]!;
      return `seat      ${lane} heights: ${formatTokens(deposit)}${isInUse ? ", in use" : ""}`;
    }),
    ...(earned === undefined ? [] : [earningsLine(earned)]),
    `rewards   ${formatTokens(rewards)}${fees > 0n ? `, and fees of ${formatAmount(fees, asset)}` : ""} as a proposer`,
  ];
}

function proverLine({ index, stake, isEligible, withdrawableAt }: ProverStanding): string {
  const found = `prover ${index}, ${formatTokens(stake)}, ${isEligible ? "counts" : "does not count"}`;
  if (withdrawableAt === undefined) return found;
  return `${found}, leaves: can be withdrawn from ${isoTime(withdrawableAt)}`;
}

const earningsLine = ({ slots, amount }: Earnings): string =>
  `earned    ${formatTokens(amount)} as a prover, not claimed: ${plural(slots, "slot")}`;
