import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import * as actions from "../../src/chain/actions/index.ts";
import { hasFlag, packFlags } from "../../src/protocol/flags.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import type { Transcript } from "../../src/protocol/transcript.ts";
import { type MadeUpWorld, registerKey } from "../../src/sim/madeUp.ts";
import { draftBlock, type MadeUpBlock, proveBlock, revealBlock, slotProof } from "../../src/sim/madeUpBlock.ts";
import { FIELD } from "../../src/sim/trapdoor.ts";
import { closeBooks, type Owners, type Side, type Sides } from "./books.ts";
import { FIRST_EVIL, type Seat, SEATS } from "./seats.ts";
import { unless } from "./unless.ts";

/** A block of the game with its secrets. */
export interface Block {
  readonly seat: Seat;
  readonly made: MadeUpBlock;
  readonly commitment: actions.Commitment;
}

export interface Offer {
  /** Tokens. */
  readonly bid: number;
  /** Provers in slot order; slots behind them are nobody's. */
  readonly team: Transcript;
  /** Of the reward, for provers: 0 to 1. */
  readonly share?: number;
  /** The block of the open round that this one builds on, for the next height. */
  readonly on?: Block;
  /** The seat's first commit to that height: this one stands on the same deposit. */
  readonly branchOf?: Block;
  /** Transfers. */
  readonly size?: number;
  /** What they pay, wei. */
  readonly fees?: bigint;
}

/** Slots of a forest that are not as promised. */
export interface Missing {
  /** Without their prover's vote, and not delivered either. */
  readonly silent?: readonly number[];
  /** Voted and not delivered. */
  readonly withheld?: readonly number[];
}

type Boundary = "proposalEnds" | "revealEnds" | "provingEnds" | "acceptanceEnds";

/** One line of an attack: its verbs are those of the protocol, and everybody who is not told otherwise is honest. */
export class Game {
  readonly world: MadeUpWorld;
  /** Honest provers, and the attacker's. */
  readonly provers: { readonly honest: Transcript; readonly attacker: Transcript };
  readonly #owners: Owners;
  readonly #blocks: Block[] = [];
  /** Proposals that the court has heard. */
  readonly #judged = new Set<bigint>();

  /** @param honest how many provers are */
  constructor(world: MadeUpWorld, owners: Owners, honest: number) {
    this.world = world;
    this.#owners = owners;
    const indexes = world.keys.map((_, index) => index);
    this.provers = { honest: indexes.slice(1, 1 + honest), attacker: indexes.slice(1 + honest) };
  }

  get slots(): number {
    return slotCount(this.world.rules.profile);
  }

  /** All slots in turn to each of the provers. */
  spread(team: Transcript): Transcript {
    return Array.from({ length: this.slots }, (_, slot) => team[slot % team.length]!);
  }

  /** All of a forest. */
  get everySlot(): readonly number[] {
    return Array.from({ length: this.slots }, (_, slot) => slot);
  }

  get evilSeats(): readonly Seat[] {
    return SEATS.slice(FIRST_EVIL);
  }

  signer(seat: Seat): HardhatEthersSigner {
    return this.world.proposers[SEATS.indexOf(seat)]!;
  }

  /** @returns the owner of a prover */
  ownerOf(prover: number): HardhatEthersSigner {
    return this.#owners[this.#sideOf(prover)];
  }

  #sideOf(prover: number): Side {
    return this.provers.honest.includes(prover) ? 0 : 1;
  }

  /* A BLOCK'S LIFE */

  async commit(seat: Seat, { bid, team, share = 0.5, on, branchOf, size = 0, fees = 0n }: Offer): Promise<Block> {
    const { client } = this.world;
    const made = await draftBlock(this.world, {
      proposer: this.signer(seat),
      burnBid: units(bid),
      proverShareBps: Math.round(10_000 * share),
      transcript: Array.from({ length: this.slots }, (_, slot) => team[slot] ?? 0),
      elements: size,
      fees,
      ...(on && { parent: on.made }),
    });
    const { commitment } = await (branchOf
      ? actions.commitBranch(client, this.signer(seat), made, branchOf.commitment)
      : actions.commit(client, this.signer(seat), made));
    const block = { seat, made, commitment };
    this.#blocks.push(block);
    return block;
  }

  /** As soon as the round takes reveals. */
  async reveal(...blocks: readonly Block[]): Promise<void> {
    await this.until("proposalEnds");
    for (const { made, commitment } of blocks) await revealBlock(this.world, made, commitment);
  }

  /** One of a reveal's two parts, in a transaction of its own. */
  async revealPart({ made, commitment }: Block, part: "operations" | "blobs", by: Seat): Promise<void> {
    const { client, cast } = this.world;
    const { revealer } = cast.proposers[SEATS.indexOf(by)]!;
    const { order, effects } = made;
    const [operations, blobs] = part === "operations" ? [effects.data.operations, []] : ["0x", made.blobs];
    const numbered = blobs.map((blob, number) => ({ ...blob, number }));
    await actions.revealPart(client, revealer, { commitment, order, operations, blobs: numbered });
  }

  /** Submits the block's forest; whatever is not missing is voted and delivered. */
  async prove(block: Block, missing: Missing = {}): Promise<void> {
    const { client, deployer } = this.world;
    await actions.submitProof(client, deployer, await this.#forest(block, missing));
  }

  async #forest({ made, commitment }: Block, { silent = [], withheld = [] }: Missing) {
    const { client } = this.world;
    const { eligibleAt } = await actions.getRoundState(client);
    const [keys] = await client.registry.resolve(commitment.transcript, eligibleAt);
    const transcript = made.transcript.map((prover, slot) => (keys[slot] === 0n ? 0 : prover));
    const voted = (slot: number): boolean => transcript[slot] !== 0 && !silent.includes(slot);
    const flags = packFlags(transcript.length, {
      voted,
      delivered: (slot) => voted(slot) && !withheld.includes(slot),
    });
    return proveBlock(this.world, { ...made, transcript }, commitment, flags);
  }

  /**
   * Shows L1 the proofs of single nodes.
   * @param by their provers, who deliver them; or anybody, whose merges show votes
   */
  async handIn(block: Block, slots: readonly number[], by: "their provers" | "anybody" = "their provers") {
    const { client, deployer } = this.world;
    const shown = await this.#forest(block, by === "anybody" ? { withheld: slots } : {});
    const proofs = slots.map((slot) => slotProof(this.world, shown, slot));
    const { commitment, forest } = shown;
    const { contents, statement, rootCommitment } = forest;
    const [nodes, roots] = [proofs.filter(({ slot }) => slot !== 0), proofs.filter(({ slot }) => slot === 0)];
    if (nodes.length !== 0) await actions.handIn(client, deployer, { commitment, contents, proofs: nodes });
    for (const proof of roots)
      await actions.handInRoot(client, deployer, { commitment, contents, statement, rootCommitment, proof });
  }

  /** All of it, as honest proposers and provers do: reveals and proves the blocks, and decides the height. */
  async decide(...blocks: readonly Block[]): Promise<void> {
    await this.reveal(...blocks);
    for (const block of blocks) await this.prove(block);
    await this.advance();
  }

  /**
   * Decides the height; then every prover that withheld something answers for it, if its block is one of those that
   * count.
   * @param judged all that were committed so far, in the order in which they come before the court
   */
  async advance(judged: readonly Block[] = this.#blocks): Promise<void> {
    await this.until("acceptanceEnds");
    await actions.advance(this.world.client, this.world.deployer);
    for (const block of judged) await this.judge(block);
  }

  /** Slashes every prover that let the block down, if the block counts. */
  async judge({ made, commitment }: Block): Promise<void> {
    const { client, deployer } = this.world;
    const { proposalId, transcript } = made;
    const candidate = await actions.getCandidate(client, proposalId);
    if (candidate === undefined || this.#judged.has(proposalId)) return;
    this.#judged.add(proposalId);
    const flags = await client.rollup.flagsOf(proposalId);
    const isOwed = (slot: number): boolean => hasFlag(flags, "voted", slot) && !hasFlag(flags, "delivered", slot);
    for (const proverIndex of new Set(transcript.filter((_, slot) => isOwed(slot)))) {
      const slash = actions.slash(client, deployer, { proposalId, proverIndex, transcript: commitment.transcript });
      await slash.catch(unless("NotLiable"));
    }
  }

  /** @param before seconds */
  async until(boundary: Boundary, before = 0): Promise<void> {
    const { client, l1 } = this.world;
    await l1.clock.until((await actions.getRoundState(client))[boundary] - BigInt(before));
  }

  /** The block of the open round that is ahead, as everybody sees it who asks L1. */
  async leader(): Promise<Block> {
    const [best] = await actions.rankCommits(this.world.client);
    return this.#blocks.find(({ made }) => made.proposalId === best!.proposalId)!;
  }

  /** A move that L1 does not take. @param error which one says so */
  async refused(error: string, move: Promise<unknown>): Promise<void> {
    const done = await move.then(() => true, unless(error));
    if (done === true) throw new Error(`L1 took what it was to refuse with ${error}`);
  }

  /** A part of L1's history that a reorganisation takes back. */
  async undone(moves: () => Promise<void>): Promise<void> {
    const snapshot = await this.world.connection.networkHelpers.takeSnapshot();
    await moves();
    await snapshot.restore();
  }

  /** Nobody proves anything: the next commit opens another attempt. */
  async expire(): Promise<void> {
    await this.until("revealEnds");
  }

  /* L1 OPERATIONS */

  get operationFee(): bigint {
    return this.world.economics.operationFee;
  }

  /** EVE pays a wei into the L2, that many times. */
  async post(count: number): Promise<void> {
    const { client } = this.world;
    const eve = this.signer("eve");
    for (let i = 0; i < count; i++)
      await actions.depositAsset(client, eve, { to: 1, amount: 1n, key: 1n, l1Owner: eve.address });
  }

  /* STAKES */

  async #slashEnds({ made }: Block): Promise<bigint> {
    const { acceptanceEnds } = (await actions.getCandidate(this.world.client, made.proposalId))!;
    return acceptanceEnds + BigInt(this.world.economics.slashWindow);
  }

  /** Some seconds before the slash window of the block's round ends: time for a few transactions. */
  async untilLastSlash(block: Block): Promise<void> {
    await this.world.l1.clock.until((await this.#slashEnds(block)) - 20n);
  }

  /** Takes one of a prover's misses away, for what it did in the block, as soon as no slash can come any more. */
  async redeem(proverIndex: number, block: Block): Promise<void> {
    const { client, deployer, l1 } = this.world;
    const { made, commitment } = block;
    const { proposalId } = made;
    await l1.clock.until(await this.#slashEnds(block));
    await actions.redeem(client, deployer, { proverIndex, proposalId, transcript: commitment.transcript });
  }

  /** Asks for a prover's exit. */
  async leave(prover: number): Promise<void> {
    await actions.requestExit(this.world.client, this.ownerOf(prover), prover);
  }

  async takeOut(prover: number): Promise<void> {
    await actions.withdrawStake(this.world.client, this.ownerOf(prover), prover);
  }

  /** Waits for a prover's exit, takes its stake out and registers it anew, with another key. */
  async comeBack(prover: number): Promise<void> {
    const { client, random, l1 } = this.world;
    const { withdrawableAt } = await client.registry.proverOf(prover);
    await l1.clock.until(withdrawableAt);
    await this.takeOut(prover);
    await registerKey({ ...this.world, deployer: this.ownerOf(prover) }, random.below(FIELD));
  }

  /* THE END */

  /** Everybody settles and claims what there is. @returns what both sides have then */
  async close(): Promise<Sides> {
    return closeBooks(this.world, this.#owners, this.#blocks, (prover) => this.#sideOf(prover));
  }
}

const UNITS_PER_TOKEN = Number(10n ** 18n / BID_UNIT);
const units = (tokens: number): bigint => BigInt(Math.round(tokens * UNITS_PER_TOKEN));
