import { expect } from "chai";
import { network } from "hardhat";
import { getCandidate, getLane, transfer } from "../../src/chain/index.ts";
import { hasFlag } from "../../src/protocol/flags.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { decodeTranscript } from "../../src/protocol/transcript.ts";
import {
  nextProposer,
  PROPOSER_DEFAULTS,
  PROVER_DEFAULTS,
  type ProposerAction,
  type ProverAction,
  type ProverPolicy,
} from "../../src/roles/index.ts";
import { without } from "../../src/roles/without.ts";
import { castOf, extras, type Prover as Party, transfersOf } from "../../src/sim/cast.ts";
import { l1Of } from "../../src/sim/l1.ts";
import { Swarm } from "../../src/sim/swarm.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { createWorld } from "../../src/sim/world.ts";

const profile = PROFILES.dev;
const TOKEN = 10n ** 18n;
const TIMEOUT_MS = 180_000;

describe("provers that nobody helps", () => {
  it("submit a block that its proposer leaves, fill up their stake, and leave with it", async function () {
    this.timeout(TIMEOUT_MS);
    const connection = await network.create();
    const l1 = await l1Of(connection);
    const cast = castOf("unaided", l1.provider, extras({ provers: 4, proposers: 1, users: 2 }));
    const world = await createWorld({ l1, profile, prover: new TrapdoorProver(profile), cast });
    const { client, rules } = world;
    const swarm = await Swarm.create(world, { seed: "unaided" });
    const [bluffer] = cast.proposers as [(typeof cast.proposers)[0]];
    const [, poor, leaver] = cast.provers as [Party, Party, Party, Party];
    await transfer(client, l1.deployer, poor.address, 100n * TOKEN);
    await transfer(client, l1.deployer, bluffer.address, 100n * TOKEN);
    // In both lanes.
    const { deposit: deposited } = await getLane(client, bluffer.address, 0);

    // Its order is open and its provers work, but it brings nothing to L1; and it has one height in it.
    const bluffing = without(
      nextProposer,
      ({ kind }, { l1: { round } }) =>
        kind === "submit" || kind === "handIn" || (kind === "commit" && round.commitRound?.height !== 1),
    );
    const done: (readonly [who: string, action: ProverAction])[] = [];
    const policyOf = (party: Party): ProverPolicy => ({
      ...PROVER_DEFAULTS,
      ...{ jobs: 4, costPerForest: TOKEN, exit: party === leaver },
      ...(party === poor && { stake: { floor: world.stake + 50n * TOKEN, target: world.stake + 60n * TOKEN } }),
    });
    let fillUps = 0;
    const stop = new AbortController();
    const ended = new Promise<void>((resolve, reject) => {
      const finish = (): void => {
        const kinds = done.map(([, { kind }]) => kind);
        const all = ["complete", "addStake", "withdraw", "claim"] as const;
        if (fillUps > 0 && all.every((kind) => kinds.includes(kind))) resolve();
      };
      const begin = async (): Promise<void> => {
        const beginning = swarm.clock.busy();
        const policy = {
          ...{ ...PROPOSER_DEFAULTS, burnBid: 100_000n, maxBid: 100_000n, advanceAfter: undefined },
          deposit: { floor: deposited, target: deposited + 50_000n },
        };
        const onDone = ({ kind }: ProposerAction): void => {
          if (kind !== "deposit") return;
          fillUps++;
          finish();
        };
        const members = [await swarm.proposer({ policy, next: bluffing, onDone }, bluffer)];
        const provers = await Promise.all(
          cast.provers.map(async (party) => {
            const onDone = (action: ProverAction): void => {
              done.push([party.name, action]);
              finish();
            };
            return swarm.prover({ policy: policyOf(party), onDone }, party);
          }),
        );
        const serves = { advanceAfter: 60, settles: true, slashes: true };
        const follower = await swarm.follower({ name: "follower", policy: serves }, { signer: l1.deployer });
        const roles = [follower, ...[...members, ...provers].map(({ role }) => role)];
        for (const role of roles) role.run(stop.signal).catch(reject);
        const send = await swarm.sender(cast.users[0]!);
        await send(transfersOf(cast.users, world.state, rules.domain, 2));
        beginning();
      };
      begin().catch(reject);
    });
    await ended;
    stop.abort(new Error("done"));
    await swarm.idle();

    // One prover has sent the forest, all three that have voted are in it, and it was paid.
    expect(done.filter(([, { kind }]) => kind === "complete")).to.have.length(1);
    const { rollup, registry } = client;
    const [advanced] = await rollup.queryFilter(rollup.filters.Advanced());
    const { proposalId } = advanced!.args;
    expect((await getCandidate(client, proposalId))!.proposer).to.equal(bluffer.address);
    const [committed] = await rollup.queryFilter(rollup.filters.Committed());
    const transcript = decodeTranscript(profile, committed!.args.transcript);
    const flags = [...(await rollup.flagsOf(proposalId))];
    const staying = cast.provers.filter((party) => party !== leaver).map(({ index }) => index);
    expect(transcript).to.include.members(staying).and.to.not.include(leaver.index);
    for (const [slot, index] of transcript.entries())
      if (index !== 0) expect(hasFlag(flags, "delivered", slot), `slot ${slot}`).to.equal(true);
    expect(await client.court.queryFilter(client.court.filters.Slashed())).to.deep.equal([]);

    // What the block's bid has burnt of the proposer's lane is there again, and more: 10 tokens and 5.
    expect(fillUps).to.equal(1);
    expect((await getLane(client, bluffer.address, 1)).deposit).to.equal(deposited + 50_000n);
    expect((await getLane(client, bluffer.address, 0)).deposit).to.equal(deposited);

    // The one's stake was filled up once, the other has its stake back.
    expect((await registry.proverOf(poor.index)).stake).to.equal(world.stake + 60n * TOKEN);
    expect(done.filter(([, { kind }]) => kind === "addStake")).to.have.length(1);
    expect(done.filter(([who]) => who === leaver.name).map(([, { kind }]) => kind)).to.deep.equal([
      ...["requestExit", "keep", "withdraw"],
    ]);
    expect(await client.token.balanceOf(leaver.address)).to.equal(world.stake);
    await connection.close();
  });
});
