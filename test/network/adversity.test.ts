import { expect } from "chai";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Devnet } from "../../src/devnet/devnet.ts";
import { startL1 } from "../../src/devnet/l1.ts";
import type { DevnetNode } from "../../src/devnet/node.ts";
import type { DevnetStatus, ProgramStatus } from "../../src/devnet/status.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { indexAt } from "../../src/protocol/transcript.ts";
import { fulfilledSlots, type PaidBlock } from "../../src/roles/index.ts";
import { projectPath } from "../../src/setup/project.ts";
import { all, some, tooMany } from "../faults/faults.ts";
import { type RpcProxy, startProxy } from "../faults/rpcProxy.ts";
import { floodFrom, forgedWorld } from "./forgedWorld.ts";
import { reached, startDevnet, until } from "./watched.ts";

const CUT = `--import=${projectPath("test", "network", "cutNetwork.mjs")}`;

/** Programs on the far side of the cut; the follower and the others are on the near one. */
const FAR = ["proposer-2", "prover-4", "prover-5", "prover-6"];

const STOPPED_MS = 120_000;

const FLOOD = { seconds: 60, perSecond: 1_000 };

/** One network, to which one thing after the other happens: a start costs a minute. */
describe("a network that has everything against it", function () {
  this.timeout(1_800_000);
  let folder: string;
  let proxy: RpcProxy;
  let devnet: Devnet;
  const cutFile = (name: string): string => join(folder, `${name}.json`);
  const heights = ({ figures }: DevnetStatus): number => figures.heights;

  /** What was begun, to be ended in the other order. */
  const ends: (() => unknown)[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-adversity-"));
    const l1 = await startL1("hardhat", folder, new AbortController().signal);
    ends.push(() => l1.program.stop());
    proxy = await startProxy(l1.url);
    ends.push(() => proxy.close());
    devnet = await startDevnet("adversity", {
      l1: { url: l1.url },
      // Only programs have a bad node: what watches them sees L1 as it is.
      env: ({ name }) => ({ B52_RPC: proxy.url, NODE_OPTIONS: CUT, CUT_FILE: cutFile(name) }),
    });
    ends.push(() => devnet.stop());
    proxy.behave = all(some("cut", 0.02, "cut"), some("429", 0.05, tooMany));
  });
  after(async function () {
    for (const end of ends.reverse()) await end();
    await rm(folder, { recursive: true });
    devnet.removeTraces(!this.test!.parent!.tests.every(({ state }) => state === "passed"));
  });

  /** Whether a block was committed that names provers of both sides. */
  const isJoint = ({ l1: { open, next } }: DevnetStatus): boolean => {
    const far = devnet.stage.world.cast.provers.filter(({ name }) => FAR.includes(name)).map(({ index }) => index);
    return [...open, ...next].some(({ transcript }) => {
      const named = transcript.filter((index) => index > 0);
      return named.some((index) => far.includes(index)) && named.some((index) => !far.includes(index));
    });
  };

  it("decides a height behind a bad node of L1 while it is cut in two", async () => {
    const portOf = ({ addresses }: DevnetNode): number => Number(/\/tcp\/(\d+)\//.exec(addresses!.addresses[0]!)![1]);
    const isFar = ({ name }: { readonly name: string }): boolean => FAR.includes(name);
    const portsOn = (side: boolean): string =>
      JSON.stringify(devnet.nodes.filter((node) => isFar(node) === side).map(portOf));
    const begun = await devnet.look();
    for (const node of devnet.nodes) await writeFile(cutFile(node.name), portsOn(!isFar(node)));
    const sizes = { far: FAR.length, near: devnet.nodes.length - FAR.length };
    const isAlone = ({ name, peers = 0 }: ProgramStatus): boolean => peers < (isFar({ name }) ? sizes.far : sizes.near);
    const isCut = ({ programs }: DevnetStatus): boolean =>
      programs.every((program) => program.peers !== undefined && isAlone(program));
    await until(devnet, "each side sees itself alone", isCut, 60);
    const cut = await until(devnet, "a height", reached(heights(begun) + 1));
    expect(cut.programs.filter((program) => !isAlone(program))).to.deep.equal([]);
    // What was committed since the cut.
    expect(isJoint(cut), "a block names provers of both sides").to.equal(false);

    for (const node of devnet.nodes) await rm(cutFile(node.name));
    proxy.behave = () => "pass";
  });

  it("is one network again under a flood of 1,000 forged votes and bids a second", async () => {
    const begun = await until(
      devnet,
      "offers for the next height come",
      ({ l1: { round, open } }) => round.phase === "Delivering" && open.length > 0,
    );
    const victim = devnet.node("proposer-1");
    const flood = await floodFrom(forgedWorld(devnet, begun), victim.addresses!.addresses[0]!, FLOOD);
    console.log(`      ${flood.sent} sent by ${flood.lives} forgers`);
    expect(flood.sent).to.be.above(0.5 * FLOOD.seconds * FLOOD.perSecond);
    const joint = await until(devnet, "a block names provers of both sides", isJoint);
    expect(joint.l1.round.round.attempt).to.equal(1);
    await until(devnet, "a height", reached(heights(begun) + 1));
    expect(await rejectedBy(victim), "forgeries that it has found").to.be.at.least(flood.lives);
  });

  it("takes back a prover that was stopped for two minutes, which answers for what it had promised alone", async () => {
    const node = devnet.node("prover-1");
    const { client, cast } = devnet.stage.world;
    const { index } = cast.provers.find(({ name }) => name === node.name)!;
    const others = devnet.nodes.filter((other) => other !== node);
    const rejected = async (): Promise<number[]> => Promise.all(others.map(rejectedBy));
    const hasWork = ({ l1: { round, open } }: DevnetStatus): boolean =>
      round.phase === "Revealing" && open.some((commit) => commit.transcript.includes(index));
    const begun = await until(devnet, "it is named", hasWork);
    const rejectedBefore = await rejected();
    process.kill(-node.program!.pid, "SIGSTOP");
    let promised: readonly string[];
    try {
      promised = await votesOf(node);
      // The others fill in for it.
      await Promise.all([sleep(STOPPED_MS), until(devnet, "a height without it", reached(heights(begun) + 1))]);
    } finally {
      process.kill(-node.program!.pid, "SIGCONT");
    }
    const { height } = (await devnet.look()).l1.round.round;
    await until(devnet, "it is ready", ({ programs }) => troubleOf(programs, node) === undefined, 60);
    // In a round that opened after it went on.
    const hasEarned = ({ transcript, ...block }: PaidBlock): boolean =>
      block.height > height &&
      fulfilledSlots({ transcript, ...block }).some((slot) => indexAt(transcript, slot) === index);
    const earned = await until(devnet, "it has earned again", ({ l1 }) => l1.paid.some(hasEarned));

    const slashes = await client.court.queryFilter(client.court.filters.Slashed(undefined, index));
    const charged = slashes.map(({ args }) => toHex32(args.proposalId));
    const votes = await votesOf(node);
    console.log(`      ${promised.length} votes before, ${votes.length} now; charged for ${charged.length} blocks`);
    expect(promised, "votes before it was stopped").to.include.members(charged);
    expect(votes, "no vote is given twice").to.deep.equal([...new Set(votes)]);
    expect(earned.l1.provers[index - 1]!.isEligible, "it is eligible").to.equal(true);
    expect(await rejected(), "forgeries that others have found").to.deep.equal(rejectedBefore);
  });

  it("has balanced books after all that", async () => {
    const { conserved, restarts } = await devnet.balance();
    expect(conserved).to.equal(true);
    expect(restarts).to.equal(0);
    for (const { name, program } of devnet.nodes)
      expect(await readFile(program!.logFile, "utf8"), name).to.not.contain('"level":"error"');
  });
});

/** Why a program cannot do its work, as it says; undefined if nothing keeps it from it. */
const troubleOf = (programs: readonly ProgramStatus[], { name }: DevnetNode): string | undefined =>
  programs.find((program) => program.name === name)!.trouble;

/** proposalIds of the blocks that a prover has voted for, as its log has them. */
async function votesOf({ program }: DevnetNode): Promise<readonly string[]> {
  const lines = (await readFile(program!.logFile, "utf8")).split("\n");
  return lines.flatMap((line) => /"code":"done".*"action":"vote","proposal":"(0x[0-9a-f]{64})"/.exec(line)?.[1] ?? []);
}

/** Messages that a program has rejected since its start. */
async function rejectedBy({ addresses }: DevnetNode): Promise<number> {
  const metrics = await (await fetch(`${addresses!.status}/metrics`)).text();
  const counts = [...metrics.matchAll(/^b52_gossip_messages_total\{.*verdict="REJECT".*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
