import { expect } from "chai";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { type Flags, hasFlag, packFlags } from "../../src/protocol/flags.ts";
import { shownVotes } from "../../src/protocol/nodes.ts";
import { revealWindow } from "../../src/protocol/roundClock.ts";
import { createMadeUpWorld, type MadeUpWorld } from "../../src/sim/madeUp.ts";
import { draftBlock, proveBlock, revealBlock, slotProof } from "../../src/sim/madeUpBlock.ts";
import { SEAT } from "../../src/sim/world.ts";
import { Court } from "../../src/simulation/exact/court.ts";
import { ExactGame } from "../../src/simulation/exact/game.ts";
import { earnedBy } from "../../src/simulation/exact/payment.ts";
import { gameRules } from "../../src/simulation/exact/rules.ts";
import { accepted, drawOf, type Offer, onHeld, type Twin, type TwinOptions, unless } from "./twin.ts";

type Boundary = "proposalEnds" | "revealEnds" | "provingEnds" | "acceptanceEnds";

/** The contracts and the simulator, side by side: every move is made on both, in the same second. */
export class Twins {
  readonly world: MadeUpWorld;
  readonly game: ExactGame;
  readonly court: Court;
  readonly twins: Twin[] = [];

  private constructor(world: MadeUpWorld, game: ExactGame) {
    this.world = world;
    this.game = game;
    this.court = new Court(game);
  }

  static async open({ profile, economics, provers, seats }: TwinOptions): Promise<Twins> {
    const connection = await hre.network.create();
    const world = await createMadeUpWorld(connection, { profile, economics, provers, proposers: seats });
    const now = Number(await world.l1.clock.now());
    const deposits = Array<bigint>(seats).fill(SEAT);
    const game = new ExactGame({ rules: gameRules(profile, world.economics), now, deposits });
    for (let index = 1; index <= provers; index++)
      game.registry.register(now, (await world.client.registry.proverOf(index)).stake);
    await connection.networkHelpers.time.increase(1);
    return new Twins(world, game);
  }

  async close(): Promise<void> {
    await this.world.connection.close();
  }

  /** The simulator's clock goes where the last transaction was. */
  async #catchUp(): Promise<void> {
    this.game.passTo(Number(await this.world.l1.clock.now()));
  }

  async until(boundary: Boundary, later = 0): Promise<void> {
    const moment = (await actions.getRoundState(this.world.client))[boundary];
    expect(this.game.round.moments[boundary], boundary).to.equal(Number(moment));
    if (moment + BigInt(later) <= (await this.world.l1.clock.now())) return;
    await this.world.connection.networkHelpers.time.increaseTo(moment + BigInt(later));
    await this.#catchUp();
  }

  /** Seconds of the last quarter of the acceptance window. */
  get quarter(): number {
    return revealWindow(this.world.economics);
  }

  async commit({ seat, burnBid, shareBps, transcript, parent, txCount = 0 }: Offer): Promise<Twin> {
    const { client, proposers } = this.world;
    const proposer = proposers[seat - 1]!;
    const made = await draftBlock(this.world, {
      ...{ proposer, burnBid, proverShareBps: shareBps, transcript, elements: txCount },
      ...(parent && { parent: parent.made }),
    });
    const height = Number(made.terms.roundId >> 32n);
    const first = this.twins.findLast((twin) => twin.block === this.game.laneOf(seat, height).commits[0]);
    const isBranch = parent !== undefined && first !== undefined && first.made.terms.roundId === made.terms.roundId;
    const { commitment } = await (isBranch
      ? actions.commitBranch(client, proposer, made, first.commitment)
      : actions.commit(client, proposer, made));
    await this.#catchUp();
    const id = made.proposalId;
    const block = this.game.commit({
      ...{ id, seat, burnBid, shareBps, transcript, txCount },
      ...(parent && { parent: parent.block }),
    });
    const twin = { made, commitment, block };
    this.twins.push(twin);
    return twin;
  }

  async reveal({ made, commitment, block }: Twin): Promise<void> {
    await revealBlock(this.world, made, commitment);
    await this.#catchUp();
    const { roundSeed } = await actions.getRoundState(this.world.client);
    const { betaOf } = drawOf(roundSeed);
    this.game.reveal(block, new Map(block.transcript.map((prover) => [prover, betaOf(prover)])));
    const [keys] = await this.world.client.registry.resolve(commitment.transcript, block.eligibleAt);
    expect(block.held.map((prover) => (prover === 0 ? 0n : this.world.keys[prover]))).to.deep.equal([...keys]);
  }

  async #forest({ made, commitment, block }: Twin, flags: Flags): Promise<actions.SubmitProofParameters> {
    const { roundSeed } = await actions.getRoundState(this.world.client);
    return proveBlock(this.world, { ...made, transcript: block.held }, commitment, flags, drawOf(roundSeed));
  }

  /** Brings a forest; both say whether that is more than what is known. */
  async submit(twin: Twin, wanted: Flags): Promise<boolean> {
    const { client, deployer } = this.world;
    const flags = onHeld(wanted, twin.block);
    const isMore = await accepted(
      "NoImprovement",
      actions.submitProof(client, deployer, await this.#forest(twin, flags)),
    );
    await this.#catchUp();
    expect(this.game.submit(twin.block, flags), "an improvement").to.equal(isMore);
    return isMore;
  }

  /** Brings one node below the root with the votes that it shows. */
  async handIn(twin: Twin, slot: number, wanted: Flags): Promise<void> {
    const { client, deployer, rules } = this.world;
    const flags = onHeld(wanted, twin.block);
    const parameters = await this.#forest(twin, flags);
    const proof = slotProof(this.world, parameters, slot);
    const votes = shownVotes(rules.profile, proof);
    const isDelivered = hasFlag(flags, "delivered", slot);
    const { contents } = parameters.forest;
    const move = actions.handIn(client, deployer, { commitment: twin.commitment, contents, proofs: [proof] });
    await accepted("NoImprovement", move);
    await this.#catchUp();
    const shown = packFlags(twin.block.held.length, {
      voted: (voter) => votes.includes(voter),
      delivered: (other) => isDelivered && other === slot,
    });
    this.game.handIn(twin.block, shown);
  }

  async advance(): Promise<void> {
    const advanced = await actions.advance(this.world.client, this.world.deployer);
    await this.#catchUp();
    const decided = this.game.advance()!;
    expect(decided.paid.map(({ id }) => id)).to.deep.equal(advanced.paid.map(({ proposalId }) => proposalId));
    expect([decided.minted, decided.tip]).to.deep.equal([advanced.minted, advanced.tip]);
    for (const [place, { paid, seat }] of decided.paid.entries()) {
      const { burnt, proverUnit, proposerReward } = advanced.paid[place]!;
      const tip = place === 0 ? decided.tip : 0n;
      expect({ ...paid, seat }).to.deep.equal({ place, burnt, proverUnit, proposer: proposerReward + tip, seat });
    }
    await this.compare();
  }

  /** Whatever anybody can be charged for in the block. */
  async slash({ made, commitment, block }: Twin, prover: number): Promise<bigint | undefined> {
    const { client, deployer } = this.world;
    const refusals = ["NotLiable", "NothingOwed", "UnknownCandidate", "AlreadySlashed", "NotAdvanced", "SlashClosed"];
    const { proposalId } = made;
    const slash = actions.slash(client, deployer, {
      proposalId,
      proverIndex: prover,
      transcript: commitment.transcript,
    });
    const burnt = await slash.then(({ burnt }) => burnt, unless(...refusals));
    await this.#catchUp();
    expect(this.court.slash(block, prover), `slash of ${prover}`).to.equal(burnt);
    return burnt;
  }

  async settle(seat: number, height: number): Promise<bigint | undefined> {
    const { client, deployer } = this.world;
    const { live } = this.game.fate(seat, height);
    const block = live ?? this.game.laneOf(seat, height).commits[0];
    const twin = this.twins.find((each) => each.block === block);
    if (twin === undefined) return undefined;
    const settle = actions.settle(client, deployer, twin.commitment);
    const forfeited = await settle.then(({ forfeited }) => forfeited, unless("NothingToSettle", "RoundOpen"));
    await this.#catchUp();
    expect(this.game.settle(seat, height), `forfeit of seat ${seat}`).to.equal(forfeited);
    return forfeited;
  }

  async addStake(prover: number, amount: bigint): Promise<void> {
    await actions.addStake(this.world.client, this.world.deployer, prover, amount);
    await this.#catchUp();
    this.game.registry.addStake(prover, this.game.now, amount);
  }

  /** Claims everything that provers have earned. @returns wei */
  async claim(): Promise<bigint> {
    const { client, deployer } = this.world;
    const isByHead = this.world.economics.fairShareBps !== 0;
    let sum = 0n;
    for (const { block, commitment, made } of this.twins) {
      if (!block.paid?.proverUnit) continue;
      for (const prover of new Set(block.held.filter((held) => held !== 0))) {
        const earned = earnedBy(this.game.rules, block, prover);
        if (earned === 0n) continue;
        const own = block.held.flatMap((held, slot) =>
          held === prover &&
          hasFlag(block.proven!.flags, "voted", slot) &&
          hasFlag(block.proven!.flags, "delivered", slot)
            ? [slot]
            : [],
        );
        const claim = {
          proposalId: made.proposalId,
          transcript: commitment.transcript,
          slots: isByHead ? own.slice(0, 1) : own,
        };
        const { amount } = await actions.claimProver(client, deployer, prover, [claim]);
        expect(amount, `pay of ${prover}`).to.equal(earned);
        sum += earned;
      }
    }
    return sum;
  }

  /** Deposits, credits, stakes and the head. */
  async compare(): Promise<void> {
    const { client, proposers } = this.world;
    for (const [i, { address }] of proposers.entries()) {
      for (const height of [0, 1]) {
        const { deposit } = await actions.getLane(client, address, height);
        expect(this.game.laneOf(i + 1, height).deposit, `deposit of ${i + 1}/${height}`).to.equal(deposit);
      }
      const { rewards } = await client.rollup.creditOf(address);
      expect(this.game.rewards[i + 1], `rewards of ${i + 1}`).to.equal(rewards);
    }
    for (let prover = 1; prover <= this.game.registry.count; prover++) {
      expect(this.game.registry.stakeOf(prover)).to.equal((await client.registry.proverOf(prover)).stake);
    }
    for (const { made, block } of this.twins) {
      const candidate = await actions.getCandidate(client, made.proposalId);
      if (candidate === undefined) continue;
      const { score, provers, silent, named, fulfilledWeight, isPaid } = candidate;
      expect({ ...block.proven!, provers: BigInt(block.proven!.provers) }).to.deep.include({
        ...{ score, provers, fulfilledWeight, silent: Number(silent), named: Number(named) },
      });
      expect(block.paid !== undefined).to.equal(isPaid);
    }
  }
}
