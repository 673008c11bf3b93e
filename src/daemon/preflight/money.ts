import type { ChainClient } from "../../chain/index.ts";
import { formatTokens, type OperatorIdentity, standingOf } from "../../operator/index.ts";
import { BID_UNIT } from "../../protocol/terms.ts";
import type { Configuration } from "../settings/index.ts";
import { type Finding, fail, ok, warn } from "./check.ts";

/** The prover key is registered, with a stake that counts. */
export async function checkStake(client: ChainClient, operator: OperatorIdentity): Promise<Finding> {
  const { prover } = await standingOf(client, operator);
  if (prover === undefined) return fail(`the prover key of ${operator.address} is not registered: b52 stake register`);
  const found = `prover ${prover.index} with a stake of ${formatTokens(prover.stake)}`;
  if (prover.withdrawableAt !== undefined) return fail(`${found} is leaving, expected one that stays`);
  if (!prover.isEligible) {
    const least = await client.registry.eligibleStake();
    return fail(`${found} is not eligible, expected ${formatTokens(least)} or more: b52 stake add`);
  }
  return ok(found);
}

/** The deposits of both lanes cover a bid. */
export async function checkSeat(
  client: ChainClient,
  operator: OperatorIdentity,
  { settings: { burnBid } }: Configuration,
): Promise<Finding> {
  const [{ seat }, minBid] = await Promise.all([standingOf(client, operator), client.rollup.minBid()]);
  const bid = burnBid ?? minBid * BID_UNIT;
  const found = `deposits of ${seat.map(({ deposit }) => formatTokens(deposit)).join(" and ")}`;
  const least = seat.reduce((a, { deposit }) => (deposit < a ? deposit : a), seat[0]!.deposit);
  if (least < bid) return fail(`${found}, expected ${formatTokens(bid)} or more in each lane: b52 seat take`);
  return least < 2n * bid ? warn(`${found} cover one bid of ${formatTokens(bid)} a lane, and no second`) : ok(found);
}
