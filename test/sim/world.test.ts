import { expect } from "chai";
import { getCandidate, getRoundState } from "../../src/chain/index.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { castOf, extras, transfersOf } from "../../src/sim/cast.ts";
import { decideHeight } from "../../src/sim/decideHeight.ts";
import { openL1 } from "../../src/sim/l1.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { createWorld, type World } from "../../src/sim/world.ts";

const seed = "world";
const profile = PROFILES.dev;

describe("a world", () => {
  let world: World;

  before(async () => {
    console.log(`      seed: ${seed}`);
    const l1 = await openL1();
    const cast = castOf(seed, l1.provider, extras({ provers: 4, proposers: 1, users: 3 }));
    world = await createWorld({ l1, profile, cast, prover: new TrapdoorProver(profile) });
  });
  after(() => world.l1.connection.close());

  it("has registered provers, seated proposers, and users on the L2", async () => {
    const { client, cast, stake, state } = world;
    for (const { index, address, key } of cast.provers) {
      const { owner, stake: staked } = await client.registry.proverOf(index);
      expect([owner, staked, await client.registry.keyOf(index)]).to.deep.equal([address, stake, key]);
    }
    for (const { address } of cast.proposers) expect(await client.rollup.seatOf(address)).to.be.greaterThan(0n);
    expect(await client.rollup.stateRoot()).to.equal(state.root);
    for (const { account, key } of cast.users) expect(state.account(account).key).to.equal(key);
  });

  it("decides heights by the same steps as real ones, on proofs that L1 verifies", async () => {
    const { client, cast, rules } = world;
    for (const height of [1, 2]) {
      const transfers = transfersOf(cast.users, world.state, rules.domain, 3);
      const { block, advance } = await decideHeight(world, transfers);
      const [winner] = advance.paid;
      expect([winner!.proposalId, winner!.place]).to.deep.equal([block.draft.proposalId, 0]);
      const candidate = await getCandidate(client, block.draft.proposalId);
      expect([candidate?.provers, candidate?.fulfilledWeight]).to.deep.equal([4n, BigInt(slotCount(profile))]);
      expect(await client.rollup.stateRoot()).to.equal(world.state.root);
      expect((await getRoundState(client)).commitRound!.height).to.equal(height + 1);
    }
  });
});
