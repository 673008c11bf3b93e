import type { CommittedBlock } from "../block/commitDraft.ts";
import type { Advance } from "../chain/index.ts";
import { slotCount } from "../protocol/nodes.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import {
  type Builder,
  commitIn,
  committedBlock,
  draftIn,
  nextProver,
  PROPOSER_DEFAULTS,
  PROVER_DEFAULTS,
  type Proposer,
  type ProposerAction,
  type ProposerPolicy,
  type ProposerResult,
  type Prover,
  type ProverAction,
  type ProverPolicy,
  without,
} from "../roles/index.ts";
import type { Prover as CastProver } from "../sim/cast.ts";
import { type Member, Swarm } from "../sim/swarm.ts";
import { traceBlock } from "../state/trace.ts";
import { count, publicData, scoreText, tokens } from "./format.ts";
import { burnsAtProof, type Offer, record, sizeFactorIn } from "./round.ts";
import type { Stage } from "./stage.ts";

export interface PlayOptions {
  /** Happens in the acceptance window, when all orders are open. */
  readonly meanwhile?: () => Promise<void>;
  /** Provers that vote, and prove nothing. */
  readonly idle?: readonly CastProver[];
}

/** What came of an attempt at a height. */
export interface Played {
  readonly blocks: readonly CommittedBlock[];
  /** Undefined when nothing was proven in time, and what was bid is forfeited in part. */
  readonly advanced: Advance | undefined;
}

/** Seconds that proposers give provers to vote where no window runs. */
const PATIENCE = 5;

/**
 * An attempt at the next height: each offer's proposer, all provers and a follower play their roles over gossip in
 * memory, and here is told what they do. They are told what to offer and for whom to vote, and nothing else.
 */
export async function play(world: Stage, offers: readonly Offer[], options: PlayOptions = {}): Promise<Played> {
  const attempt = new Attempt(world, offers, options);
  return attempt.run();
}

class Attempt {
  readonly #world: Stage;
  readonly #offers: readonly Offer[];
  readonly #options: PlayOptions;
  readonly #stop = new AbortController();
  readonly #proposers: Member<Proposer>[] = [];
  readonly #provers: Member<Prover>[] = [];
  readonly #blocks: (CommittedBlock | undefined)[];
  readonly #proofs = new Map<bigint, number>();
  #swarm!: Swarm;
  #revealed = 0;
  #settled = 0;
  #advanced: Advance | undefined;
  /** Proofs in hand, and since when there has been one. */
  #proving = { jobs: 0, since: 0 };

  constructor(world: Stage, offers: readonly Offer[], options: PlayOptions) {
    this.#world = world;
    this.#offers = offers;
    this.#options = options;
    this.#blocks = offers.map(() => undefined);
  }

  async run(): Promise<Played> {
    const { signal, l1 } = this.#world;
    const prover = { ...this.#timedProver(), keys: this.#world.prover.keys, close: () => Promise.resolve() };
    this.#swarm = await Swarm.create(
      { ...this.#world, prover },
      { seed: `demo ${await l1.provider.getBlockNumber()}` },
    );
    const all = AbortSignal.any([signal, this.#stop.signal]);
    const follower = await this.#swarm.follower(
      {
        name: "follower",
        policy: { advanceAfter: 0, settles: false, slashes: false },
        onDone: (_, { advanced }) => {
          if (advanced === undefined) return;
          this.#advanced = advanced;
          this.#end();
        },
      },
      { signer: l1.deployer },
    );
    for (const [i, offer] of this.#offers.entries()) this.#proposers.push(await this.#propose(offer, i));
    for (const each of this.#world.cast.provers) this.#provers.push(await this.#prove(each));
    const running = [follower, ...[...this.#proposers, ...this.#provers].map(({ role }) => role)];
    try {
      await Promise.all(running.map((role) => role.run(all).catch((error: unknown) => this.#fail(error))));
    } finally {
      await Promise.all([...this.#proposers, ...this.#provers].map((member) => member.leave()));
      await this.#swarm.idle();
    }
    signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    const blocks = this.#blocks.filter((block) => block !== undefined);
    if (this.#advanced !== undefined) await record(this.#world, this.#advanced, blocks);
    return { blocks, advanced: this.#advanced };
  }

  #failure: Error | undefined;

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#end();
  }

  #end(): void {
    this.#stop.abort(new Error("the attempt is over"));
  }

  #propose({ proposer, proverShareBps, burnBid, transfers }: Offer, i: number): Promise<Member<Proposer>> {
    const policy: ProposerPolicy = {
      ...PROPOSER_DEFAULTS,
      // What is told is what it bids, whatever others do; the follower makes blocks final.
      ...{ proverShareBps, burnBid, maxBid: burnBid, ahead: false, patience: PATIENCE },
      ...{ advanceAfter: undefined, claimFrom: undefined, claimFeesFrom: undefined },
    };
    const onDone = (action: ProposerAction, result: ProposerResult): void => {
      this.#tell(i, action, result).catch((error: unknown) => this.#fail(error));
    };
    // Each orders as it likes.
    const builder: Builder = { order: () => Promise.resolve(transfers) };
    return this.#swarm.proposer({ policy, onDone }, proposer, { builder });
  }

  #prove(each: CastProver): Promise<Member<Prover>> {
    const { cast, rules } = this.#world;
    const { idle = [] } = this.#options;
    const isIdle = idle.includes(each);
    const next = without(
      nextProver,
      (action) =>
        (action.kind === "vote" && !this.#isWanted(action.proposalId, each)) || (action.kind === "prove" && isIdle),
    );
    const policy: ProverPolicy = {
      ...PROVER_DEFAULTS,
      ...{ capacity: this.#offers.length * slotCount(rules.profile), costPerSlot: 1n, jobs: slotCount(rules.profile) },
      // One is enough to fill in for others, unless nobody is to prove anything.
      fills: cast.provers.find((other) => !idle.includes(other)) === each ? this.#offers.length : 0,
      ...{ fillsWhatPays: false, handsIn: false, claimFrom: undefined },
    };
    const onDone = (action: ProverAction): void => this.#count(action);
    return this.#swarm.prover({ policy, next, onDone }, each);
  }

  /** Whether an offer is one that the prover votes for in this story. */
  #isWanted(proposalId: bigint, each: CastProver): boolean {
    const i = this.#proposers.findIndex(({ role }) => role.own.drafts.some((draft) => draft.proposalId === proposalId));
    return this.#offers[i]?.voters.includes(each) ?? false;
  }

  #count(action: ProverAction): void {
    if (action.kind !== "prove") return;
    const { rules, tally, output } = this.#world;
    const made = (this.#proofs.get(action.proposalId) ?? 0) + 1;
    this.#proofs.set(action.proposalId, made);
    tally.proofs++;
    const i = this.#blocks.findIndex((block) => block?.draft.proposalId === action.proposalId);
    output.note(`  ${this.#offers[i]?.proposer.name}'s block: ${made}/${slotCount(rules.profile)} proofs`);
  }

  async #tell(i: number, action: ProposerAction, { submitted, forfeited }: ProposerResult): Promise<void> {
    const { output, tally } = this.#world;
    const { proposer, proverShareBps, burnBid, voters } = this.#offers[i]!;
    switch (action.kind) {
      case "commit": {
        const done = this.#swarm.clock.busy();
        const block = await this.#blockOf(i, action.proposalId).finally(done);
        this.#blocks[i] = block;
        const { bases, l1OpCount } = block.draft.executed;
        const behind = l1OpCount > 0 ? ` behind ${count(l1OpCount, "operation")} of L1` : "";
        const transfers = bases.reduce((sum, { txCount }) => sum + Number(txCount), 0);
        output.print(
          `  ${proposer.name} commits: bid ${tokens(burnBid * BID_UNIT)}, ${proverShareBps / 100} % to provers, ` +
            `${count(transfers, "transfer")}${behind}; votes of ${voters.map(({ name }) => name).join(", ")}`,
        );
        return;
      }
      case "reveal": {
        output.print(`  ${proposer.name} reveals the order: ${publicData(this.#blocks[i]!.draft)}`);
        if (++this.#revealed < this.#offers.length) return;
        tally.rounds.push((await this.#swarm.reader.read()).round.roundNumber);
        const done = this.#swarm.clock.busy();
        await this.#options.meanwhile?.().finally(done);
        done();
        return;
      }
      case "submit": {
        const { score, provers, receipt } = submitted!;
        tally.candidates++;
        if (burnsAtProof(this.#world)) tally.burned += burnBid * BID_UNIT;
        output.print(
          `  ${proposer.name}'s ${slotCount(this.#world.rules.profile)} proofs are verified on L1 in one pairing ` +
            `product (${receipt.gasUsed.toLocaleString("en")} gas): ${provers} distinct provers, ` +
            scoreText(score, sizeFactorIn(this.#world, this.#blocks[i]!)),
        );
        return;
      }
      case "settle": {
        tally.burned += forfeited! * BID_UNIT;
        tally.forfeited += forfeited! > 0n ? 1 : 0;
        output.print(`  ${proposer.name} forfeits ${tokens(forfeited! * BID_UNIT)} of the bid`);
        if (++this.#settled === this.#offers.length) this.#end();
        return;
      }
      default:
      // What nobody but the network notices.
    }
  }

  /** What a proposer has committed to, executed here once more: what it does becomes the state if it wins. */
  async #blockOf(i: number, proposalId: bigint): Promise<CommittedBlock> {
    const { rules, state } = this.#world;
    const { own } = this.#proposers[i]!.role;
    const { operations, elements } = draftIn(own, proposalId);
    const executed = traceBlock(state, { operations, elements }, rules);
    return committedBlock(own, commitIn(await this.#swarm.reader.read(), proposalId)!, executed, rules.domain);
  }

  /** Counts the time in which there is a proof in hand. */
  #timedProver() {
    const { prover, tally } = this.#world;
    return {
      prove: async (...parameters: Parameters<typeof prover.prove>): Promise<string> => {
        if (this.#proving.jobs++ === 0) this.#proving.since = performance.now();
        try {
          return await prover.prove(...parameters);
        } finally {
          if (--this.#proving.jobs === 0) tally.proveSeconds += (performance.now() - this.#proving.since) / 1000;
        }
      },
    };
  }
}
