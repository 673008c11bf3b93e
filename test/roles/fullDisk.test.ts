import { expect } from "chai";
import { network } from "hardhat";
import { join } from "node:path";
import { getCandidate } from "../../src/chain/index.ts";
import { NodeDatabase } from "../../src/database/index.ts";
import { type LogLine, logTo } from "../../src/log/index.ts";
import { hasFlag } from "../../src/protocol/flags.ts";
import { keyHash, keyOf } from "../../src/protocol/keys.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { roundOf } from "../../src/protocol/round.ts";
import { unpackTerms } from "../../src/protocol/terms.ts";
import { decodeTranscript } from "../../src/protocol/transcript.ts";
import { PROPOSER_DEFAULTS, PROVER_DEFAULTS } from "../../src/roles/index.ts";
import { castOf, extras } from "../../src/sim/cast.ts";
import { l1Of } from "../../src/sim/l1.ts";
import { Swarm } from "../../src/sim/swarm.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { createWorld } from "../../src/sim/world.ts";
import { LevelStore } from "../../src/state/index.ts";
import { rollupName, SyncedState } from "../../src/sync/index.ts";
import { MEBIBYTE, SmallDisk } from "../support/smallDisk.ts";

const profile = PROFILES.dev;
const TIMEOUT_MS = 180_000;

/** What must be free before anything is promised, and what is left when the disk is nearly full. */
const MIN_FREE = 16 * MEBIBYTE;
const LOW = 10 * MEBIBYTE;

/** Heights at whose beginning the disk becomes nearly full, full, and empty; in the last one it earns. */
const AT = { low: 2, full: 3, room: 4, end: 6 } as const;

describe("a prover and a proposer whose disk fills up", () => {
  let disk: SmallDisk | undefined;
  after(() => disk?.unmount());

  it("sign nothing, then do nothing, say so, and go on when there is room, with all that they had", async function () {
    this.timeout(TIMEOUT_MS);
    disk = await SmallDisk.mount(this, 64);
    const { folder } = disk;
    const connection = await network.create();
    const l1 = await l1Of(connection);
    const cast = castOf("full disk", l1.provider, extras({ provers: 2, proposers: 2, users: 1 }));
    const world = await createWorld({ l1, profile, prover: new TrapdoorProver(profile), cast });
    const { client } = world;
    const lines: LogLine[] = [];
    const swarm = await Swarm.create(world, { seed: "full disk", log: logTo((line) => lines.push(line)) });
    const [bob, sally] = cast.proposers as [(typeof cast.proposers)[0], (typeof cast.proposers)[0]];
    const [poor, ...others] = cast.provers as [(typeof cast.provers)[0], ...typeof cast.provers];
    const rollup = rollupName(client.deployment);
    const open = async (name: string) => ({
      database: await NodeDatabase.open(join(folder, name), rollup, { minFree: MIN_FREE }),
      store: await LevelStore.open(join(folder, `${name}-l2`)),
    });
    const seats = { bob: await open(bob.name), poor: await open(poor.name) };

    // All votes that anybody hears.
    const listener = await swarm.node(cast.users[0]!);
    listener.hearing.listen(listener.gossip, ["proposals", "votes"], () => undefined);
    const proposing = { ...PROPOSER_DEFAULTS, burnBid: 100_000n, maxBid: 100_000n, advanceAfter: undefined };
    const proving = { ...PROVER_DEFAULTS, capacity: 7, jobs: 4 };
    const stop = new AbortController();
    const done: { readonly height: number; readonly kind: string }[] = [];
    let height = 1;
    const note = ({ kind }: { readonly kind: string }): void => void done.push({ height, kind });
    await new Promise<void>((resolve, reject) => {
      const earn = (action: { readonly kind: string }): void => {
        note(action);
        if (action.kind === "claim" && height === AT.end) resolve();
      };
      const change = async (next: number): Promise<void> => {
        const changing = swarm.clock.busy();
        if (next === AT.low) await disk!.fill(LOW);
        if (next === AT.full) await disk!.fill();
        if (next === AT.room) await disk!.makeRoom();
        changing();
      };
      swarm.reader.watch(() => {
        const next = swarm.reader.latest?.round.round.height ?? height;
        if (next === height) return;
        height = next;
        change(next).catch(reject);
      });
      const begin = async (): Promise<void> => {
        const beginning = swarm.clock.busy();
        const bids = { burnBid: 90_000n, maxBid: 90_000n };
        const members = await Promise.all([
          swarm.proposer({ policy: proposing, onDone: note }, bob, seats.bob),
          swarm.proposer({ policy: { ...proposing, ...bids } }, sally),
          swarm.prover({ policy: proving, onDone: earn }, poor, seats.poor),
          ...others.map((party) => swarm.prover({ policy: proving }, party)),
        ]);
        const policy = { advanceAfter: 60, settles: false, slashes: false };
        const follower = await swarm.follower({ name: "follower", policy }, { signer: l1.deployer });
        for (const role of [follower, ...members.map((member) => member.role)]) role.run(stop.signal).catch(reject);
        beginning();
      };
      begin().catch(reject);
    });
    stop.abort(new Error("done"));
    await swarm.idle();

    // Nobody counts on those who have no room.
    const { filters } = client.rollup;
    const commits = (await client.rollup.queryFilter(filters.Committed())).map(({ args }) => ({
      proposer: args.proposer,
      height: roundOf(unpackTerms(args.terms).roundId).height,
      transcript: decodeTranscript(profile, args.transcript),
    }));
    const heightsOf = (isMeant: (commit: (typeof commits)[0]) => boolean): Set<number> =>
      new Set(commits.filter(isMeant).map((commit) => commit.height));
    const expected = [AT.low - 1, AT.low, AT.room + 1, AT.end];
    expect(heightsOf(({ proposer }) => proposer === bob.address)).to.have.all.keys(expected);
    expect(heightsOf(({ transcript }) => transcript.includes(poor.index))).to.have.all.keys(expected);
    expect(heightsOf(() => true)).to.include.all.keys([AT.full, AT.room]);

    // What was promised before is kept with little room, and nothing new is promised; they say so.
    const doneIn = (from: number, to: number): Set<string> =>
      new Set(done.filter((action) => action.height >= from && action.height < to).map(({ kind }) => kind));
    expect(doneIn(AT.low, AT.full)).to.include.all.keys("reveal", "prove", "publish", "submit");
    for (const kind of ["draft", "offer", "commit", "vote"])
      expect(doneIn(AT.low, AT.room).has(kind), kind).to.equal(false);
    for (const [role, kind] of [
      [bob.name, "draft"],
      [poor.name, "vote"],
    ] as const) {
      const said = lines.filter(({ fields }) => fields["role"] === role).map(({ message }) => message);
      expect(said.some((message) => message.startsWith(`${kind} is put off: the disk of `))).to.equal(true);
    }
    for (const { level, code } of lines) if (level === "warn") expect(code).to.be.oneOf(["put-off", "looks-again"]);
    expect(lines.filter(({ level }) => level === "error")).to.deep.equal([]);

    // Nothing is owed: each slot that it was given in a final block is delivered.
    const advanced = (await client.rollup.queryFilter(filters.Advanced())).map(({ args }) => args);
    expect(advanced.map(({ roundId }) => roundOf(roundId).height)).to.deep.equal([1, 2, 3, 4, 5]);
    for (const { proposalId, roundId } of advanced) {
      const flags = [...(await client.rollup.flagsOf(proposalId))];
      const { proposer } = (await getCandidate(client, proposalId))!;
      const { transcript } = commits.find(
        (commit) => commit.height === roundOf(roundId).height && commit.proposer === proposer,
      )!;
      for (const [slot, index] of transcript.entries())
        if (index === poor.index) expect(hasFlag(flags, "delivered", slot), `slot ${slot}`).to.equal(true);
    }

    // All that it has said is on disk, and so is the L2.
    for (const { database, store } of Object.values(seats)) {
      database.close();
      await store.close();
    }
    const { database, store } = await open(poor.name);
    const key = keyOf(poor.secret);
    const said = [...listener.hearing.votes.values()].flat().filter((vote) => keyHash(vote.key) === key);
    const kept = database.duties.of(`${key}`).map(({ subject, state }) => `${subject} ${state}`);
    expect(said.length).to.be.greaterThan(AT.low);
    expect(kept).to.include.members(said.map(({ proposalId }) => `${proposalId} signed`));
    const synced = await SyncedState.open(store, client.deployment, () =>
      Promise.reject(new Error("it has a genesis")),
    );
    expect(synced.head.height).to.be.at.least(AT.end - 2);
    expect(synced.state.root).to.equal(advanced[synced.head.height - 1]!.stateRoot);
    database.close();
    await store.close();
    await connection.close();
  });
});
