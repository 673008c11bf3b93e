import { expect } from "chai";
import { network } from "hardhat";
import { getCandidate } from "../../src/chain/index.ts";
import { NodeDatabase } from "../../src/database/index.ts";
import { hasFlag } from "../../src/protocol/flags.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { roundId, roundOf } from "../../src/protocol/round.ts";
import { decodeTranscript } from "../../src/protocol/transcript.ts";
import {
  type Drop,
  Journal,
  nextProposer,
  nextProver,
  PROPOSER_DEFAULTS,
  PROVER_DEFAULTS,
  type Proposer,
  type ProposerAction,
  proposerEntry,
  type ProposerPolicy,
  type Prover,
  type ProverAction,
  type ProverPolicy,
} from "../../src/roles/index.ts";
import { without } from "../../src/roles/without.ts";
import { castOf, extras, type Prover as Party, transfersOf } from "../../src/sim/cast.ts";
import { l1Of } from "../../src/sim/l1.ts";
import { type Member, Swarm } from "../../src/sim/swarm.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { createWorld } from "../../src/sim/world.ts";
import { rollupName } from "../../src/sync/index.ts";

const profile = PROFILES.dev;
const TIMEOUT_MS = 180_000;
const HEIGHTS = 4;

const proposing: ProposerPolicy = {
  ...PROPOSER_DEFAULTS,
  ...{ burnBid: 100_000n, maxBid: 100_000n, branches: 1, advanceAfter: undefined, claimFeesFrom: undefined },
};
const proving: ProverPolicy = { ...PROVER_DEFAULTS, capacity: 14, jobs: 4, fills: 2, fillsWhatPays: false };

/** A role with a journal that can be ended and begun again. */
class Restartable<R extends { run(signal: AbortSignal): Promise<void> }> {
  readonly #create: () => Promise<Member<R>>;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #member: Member<R> | undefined;
  restarts = 0;

  constructor(create: () => Promise<Member<R>>) {
    this.#create = create;
  }

  get role(): R {
    return this.#member!.role;
  }

  async start(onEnd: (error: unknown) => void): Promise<void> {
    this.#member = await this.#create();
    this.#running = this.#member.role.run(this.#stop.signal).catch(onEnd);
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("stopped"));
    await this.#running;
    await this.#member!.leave();
  }

  async restart(onEnd: (error: unknown) => void): Promise<void> {
    await this.stop();
    this.#stop = new AbortController();
    this.restarts++;
    await this.start(onEnd);
  }
}

describe("roles over gossip in memory", () => {
  it("take four heights through their life, whatever some of them do", async function () {
    this.timeout(TIMEOUT_MS);
    const connection = await network.create();
    const l1 = await l1Of(connection);
    const cast = castOf("roles", l1.provider, extras({ provers: 5, proposers: 2, users: 6 }));
    const world = await createWorld({ l1, profile, prover: new TrapdoorProver(profile), cast });
    const { client, rules } = world;
    const rejected: string[] = [];
    const swarm = await Swarm.create(world, {
      seed: "roles",
      onVerdict: (peer, verdict, topic) => {
        if (verdict.verdict === "REJECT") rejected.push(`${peer} on ${topic}: ${verdict.reason}`);
      },
    });
    const [bob, sally] = cast.proposers as [(typeof cast.proposers)[0], (typeof cast.proposers)[0]];
    const [, , , shy, idle] = cast.provers as [Party, Party, Party, Party, Party];
    const done: (readonly [who: string, action: ProposerAction | ProverAction])[] = [];
    const note = (who: string) => (action: ProposerAction | ProverAction) => done.push([who, action]);

    // Sally commits to height 2 and never reveals; one prover votes and never proves; what another one proves, nobody
    // hears of.
    const silent = without(
      nextProposer,
      (action, { l1: { round } }) => action.kind === "reveal" && round.round.height === 2,
    );
    const withholding = without(nextProver, ({ kind }) => kind === "prove");
    const unheard = without(nextProver, ({ kind }) => kind === "publish");
    const drops: Drop[] = [];
    const databases = new Map<string, NodeDatabase>();
    for (const { name } of [...cast.proposers, ...cast.provers])
      databases.set(name, await NodeDatabase.inMemory(rollupName(client.deployment)));
    const seat = (name: string) => ({ database: databases.get(name)! });
    const proposer = (party: typeof bob, policy: Partial<ProposerPolicy>, next: typeof nextProposer) =>
      new Restartable<Proposer>(() =>
        swarm.proposer({ policy: { ...proposing, ...policy }, next, onDone: note(party.name) }, party, {
          ...seat(party.name),
          onDrop: (drop) => drops.push(drop),
        }),
      );
    const prover = (party: Party) =>
      new Restartable<Prover>(() =>
        swarm.prover(
          {
            ...{ policy: proving, onDone: note(party.name) },
            ...(party === idle && { next: withholding }),
            ...(party === shy && { next: unheard }),
          },
          party,
          seat(party.name),
        ),
      );
    // Bob commits on both blocks that may become final. What he needs for a reveal is on disk before a commit is sent.
    const owner = rollupName(client.deployment);
    let checked = 0;
    const careful: typeof nextProposer = (view, own, policy) => {
      const action = nextProposer(view, own, policy);
      if (action.kind !== "commit") return action;
      const { entries } = new Journal(databases.get(bob.name)!.store(bob.name), proposerEntry, owner);
      const draft = entries.find((entry) => entry.kind === "draft" && entry.proposalId === action.proposalId);
      if (draft?.kind !== "draft") throw new Error("the draft is not on disk");
      expect(draft.salt).to.match(/^0x[0-9a-f]{64}$/);
      for (const { blobProof, cellProofs, proof } of draft.blobs)
        expect([blobProof, cellProofs, proof].every((bytes) => bytes.length > 90)).to.equal(true);
      checked += draft.blobs.length;
      return action;
    };
    const bobs = proposer(bob, { branches: 2 }, careful);
    const roles = [
      bobs,
      proposer(sally, { burnBid: 90_000n, maxBid: 90_000n, proverShareBps: 7_000 }, silent),
      ...cast.provers.map(prover),
    ];

    const send = await swarm.sender(cast.users[0]!);
    await new Promise<void>((resolve, reject) => {
      const stop = new AbortController();
      const onEnd = (error: unknown): void => reject(error instanceof Error ? error : new Error(String(error)));
      let isRestarted = false;
      const finish = async (): Promise<void> => {
        stop.abort(new Error("done"));
        for (const role of roles) await role.stop();
      };
      const follow = async (): Promise<void> => {
        const follower = await swarm.follower(
          {
            name: "follower",
            policy: { advanceAfter: 60, settles: true, slashes: true },
            onDone: ({ kind }) => {
              if (kind === "sync" && heights++ === HEIGHTS - 1) finish().then(resolve, reject);
            },
          },
          { signer: l1.deployer },
        );
        await follower.run(stop.signal);
      };
      let heights = 0;
      const unwatch = swarm.reader.watch(() => {
        // In the middle of height 2: committed, and not revealed. A prover has promised, and not proven.
        void swarm.reader.read().then(async ({ next }) => {
          if (isRestarted || !next.some(({ commitment }) => commitment.proposer === bob.address)) return;
          isRestarted = true;
          unwatch();
          const atWork = swarm.clock.busy();
          await bobs.restart(onEnd);
          await roles[2]!.restart(onEnd);
          atWork();
        }, reject);
      });
      follow().catch(reject);
      const begin = async (): Promise<void> => {
        // Who is not there yet hears nothing.
        const beginning = swarm.clock.busy();
        for (const role of roles) await role.start(onEnd);
        await send(transfersOf(cast.users, world.state, rules.domain, 6));
        beginning();
      };
      begin().catch(reject);
    });
    await swarm.idle();

    // All heights are final, and the L2 that was followed is the one that L1 has.
    const { rollup } = client;
    const advanced = await rollup.queryFilter(rollup.filters.Advanced());
    expect(advanced.map(({ args }) => roundOf(args.roundId).height)).to.deep.equal([1, 2, 3, 4]);
    expect(await rollup.stateRoot()).to.equal(advanced[3]!.args.stateRoot);
    expect(checked, "blobs whose proofs were on disk").to.be.greaterThan(0);

    // Provers have proven transfers of which they had nothing but blobs.
    const revealed = await rollup.queryFilter(rollup.filters.Revealed());
    const winners = revealed.filter(({ args }) => advanced.some((each) => each.args.proposalId === args.proposalId));
    expect(winners.reduce((sum, { args }) => sum + Number(args.txCount), 0)).to.equal(6);
    expect(winners.flatMap(({ args }) => args.blobHashes)).to.not.deep.equal([]);
    expect(drops.length).to.be.greaterThan(0);
    expect(new Set(drops.map(({ reason }) => reason))).to.deep.equal(new Set(["included"]));

    // Height 1 has a winner and an uncle that were paid; what the idle prover withheld, others have filled in.
    const paid = await rollup.queryFilter(rollup.filters.CandidatePaid());
    const first = paid.filter(({ blockNumber }) => blockNumber === advanced[0]!.blockNumber);
    expect(first.map(({ args }) => [args.proposer, Number(args.place)])).to.deep.equal([
      [bob.address, 0],
      [sally.address, 1],
    ]);
    const commits = (await rollup.queryFilter(rollup.filters.Committed())).map(({ args }) => args);
    const winner = commits.find(({ proposer: who }) => who === bob.address)!;
    const transcript = decodeTranscript(profile, winner.transcript);
    const flags = await rollup.flagsOf(advanced[0]!.args.proposalId);
    const delivered = transcript.map((_, slot) => hasFlag([...flags], "delivered", slot));
    expect(delivered).to.deep.equal(transcript.map((index) => index !== idle.index));
    expect(transcript).to.include(idle.index);
    // Nobody else had the proofs of the one that is not heard: it has shown L1 all of them at once.
    const own = transcript.flatMap((index, slot) => (index === shy.index ? [slot] : []));
    const handIns = done.filter(([who, action]) => who === shy.name && action.kind === "handIn");
    expect(own).to.not.deep.equal([]);
    const [winning] = advanced;
    expect(
      handIns.flatMap(([, action]) =>
        action.kind === "handIn" && action.proposalId === winning!.args.proposalId ? [action.slots] : [],
      ),
    ).to.deep.equal([own]);
    const filled = done.filter(
      ([, { kind, ...action }]) => kind === "prove" && !("isNamed" in action && action.isNamed),
    );
    expect(filled.length).to.be.greaterThan(0);

    // Whoever has voted and not delivered is charged, and nobody else.
    const slashed = await client.court.queryFilter(client.court.filters.Slashed());
    expect(slashed.map(({ args }) => args.proposalId)).to.include(winning!.args.proposalId);
    expect(new Set(slashed.map(({ args }) => Number(args.proverIndex)))).to.deep.equal(new Set([idle.index]));

    // The height after was committed to before the one before was decided, and revealed without an advance between.
    const second = roundId({ height: 2, attempt: 1 });
    const pipelined = commits.filter(({ terms }) => terms >> 104n === second);
    const refs = pipelined.map(({ proposer: who, terms }) => `${who} on seat ${terms & 0xff_ffffn}`);
    expect(refs).to.have.members([
      `${bob.address} on seat 1`,
      `${bob.address} on seat 2`,
      `${sally.address} on seat 1`,
    ]);
    const decidedAt = (await l1.provider.getBlock(advanced[0]!.blockNumber))!.timestamp;
    for (const { committedAt } of pipelined) expect(Number(committedAt)).to.be.lessThan(decidedAt);

    // Who withholds is not chosen again: in the first two heights it is named, in the last one no more.
    const named = (height: number): boolean[] =>
      commits
        .filter(({ terms }) => terms >> 104n === roundId({ height, attempt: 1 }))
        .map(({ transcript: encoded }) => decodeTranscript(profile, encoded).includes(idle.index));
    expect([...named(1), ...named(2)]).to.not.include(false);
    expect(named(4)).to.not.be.empty.and.to.not.include(true);

    // One commit for each seat, round and parent, restart or not; and nobody made the same proof twice.
    const seats = commits.map(({ proposer: who, terms }) => `${who} ${terms >> 104n} ${terms & 0xff_ffffn}`);
    expect(new Set(seats).size).to.equal(seats.length);
    expect(bobs.restarts + roles[2]!.restarts).to.equal(2);
    const proofs = done.flatMap(([who, action]) =>
      action.kind === "prove" ? [`${who} ${action.proposalId} ${action.slot}`] : [],
    );
    expect(new Set(proofs).size).to.equal(proofs.length);

    // Bob's block of height 2 was revealed after his restart and won; Sally's was not, and forfeits its whole bid.
    expect(paid.filter(({ blockNumber }) => blockNumber === advanced[1]!.blockNumber)).to.have.length(1);
    expect((await getCandidate(client, advanced[1]!.args.proposalId))!.proposer).to.equal(bob.address);
    const settled = await rollup.queryFilter(rollup.filters.Settled(sally.address, second));
    expect(settled.map(({ args }) => args.forfeited)).to.deep.equal([90_000n]);

    // Nobody promised more than it can keep on one parent, and nobody said anything that peers take for forged.
    for (const { name } of cast.provers) {
      const promised = new Map<string, number>();
      for (const [who, action] of done) {
        if (who !== name || action.kind !== "vote") continue;
        const place = `${action.roundNumber} ${action.parent}`;
        promised.set(place, (promised.get(place) ?? 0) + action.capacity);
      }
      for (const capacity of promised.values()) expect(capacity).to.be.at.most(proving.capacity);
    }
    expect(rejected).to.deep.equal([]);
    await connection.close();
  });
});
