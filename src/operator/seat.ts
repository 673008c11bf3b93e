import { approve, deposit, getLane, getRoundState, planned, type RoundState, withdraw } from "../chain/index.ts";
import { B52Error } from "../protocol/errors.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import type { OperatorContext } from "./stake.ts";
import { formatTokens, isoTime, requireTokens } from "./tokens.ts";

/** Which heights a deposit is for. */
export type Lane = "even" | "odd";

const NUMBERS = { even: 0, odd: 1 } as const satisfies Record<Lane, 0 | 1>;

/** Both, in the order of the contract. */
export const LANES: readonly Lane[] = ["even", "odd"];

/**
 * Deposits for heights of these parities; the first deposit takes the seat.
 * @param amount for each of them, wei; what is no whole number of BID_UNIT is left
 * @returns the transactions @throws {TooFewTokensError}
 */
export async function depositSeat(
  { client, signer, keys }: OperatorContext,
  lanes: readonly Lane[],
  amount: bigint,
): Promise<string[]> {
  const units = amount / BID_UNIT;
  const total = BigInt(lanes.length) * units * BID_UNIT;
  await planned(signer, () => requireTokens(client, keys.address, total));
  await approve(client, signer, await client.rollup.getAddress(), total);
  const transactions: string[] = [];
  for (const lane of lanes) transactions.push((await deposit(client, signer, NUMBERS[lane], units)).hash);
  return transactions;
}

/** A deposit backs a commit whose round is not over, or that is not settled. */
export class LaneBusyError extends B52Error {
  constructor(proposer: string, lane: Lane, { round, acceptanceEnds }: RoundState) {
    super(
      `the deposit of ${proposer} for ${lane} heights backs a commit, expected one that is decided and settled: ` +
        `the open round, height ${round.height} attempt ${round.attempt}, ends at ${isoTime(acceptanceEnds)}; a ` +
        "commit of an earlier round waits for somebody to settle it, as node proposer does",
      { proposer, lane, acceptanceEnds },
    );
  }
}

/** Less is deposited than is to be taken back. */
export class SmallDepositError extends B52Error {
  /** @param found BID_UNIT @param expected BID_UNIT */
  constructor(proposer: string, lane: Lane, found: bigint, expected: bigint) {
    super(
      `the deposit of ${proposer} for ${lane} heights is ${formatTokens(found * BID_UNIT)}, expected at least ` +
        `${formatTokens(expected * BID_UNIT)}: nothing was taken back; name the other parity with --lane, or less`,
      { proposer, lane, found, expected },
    );
  }
}

/**
 * Takes deposits back, of all lanes or of none.
 * @param amount of each lane, wei; all of it by default
 * @returns by lane, what was taken in wei @throws {LaneBusyError} @throws {SmallDepositError}
 */
export async function withdrawSeat(
  { client, signer, keys }: OperatorContext,
  lanes: readonly Lane[],
  amount?: bigint,
): Promise<{ readonly lane: Lane; readonly amount: bigint; readonly transaction: string }[]> {
  const plan = await planned(signer, async () => {
    const wanted: { readonly lane: Lane; readonly units: bigint }[] = [];
    for (const lane of lanes) {
      const found = await getLane(client, keys.address, NUMBERS[lane]);
      const units = amount === undefined ? found.deposit : amount / BID_UNIT;
      if (units === 0n) continue;
      if (units > found.deposit) throw new SmallDepositError(keys.address, lane, found.deposit, units);
      if (found.isInUse) throw new LaneBusyError(keys.address, lane, await getRoundState(client));
      wanted.push({ lane, units });
    }
    return wanted;
  });
  const taken = [];
  for (const { lane, units } of plan) {
    const { hash: transaction } = await withdraw(client, signer, NUMBERS[lane], units);
    taken.push({ lane, amount: units * BID_UNIT, transaction });
  }
  return taken;
}
