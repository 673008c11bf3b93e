import type { ProverClaim } from "../../chain/index.ts";
import { isAccepting } from "../../protocol/phase.ts";
import { type Wait, waitUntil } from "../action.ts";
import { type L1View, unclaimedSlots } from "../l1View.ts";
import { campaignOf } from "../schedule.ts";
import type { ProverOwn } from "./own.ts";
import { slotsPromised } from "./promises.ts";
import type { ProverAction, ProverPolicy, ProverView } from "./view.ts";

/** Claims what it has earned, has misses redeemed, keeps its stake high enough to count, and leaves if told to. */
export function* standing(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  yield* claiming(view, policy);
  yield* redeeming(view, policy);
  if (policy.exit) yield* leaving(view, own);
  else yield* staking(view, policy);
}

function* claiming({ l1, index }: ProverView, { claimFrom, exit }: ProverPolicy): Generator<ProverAction> {
  const least = exit ? 1 : claimFrom;
  if (least === undefined) return;
  const slots = claimsOf(l1, index).reduce((sum, claim) => sum + claim.slots.length, 0);
  if (slots > 0 && slots >= least) yield { kind: "claim", slots };
}

/** One miss for each block, as soon as nothing of its round can turn up any more. Who leaves has no next slash. */
function* redeeming({ l1, redeemable }: ProverView, { redeems, exit }: ProverPolicy): Generator<ProverAction | Wait> {
  const [first] = redeemable;
  if (!redeems || exit || first === undefined) return;
  const { proposalId, transcript, from } = first;
  if (l1.now < from) yield waitUntil(from);
  else yield { kind: "redeem", proposalId, transcript };
}

/** What a prover may claim of each paid block. */
export function claimsOf({ paid }: Pick<L1View, "paid">, index: number): ProverClaim[] {
  return paid
    .map((block) => ({
      ...{ proposalId: block.proposalId, transcript: block.transcript },
      slots: unclaimedSlots(block, index),
    }))
    .filter(({ slots }) => slots.length > 0);
}

/** Whether a prover's stake is below what its operator wants: its owner's balance is asked for only then. */
export function isStakeLow({ l1, index }: Pick<ProverView, "l1" | "index">, { stake, exit }: ProverPolicy): boolean {
  const prover = l1.provers[index - 1];
  return stake !== undefined && !exit && prover?.withdrawableAt === undefined && (prover?.stake ?? 0n) < stake.floor;
}

/** Adds what its owner has, if that lets it count. */
function* staking(view: ProverView, policy: ProverPolicy): Generator<ProverAction> {
  const { l1, index, balance, economy } = view;
  if (!isStakeLow(view, policy)) return;
  const { stake } = l1.provers[index - 1]!;
  const missing = policy.stake!.target - stake;
  const amount = balance < missing ? balance : missing;
  if (amount > 0n && stake + amount >= economy.eligibleStake) yield { kind: "addStake", amount };
}

/** Asks for the exit when nothing is promised any more, and takes the stake back when it may. */
function* leaving({ l1, ...view }: ProverView, own: ProverOwn): Generator<ProverAction | Wait> {
  const prover = l1.provers[view.index - 1];
  if (prover === undefined) return;
  const { withdrawableAt, stake } = prover;
  if (withdrawableAt === undefined) {
    if (!isBound({ ...view, l1 }, own)) yield { kind: "requestExit" };
  } else if (stake > 0n) {
    if (l1.now < withdrawableAt) yield waitUntil(withdrawableAt);
    else yield { kind: "withdraw" };
  }
}

/**
 * Whether somebody relies on a promise: a block of the open round in which it counts, or one to come. Who leaves before
 * a round opens does not count in it, and its slots there are worth nothing to anybody.
 */
function isBound(view: ProverView, own: ProverOwn): boolean {
  const { l1 } = view;
  const { commitRoundNumber, phase } = l1.round;
  const isRunning = phase === "Proposing" || isAccepting(phase);
  const isNamed = [...(isRunning ? l1.open : []), ...l1.next].some(
    (commit) => slotsPromised(view, commit, own).length > 0,
  );
  // Where no window runs nobody has to be waited for.
  const mayBeNamed =
    campaignOf(l1.round) !== undefined && own.votes.some(({ roundNumber }) => roundNumber === commitRoundNumber);
  return isNamed || mayBeNamed;
}
