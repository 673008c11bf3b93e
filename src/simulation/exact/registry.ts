import { IllegalMoveError } from "../errors.ts";

interface Past {
  readonly time: number;
  readonly stake: bigint;
  readonly isActive: boolean;
}

/** Provers and their stakes over time, as `ProverRegistry.sol` remembers them. Moments in seconds, stakes in wei. */
export class Registry {
  readonly #eligibleStake: bigint;
  /** By index; nobody is index 0. */
  readonly #pasts: Past[][] = [[]];
  readonly #leaving = new Set<number>();

  /** @param eligibleStake with less a prover does not count */
  constructor(eligibleStake: bigint) {
    this.#eligibleStake = eligibleStake;
  }

  get count(): number {
    return this.#pasts.length - 1;
  }

  /** @returns the new prover's index */
  register(time: number, stake: bigint): number {
    this.#pasts.push([{ time, stake, isActive: true }]);
    return this.count;
  }

  addStake(index: number, time: number, amount: bigint): void {
    const { stake, isActive } = this.#now(index);
    const isEnough = stake < this.#eligibleStake && stake + amount >= this.#eligibleStake;
    const comesBack = isEnough && !this.#leaving.has(index);
    this.#put(index, { time, stake: stake + amount, isActive: isActive || comesBack });
  }

  requestExit(index: number, time: number): void {
    this.#leaving.add(index);
    this.#put(index, { ...this.#now(index), time, isActive: false });
  }

  /** @returns what is burnt: no more than there is */
  slash(index: number, time: number, amount: bigint): bigint {
    const { stake, isActive } = this.#now(index);
    const burnt = amount < stake ? amount : stake;
    this.#put(index, { time, stake: stake - burnt, isActive: isActive && stake - burnt >= this.#eligibleStake });
    return burnt;
  }

  stakeOf(index: number): bigint {
    return this.#now(index).stake;
  }

  stakeAt(index: number, time: number): bigint {
    return this.#at(index, time)?.stake ?? 0n;
  }

  isEligible(index: number, time: number): boolean {
    return this.#at(index, time)?.isActive ?? false;
  }

  #at(index: number, time: number): Past | undefined {
    return this.#pasts[index]?.findLast((past) => past.time <= time);
  }

  #now(index: number): Past {
    const now = this.#pasts[index]?.at(-1);
    if (now === undefined) throw new IllegalMoveError("use a prover", `index ${index}`, `1 to ${this.count}`);
    return now;
  }

  #put(index: number, past: Past): void {
    this.#pasts[index]!.push(past);
  }
}
