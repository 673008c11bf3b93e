import { expect } from "chai";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { sendBlobs } from "../../src/chain/blobTransaction.ts";
import { DEVELOPMENT_ECONOMICS, leastDelays } from "../../src/deploy/economics.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { castOf, extras, transfersOf } from "../../src/sim/cast.ts";
import { decideHeight } from "../../src/sim/decideHeight.ts";
import { openL1 } from "../../src/sim/l1.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { createWorld } from "../../src/sim/world.ts";
import { removeJournals } from "../support/removeJournals.ts";
import { GETH, startGeth, startNode, type TestNode } from "../support/testNode.ts";

const seed = "real time";
const profile = PROFILES.dev;

const windows = { ...DEVELOPMENT_ECONOMICS, proposalWindow: 2, acceptanceWindow: 32 };
const economics = { ...windows, ...leastDelays(windows) };

interface Decided {
  readonly paid: number;
  readonly stateRoot: bigint;
  readonly expectedRoot: bigint;
  /** Of the chain, seconds. */
  readonly timestamp: number;
}

/**
 * Decides a height on a chain whose clock nobody moves.
 * @param blockSeconds of a node that has to be told; without it, transactions make blocks, or it knows itself
 */
async function decide(start: () => Promise<TestNode>, blockSeconds?: number): Promise<Decided> {
  const node = await start();
  try {
    const l1 = await openL1({ url: node.url, isRealTime: true });
    const cast = castOf(seed, l1.provider, extras({ provers: 2, proposers: 1, users: 2 }));
    // Chains that begin in the same second are told apart by nothing else.
    const label = `real time ${blockSeconds}`;
    const world = await createWorld({ l1, profile, cast, label, economics, prover: new TrapdoorProver(profile) });
    // A node reads its KZG setup with its first blob, and that takes anvil seconds.
    const { revealer } = cast.proposers[0]!;
    const first = { to: await revealer.getAddress(), data: "0x", gasLimit: 30_000n, slots: 1 };
    await sendBlobs("begin", revealer, { ...first, sidecars: [await makeSidecar([1n])] });
    // What comes before has nothing to wait for.
    if (blockSeconds !== undefined)
      await l1.connection.provider.request({ method: "evm_setIntervalMining", params: [blockSeconds] });
    const transfers = transfersOf(cast.users, world.state, world.rules.domain, 2);
    const { advance } = await decideHeight(world, transfers);
    const { timestamp } = (await l1.provider.getBlock("latest"))!;
    const stateRoot = await world.client.rollup.stateRoot();
    await l1.connection.close();
    await removeJournals(world.client.deployment);
    return { paid: advance.paid.length, stateRoot, expectedRoot: world.state.root, timestamp };
  } finally {
    await node.stop();
  }
}

describe("a world in real time", function () {
  this.timeout(180_000);

  it("decides a height where there is a block every second, and where there is one for every transaction", async () => {
    console.log(`      seed: ${seed}`);
    // Both wait most of the time: so they wait at the same time.
    for (const { paid, stateRoot, expectedRoot, timestamp } of await Promise.all([
      decide(startNode, 1),
      decide(startNode),
    ])) {
      expect(paid).to.equal(1);
      expect(stateRoot).to.equal(expectedRoot);
      expect(timestamp, "nobody moved the clock").to.be.at.most(Date.now() / 1_000 + 1);
    }
  });

  it("decides a height on geth, which takes other proofs of blobs", async function () {
    if (GETH === undefined) return this.skip();
    const { paid, stateRoot, expectedRoot } = await decide(() => startGeth(1));
    expect(paid).to.equal(1);
    expect(stateRoot).to.equal(expectedRoot);
  });
});
