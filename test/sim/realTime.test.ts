import { expect } from "chai";
import { DEVELOPMENT_ECONOMICS, leastDelays } from "../../src/deploy/economics.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { castOf, extras, transfersOf } from "../../src/sim/cast.ts";
import { decideHeight } from "../../src/sim/decideHeight.ts";
import { openL1 } from "../../src/sim/l1.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { createWorld } from "../../src/sim/world.ts";
import { startNode } from "../support/testNode.ts";

const seed = "real time";
const profile = PROFILES.dev;

const windows = { ...DEVELOPMENT_ECONOMICS, proposalWindow: 4, acceptanceWindow: 16 };
const economics = { ...windows, ...leastDelays(windows) };

// Nobody moves the clock of these chains.
describe("a world in real time", function () {
  this.timeout(180_000);

  for (const [what, blockSeconds] of [
    ["a chain with a block every second", 1],
    ["a chain with a block for every transaction", undefined],
  ] as const) {
    it(`decides a height on ${what}`, async () => {
      console.log(`      seed: ${seed}`);
      const node = await startNode(31_337, blockSeconds);
      try {
        const l1 = await openL1({ url: node.url, isRealTime: true });
        const cast = castOf(seed, l1.provider, extras({ provers: 2, proposers: 1, users: 2 }));
        const world = await createWorld({ l1, profile, cast, economics, prover: new TrapdoorProver(profile) });
        const transfers = transfersOf(cast.users, world.state, world.rules.domain, 2);
        const { advance } = await decideHeight(world, transfers);
        expect(advance.paid).to.have.length(1);
        expect(await world.client.rollup.stateRoot()).to.equal(world.state.root);
        const { timestamp } = (await l1.provider.getBlock("latest"))!;
        expect(timestamp, "nobody moved the clock").to.be.at.most(Date.now() / 1_000 + 1);
        await l1.connection.close();
      } finally {
        await node.stop();
      }
    });
  }
});
