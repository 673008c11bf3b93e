import { expect } from "chai";
import type { Economics } from "../../src/deploy/economics.ts";
import { economicsOf } from "../../src/deploy/economics.ts";
import { hasFlag, packFlags, type Flags } from "../../src/protocol/flags.ts";
import { Random } from "../../src/sim/random.ts";
import { TOKEN, type Twin } from "./twin.ts";
import { Twins } from "./twins.ts";

const ETHER = 10n ** 18n;
const profile = { name: "fidelity", arity: 2, levels: 2, accountDepth: 4, transfersPerBase: 2, operationsPerBase: 2 };
const SLOTS = 7;
const [PROVERS, SEATS, HEIGHTS] = [6, 4, 5];

/** So long that all of a trace's transactions, a second each, fit into a quarter of a window. */
const WINDOWS = {
  proposalWindow: 1_000,
  acceptanceWindow: 4_000,
  slashWindow: 3_000,
  exitDelay: 40_000,
  escapeDelay: 100_000,
};

const GAMES: Readonly<Record<string, Partial<Economics>>> = {
  "N^3 B^2 and the size of blocks": {},
  "stakes, by head, every commit burns": {
    scorePolicy: { kind: "stake", stakeUnit: ETHER },
    fairShareBps: 5_000,
    burnRule: "everyCommit",
  },
  "an exponent that moves": {
    scorePolicy: {
      kind: "dynamic",
      targetProvers: 3,
      minExponent: 4_096,
      maxExponent: 32_768,
      initialExponent: 12_288,
    },
    nodeWeights: [5, 3, 2],
    forfeitBps: 7_777,
  },
  "the race": { scorePolicy: { kind: "race" } },
};

/** What has to happen in the traces, or they show nothing. */
const EVENTS = [
  "commit ahead",
  "branch",
  "improvement",
  "early hand-in",
  "hand-in",
  "late advance",
  "uncle",
  "slash",
  "forfeit",
  "next attempt",
] as const;

/** A random game on both; asks the dice for everything. */
class Trace {
  readonly seen = new Set<string>();
  readonly #twins: Twins;
  readonly #random: Random;
  readonly #fairShareBps: number;

  constructor(twins: Twins, random: Random) {
    this.#twins = twins;
    this.#random = random;
    this.#fairShareBps = twins.world.economics.fairShareBps;
  }

  async play(): Promise<void> {
    let open = await this.#commitFresh();
    for (let height = 1; height <= HEIGHTS; height++) {
      if (height === 2) open = await this.#fail(open);
      open = await this.#height(open);
    }
    await this.#twins.claim();
  }

  #flags(votes: number, deliveries: number): Flags {
    const voted = Array.from({ length: SLOTS }, () => this.#random.chance(votes, 16));
    return packFlags(SLOTS, {
      voted: (slot) => voted[slot]!,
      delivered: (slot) => this.#random.chance(voted[slot] ? deliveries : 4, 16),
    });
  }

  #offer(seat: number, parent?: Twin) {
    const random = this.#random;
    return {
      seat,
      burnBid: 5n * TOKEN + BigInt(random.index(Number(6n * TOKEN))),
      shareBps: this.#fairShareBps || random.index(10_001),
      transcript: Array.from({ length: SLOTS }, () => random.index(PROVERS + 1)),
      ...(parent && { parent }),
    };
  }

  #seats(count: number): number[] {
    const first = this.#random.index(SEATS);
    return Array.from({ length: count }, (_, i) => 1 + ((first + i) % SEATS));
  }

  async #commitFresh(): Promise<Twin[]> {
    const open: Twin[] = [];
    const { game } = this.#twins;
    for (const seat of this.#seats(3)) {
      await this.#twins.settle(seat, game.round.height + 1);
      await this.#twins.settle(seat, game.round.height);
      open.push(await this.#twins.commit({ ...this.#offer(seat), ...(open.length === 0 && { txCount: 1 }) }));
    }
    return open;
  }

  /** An attempt in which nothing is proven, where it can be made: then the commits of the next one. */
  async #fail(open: readonly Twin[]): Promise<Twin[]> {
    const { game } = this.#twins;
    await this.#twins.until("proposalEnds");
    const live = open.find(({ block }) => game.isLive(block));
    if (live) await this.#twins.reveal(live);
    await this.#twins.until(live ? "provingEnds" : "revealEnds", 1);
    this.seen.add("next attempt");
    await this.#settleAll();
    return this.#commitFresh();
  }

  async #height(commits: readonly Twin[]): Promise<Twin[]> {
    const { game } = this.#twins;
    await this.#twins.until("proposalEnds");
    let open = commits.filter(({ block }) => game.isLive(block));
    if (open.length === 0) open = await this.#fail([]);
    await this.#twins.until("proposalEnds");
    for (const twin of open) await this.#twins.reveal(twin);
    for (const twin of open.slice(0, 2)) await this.#prove(twin);
    const next = await this.#commitAhead(open);
    await this.#twins.until("provingEnds", 1);
    for (const twin of open.slice(0, 2)) await this.#deliver(twin);
    const isLate = this.#random.chance(1, 3);
    if (isLate) this.seen.add("late advance");
    await this.#twins.until("acceptanceEnds", isLate ? this.#twins.quarter : 0);
    await this.#twins.advance();
    if (game.decided.at(-1)!.paid.length > 1) this.seen.add("uncle");
    for (const twin of open) await this.#judge(twin);
    await this.#settleAll();
    await this.#twins.addStake(1 + this.#random.index(PROVERS), BigInt(this.#random.index(100)) * ETHER + 1n);
    await this.#twins.compare();
    return game.isOver ? this.#commitFresh() : next;
  }

  async #prove(twin: Twin): Promise<void> {
    if (this.#random.chance(1, 2)) {
      await this.#twins.handIn(twin, 1 + this.#random.index(2), this.#flags(12, 16));
      this.seen.add("early hand-in");
    }
    await this.#twins.submit(twin, this.#flags(14, 13));
    if (await this.#twins.submit(twin, this.#flags(15, 14))) this.seen.add("improvement");
  }

  async #deliver(twin: Twin): Promise<void> {
    const { proven, held } = twin.block;
    const owed = held.findIndex(
      (prover, slot) => slot > 0 && prover !== 0 && !hasFlag(proven!.flags, "delivered", slot),
    );
    if (owed < 0 || this.#random.chance(1, 8)) return;
    await this.#twins.handIn(twin, owed, packFlags(SLOTS, { voted: () => true, delivered: () => true }));
    this.seen.add("hand-in");
  }

  async #commitAhead(parents: readonly Twin[]): Promise<Twin[]> {
    const next: Twin[] = [];
    const height = this.#twins.game.round.height + 1;
    for (const seat of this.#seats(3)) {
      await this.#twins.settle(seat, height);
      for (const parent of parents.slice(0, next.length === 0 ? 2 : 1)) {
        next.push(await this.#twins.commit(this.#offer(seat, parent)));
        this.seen.add(next.filter(({ block }) => block.seat === seat).length > 1 ? "branch" : "commit ahead");
      }
    }
    return next;
  }

  async #judge(twin: Twin): Promise<void> {
    for (let prover = 1; prover <= PROVERS; prover++) if (await this.#twins.slash(twin, prover)) this.seen.add("slash");
  }

  async #settleAll(): Promise<void> {
    for (let seat = 1; seat <= SEATS; seat++)
      for (const height of [1, 2]) if (await this.#twins.settle(seat, height)) this.seen.add("forfeit");
  }
}

describe("the simulator and the contracts", function () {
  this.timeout(600_000);
  const seen = new Set<string>();

  for (const [name, changes] of Object.entries(GAMES)) {
    it(`come to the same winners, burns, pay, forfeits and slashes: ${name}`, async () => {
      const seed = process.env["B52_TRACE_SEED"] ?? "2";
      console.log(`      seed: ${seed} (B52_TRACE_SEED)`);
      const economics = { ...economicsOf(profile), ...WINDOWS, ...changes };
      const twins = await Twins.open({ profile, economics, provers: PROVERS, seats: SEATS });
      try {
        const trace = new Trace(twins, new Random(`fidelity/${seed}/${name}`));
        await trace.play();
        trace.seen.forEach((event) => seen.add(event));
      } finally {
        await twins.close();
      }
    });
  }

  it("have met everything that the traces are for", () => {
    expect([...seen].sort()).to.deep.equal([...EVENTS].sort());
  });
});
