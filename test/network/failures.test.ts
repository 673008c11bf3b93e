import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { getRoundState } from "../../src/chain/index.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import type { DevnetNode } from "../../src/devnet/node.ts";
import type { DevnetStatus } from "../../src/devnet/status.ts";
import { DEVNET_PROFILE } from "../../src/devnet/stage.ts";
import { decodeTranscript } from "../../src/protocol/transcript.ts";
import { fulfilledSlots, type L1Commit, type PaidBlock } from "../../src/roles/index.ts";
import { reached, startDevnet, until } from "./watched.ts";

/** One network, to which one thing after the other happens: a start costs a minute. */
describe("a network whose machines fail", function () {
  this.timeout(1_800_000);
  let devnet: Devnet;
  before(async () => {
    devnet = await startDevnet("failures");
  });
  after(async function () {
    await devnet.stop();
    devnet.removeTraces(!this.test!.parent!.tests.every(({ state }) => state === "passed"));
  });

  const ofProposer = (node: DevnetNode) => (commit: L1Commit) => commit.commitment.proposer === node.role.address;
  const heights = ({ figures }: DevnetStatus): number => figures.heights;

  it("decides heights, and pays uncles", async () => {
    const { figures } = await until(devnet, "two heights and an uncle", reached(2), 900);
    expect(figures.candidates).to.be.above(2);
    expect(figures.unclesPaid).to.be.above(0);
  });

  it("fills in for a prover that is killed while it has work, has it charged, and pays it again later", async () => {
    const { client, cast } = devnet.stage.world;
    const isNamed = (commit: L1Commit, index: number): boolean => commit.transcript.includes(index);
    // Whoever is named in every block of the round owes something, whichever is paid.
    const victimIn = ({ l1 }: DevnetStatus) =>
      l1.round.phase === "Revealing" && l1.open.length > 0 && l1.open.every(({ candidate }) => candidate === undefined)
        ? cast.provers.find(({ index }) => l1.open.every((commit) => isNamed(commit, index)))
        : undefined;
    const begun = await until(devnet, "a prover with work", (status) => victimIn(status) !== undefined);
    const victim = victimIn(begun)!;
    const node = devnet.node(victim.name);
    await node.kill();
    const stake = (await client.registry.proverOf(victim.index)).stake;
    await until(devnet, "its height is final", reached(heights(begun) + 1));
    await until(devnet, "it is charged", ({ figures }) => figures.slashed > begun.figures.slashed);
    expect((await client.registry.proverOf(victim.index)).stake).to.be.below(stake);

    await devnet.restart(node);
    const { height } = (await devnet.look()).l1.round.round;
    const isEarned = ({ transcript, ...block }: PaidBlock): boolean =>
      block.height > height &&
      fulfilledSlots({ transcript, ...block }).some(
        (slot) => decodeTranscript(DEVNET_PROFILE, transcript)[slot] === victim.index,
      );
    await until(devnet, "it has earned again", ({ l1 }) => l1.paid.some(isEarned));
  });

  it("has a block revealed whose proposer was killed after its commit, by the same proposer", async () => {
    const node = devnet.node("proposer-1");
    // On each block that may win: of a commit on another one nothing is ever revealed.
    const isOnAll = ({ l1: { open, next } }: DevnetStatus): boolean => {
      const parents = next.filter(ofProposer(node)).map(({ parent }) => parent);
      const proven = open.filter(({ candidate }) => candidate !== undefined);
      return proven.length > 0 && proven.every(({ proposalId }) => parents.includes(proposalId));
    };
    const begun = await until(
      devnet,
      "it has committed, and reveals are not due",
      (status) => status.l1.round.phase === "Delivering" && isOnAll(status),
    );
    const meant = begun.l1.next.filter(ofProposer(node)).map(({ proposalId }) => proposalId);
    await node.kill();
    await devnet.restart(node);
    const isRevealed = ({ proposalId, reveal }: L1Commit): boolean =>
      meant.includes(proposalId) && reveal !== undefined;
    await until(devnet, "what it had committed to is revealed", ({ l1 }) => l1.open.some(isRevealed), 180);
  });

  it("goes on when L1 was away for a minute", async () => {
    const before = await devnet.look();
    const restarts = (): number[] => devnet.nodes.map((node) => node.restarts);
    const restartsBefore = restarts();
    const { pid } = devnet.l1!.program;
    process.kill(-pid, "SIGSTOP");
    await sleep(60_000);
    process.kill(-pid, "SIGCONT");
    await until(devnet, "another height", reached(heights(before) + 1), 900);
    expect(restarts(), "no program has given up").to.deep.equal(restartsBefore);
  });

  it("goes on after a reorganisation of three blocks that takes back the decision of a height", async () => {
    const before = await devnet.look();
    const restarts = (): number[] => devnet.nodes.map((node) => node.restarts);
    const restartsBefore = restarts();
    const decided = await until(devnet, "a height", reached(heights(before) + 1), 900);
    await devnet.stage.world.l1.connection.provider.request({ method: "anvil_reorg", params: [3, []] });
    expect(heights(await devnet.look()), "it is decided no more").to.equal(heights(decided) - 1);
    await until(devnet, "two more heights", reached(heights(decided) + 1), 900);
    expect(restarts(), "no program has ended").to.deep.equal(restartsBefore);
  });

  it("lets a late follower reach the same L2", async () => {
    const late = await devnet.addFollower("late");
    const { client } = devnet.stage.world;
    const rootOf = async (): Promise<unknown> => {
      const answer = await fetch(`${late.addresses!.api}/v1/accounts`);
      return ((await answer.json()) as { after?: { stateRoot: string } }).after?.stateRoot;
    };
    const deadline = performance.now() + 120_000;
    for (;;) {
      const { advanceDue } = await getRoundState(client);
      const onL1 = `0x${(await client.rollup.stateRoot()).toString(16).padStart(64, "0")}`;
      if (!advanceDue && (await rootOf()) === onL1) break;
      if (performance.now() > deadline) expect(await rootOf()).to.equal(onL1);
      await sleep(500);
    }
  });

  it("has balanced books after all that", async () => {
    const { conserved, heights: final, restarts } = await devnet.balance();
    expect(conserved).to.equal(true);
    expect(final).to.be.at.least(5);
    expect(restarts).to.equal(2);
  });
});
