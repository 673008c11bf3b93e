import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import * as actions from "../../src/chain/actions/index.ts";
import { isFulfilled } from "../../src/protocol/flags.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import type { MadeUpWorld } from "../../src/sim/madeUp.ts";
import type { MadeUpBlock } from "../../src/sim/madeUpBlock.ts";
import { FIRST_EVIL } from "./seats.ts";
import { unless } from "./unless.ts";

/** What somebody owns, wei of the native token. */
export interface Book {
  /** In lanes: what bids burn and forfeit. */
  deposits: bigint;
  /** In the registry: what slashes burn. */
  stakes: bigint;
  /** What proposers have earned: rewards and fees. */
  proposing: bigint;
  /** What provers have earned. */
  proving: bigint;
  /** Everything else. */
  wallets: bigint;
}

export interface Sides {
  readonly attacker: Book;
  readonly honest: Book;
}

/** Of the provers of either side. */
export type Owners = readonly [honest: HardhatEthersSigner, attacker: HardhatEthersSigner];

interface Committed {
  readonly made: MadeUpBlock;
  readonly commitment: actions.Commitment;
}

/** Those of the honest, those of the attacker. */
export type Side = 0 | 1;

/** Everybody settles and claims what there is. @returns what both sides have then */
export async function closeBooks(
  world: MadeUpWorld,
  owners: Owners,
  blocks: readonly Committed[],
  sideOf: (prover: number) => Side,
): Promise<Sides> {
  for (const block of blocks) await settle(world, block);
  const claimed = [0n, 0n];
  for (const block of blocks)
    for (const [prover, amount] of await claim(world, block)) claimed[sideOf(prover)]! += amount;
  const bookOf = async (side: Side): Promise<Book> => count(world, side, owners[side].address, claimed[side]!);
  return { honest: await bookOf(0), attacker: await bookOf(1) };
}

async function settle({ client, deployer }: MadeUpWorld, { commitment }: Committed): Promise<void> {
  // The lane is settled, or the seat has another commit whose parent won.
  await actions.settle(client, deployer, commitment).catch(unless("NothingToSettle", "WrongOpening"));
}

/** Claims for all provers of a block. @returns what each got */
async function claim(
  { client, deployer }: MadeUpWorld,
  { made, commitment }: Committed,
): Promise<[prover: number, amount: bigint][]> {
  const candidate = await actions.getCandidate(client, made.proposalId);
  if (!candidate?.proverUnit) return [];
  const flags = await client.rollup.flagsOf(made.proposalId);
  const slots = new Map<number, number[]>();
  made.transcript.forEach((prover, slot) => {
    if (isFulfilled(flags, slot)) slots.set(prover, [...(slots.get(prover) ?? []), slot]);
  });
  const isByHead = (await client.rollup.fairShareBps()) !== 0n;
  const claimed: [number, bigint][] = [];
  for (const [prover, own] of slots) {
    const { proposalId } = made;
    const slots = isByHead ? own.slice(0, 1) : own;
    const claim = { proposalId, transcript: commitment.transcript, slots };
    claimed.push([prover, (await actions.claimProver(client, deployer, prover, [claim])).amount]);
  }
  return claimed;
}

/** @param owner of the side's provers: address @param proving what these have claimed, wei */
async function count(world: MadeUpWorld, side: Side, owner: string, proving: bigint): Promise<Book> {
  const { client, proposers } = world;
  const { rollup, registry, token } = client;
  const seats = proposers.filter((_, i) => (side === 0 ? i < FIRST_EVIL : i >= FIRST_EVIL));
  const book = { deposits: 0n, stakes: 0n, proposing: 0n, proving, wallets: 0n };
  for (const { address } of seats) {
    for (const height of [0, 1]) book.deposits += (await actions.getLane(client, address, height)).deposit * BID_UNIT;
    const { rewards, fees } = await rollup.creditOf(address);
    book.proposing += rewards + fees;
    book.wallets += await token.balanceOf(address);
  }
  const provers = Number(await registry.proverCount());
  for (let index = 1; index <= provers; index++) {
    const prover = await registry.proverOf(index);
    if (prover.owner === owner) book.stakes += prover.stake;
  }
  book.wallets += (await token.balanceOf(owner)) - proving;
  return book;
}
