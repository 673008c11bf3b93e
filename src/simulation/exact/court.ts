import { hasFlag } from "../../protocol/flags.ts";
import { mostMisses, slashRateBps } from "../../protocol/slashing.ts";
import type { Block } from "./block.ts";
import { asPromised, noFlags, scoreOf } from "./count.ts";
import type { ExactGame } from "./game.ts";

/** What a prover has promised in a block, and what of that it did not deliver: slots. */
export function promisesOf({ held, proven }: Block, prover: number): { voted: number; undelivered: number } {
  const own = held.flatMap((other, slot) => (other === prover && hasFlag(proven!.flags, "voted", slot) ? [slot] : []));
  const undelivered = own.filter((slot) => !hasFlag(proven!.flags, "delivered", slot)).length;
  return { voted: own.length, undelivered };
}

interface Record {
  misses: number;
  lastMissAt: number;
}

/** Charges provers for what they did not keep, as `ProverCourt.sol` does. */
export class Court {
  readonly #game: ExactGame;
  readonly #records = new Map<number, Record>();
  /** By height and prover: what a round has taken of it, wei, and at which rate. */
  readonly #charges = new Map<string, { amount: bigint; rateBps: number }>();

  constructor(game: ExactGame) {
    this.#game = game;
  }

  missesOf(prover: number): number {
    return this.#records.get(prover)?.misses ?? 0;
  }

  /** @returns wei burnt; undefined if the prover owes nothing for the block now */
  slash(block: Block, prover: number): bigint | undefined {
    const { rules, mechanism, registry, now } = this.#game;
    if (!block.proven || block.slashed.has(prover)) return undefined;
    const { voted, undelivered } = promisesOf(block, prover);
    const { slashWindow, baseRateBps } = rules.economics;
    const isOpen = now >= block.acceptanceEnds && now < block.acceptanceEnds + slashWindow;
    if (!isOpen || undelivered === 0 || !this.#isLiable(block)) return undefined;
    block.slashed.add(prover);
    const charge = this.#chargeOf(block, prover);
    if (charge.rateBps === 0) {
      charge.rateBps = slashRateBps(baseRateBps, mechanism.countsMisses ? this.missesOf(prover) : 0);
      this.#recordMiss(prover, block.acceptanceEnds);
    }
    const atStake = rules.policy.usesStakes
      ? registry.stakeAt(prover, block.eligibleAt)
      : rules.economics.eligibleStake;
    const { rateBps, amount: before } = charge;
    const amount = mechanism.slash(rules, block, { prover, rateBps, atStake, voted, undelivered });
    const known = mechanism.slashesOnceARound ? before : 0n;
    if (amount <= known) return 0n;
    charge.amount = amount;
    return registry.slash(prover, now, amount - known);
  }

  /** Takes a miss away for a paid block in which the prover kept its word. @returns whether it does */
  redeem(block: Block, prover: number): boolean {
    const { rules, now } = this.#game;
    const record = this.#records.get(prover);
    if (!record || record.misses === 0 || !block.paid || block.redeemed.has(prover)) return false;
    if (now < block.acceptanceEnds + rules.economics.slashWindow || block.acceptanceEnds <= record.lastMissAt)
      return false;
    const { voted, undelivered } = promisesOf(block, prover);
    if (voted === 0 || undelivered !== 0) return false;
    block.redeemed.add(prover);
    record.misses--;
    return true;
  }

  /** It was paid, or would have been if everybody had kept their word. */
  #isLiable(block: Block): boolean {
    const { rules, registry, decided } = this.#game;
    if (block.paid || rules.policy.usesBetas) return true;
    const outcome = decided.find(({ height }) => height === block.height);
    if (outcome === undefined) return false;
    const promised = asPromised(block.proven!.flags, rules.slots);
    return scoreOf(rules, registry, block, promised, noFlags(rules)) >= outcome.lowestScore;
  }

  #chargeOf({ roundNumber }: Block, prover: number): { amount: bigint; rateBps: number } {
    const key = `${roundNumber}/${prover}`;
    const charge = this.#charges.get(key) ?? { amount: 0n, rateBps: 0 };
    this.#charges.set(key, charge);
    return charge;
  }

  #recordMiss(prover: number, acceptanceEnds: number): void {
    const record = this.#records.get(prover) ?? { misses: 0, lastMissAt: 0 };
    const most = mostMisses(this.#game.rules.economics.baseRateBps);
    record.misses = Math.min(record.misses + 1, most);
    record.lastMissAt = Math.max(record.lastMissAt, acceptanceEnds);
    this.#records.set(prover, record);
  }
}
