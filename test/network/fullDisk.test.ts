import { expect } from "chai";
import { readFile } from "node:fs/promises";
import type { Devnet } from "../../src/devnet/devnet.ts";
import type { DevnetNode } from "../../src/devnet/node.ts";
import { DEVNET_PROFILE } from "../../src/devnet/stage.ts";
import type { DevnetStatus, ProgramStatus } from "../../src/devnet/status.ts";
import { decodeTranscript } from "../../src/protocol/transcript.ts";
import { fulfilledSlots, type L1Commit, type PaidBlock } from "../../src/roles/index.ts";
import { MEBIBYTE, SmallDisk } from "../support/smallDisk.ts";
import { startDevnet, until } from "./watched.ts";

/** Of a disk that a program has for itself: above what it wants free. What is left when it is nearly full. */
const DISK_MEBIBYTES = 500;
const LOW = 60 * MEBIBYTE;

const HEIGHTS = 900;

describe("a network in which the disks of a prover and of a proposer fill up", function () {
  this.timeout(2_400_000);
  let devnet: Devnet;
  let nodes: readonly DevnetNode[];
  const disks: SmallDisk[] = [];

  before(async function () {
    devnet = await startDevnet("full disk", { provers: 4 });
    nodes = [devnet.node("prover-4"), devnet.node("proposer-2")];
    for (const node of nodes) {
      await node.stop();
      disks.push(await SmallDisk.move(this, node.role.dataDir, DISK_MEBIBYTES));
      await devnet.restart(node);
    }
  });
  after(async function () {
    await devnet.stop();
    for (const disk of disks) disk.unmount();
    devnet.removeTraces(!this.test!.parent!.tests.every(({ state }) => state === "passed"));
  });

  const heightOf = ({ l1 }: DevnetStatus): number => l1.round.round.height;
  const index = (): number => devnet.stage.world.cast.provers.find(({ name }) => name === nodes[0]!.name)!.index;
  const isNamed = ({ transcript }: L1Commit): boolean => transcript.includes(index());
  const isCommitted = ({ commitment }: L1Commit): boolean => commitment.proposer === nodes[1]!.role.address;
  const hasNoRoom = ({ trouble = "" }: ProgramStatus): boolean => /disk/.test(trouble);
  const saySo = ({ programs }: DevnetStatus): boolean =>
    nodes.every(({ name }) => programs.some((program) => program.name === name && hasNoRoom(program)));
  const fill = (left: number) => Promise.all(disks.map((disk) => disk.fill(left)));

  /** Commits of the next height, once there are some that were made from offers of this one. */
  const nextAfter = async (status: DevnetStatus, what: string): Promise<readonly L1Commit[]> => {
    const found = await until(
      devnet,
      what,
      ({ l1 }) => l1.round.round.height > heightOf(status) && l1.round.phase === "Delivering" && l1.next.length > 0,
      HEIGHTS,
    );
    return found.l1.next;
  };

  it("counts on them while they have room", async () => {
    const isMeant = ({ l1: { next } }: DevnetStatus): boolean => next.some(isNamed) && next.some(isCommitted);
    await until(devnet, "both are in commits to one height", isMeant, HEIGHTS);
  });

  it("goes on without them when their disks are nearly full, and when they are full", async () => {
    for (const left of [LOW, 0]) {
      await fill(left);
      const full = await until(devnet, "they say so", saySo);
      const next = await nextAfter(full, `commits with ${left} bytes left`);
      expect(next.filter(isNamed), `${left} bytes left`).to.deep.equal([]);
      expect(next.filter(isCommitted), `${left} bytes left`).to.deep.equal([]);
    }
  });

  it("has them back when there is room", async () => {
    for (const disk of disks) await disk.makeRoom();
    const begun = await until(devnet, "both have room", ({ programs }) => !programs.some(hasNoRoom));
    await until(devnet, "the prover is named again", ({ l1 }) => l1.next.some(isNamed), HEIGHTS);
    await until(devnet, "the proposer commits again", ({ l1 }) => l1.next.some(isCommitted), HEIGHTS);
    const isEarned = (block: PaidBlock): boolean =>
      block.height > heightOf(begun) &&
      fulfilledSlots(block).some((slot) => decodeTranscript(DEVNET_PROFILE, block.transcript)[slot] === index());
    await until(devnet, "the prover has earned again", ({ l1 }) => l1.paid.some(isEarned), HEIGHTS);
  });

  it("has lost nothing: books balance, both have run all the time and said what is wrong", async () => {
    const { conserved, restarts } = await devnet.balance();
    expect(conserved).to.equal(true);
    expect(restarts, "the test alone has started programs again").to.equal(nodes.length);
    for (const { name, program } of nodes) {
      const lines = (await readFile(program!.logFile, "utf8"))
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as { level: string; code: string; part?: string; time: string });
      expect(
        lines.filter(({ level }) => level === "error"),
        name,
      ).to.deep.equal([]);
      const times = lines
        .filter(({ code, part }) => code === "not-ready" && part === "disk")
        .map(({ time }) => Date.parse(time));
      expect(times.length, name).to.be.greaterThan(0);
      for (const [i, time] of times.slice(1).entries()) expect(time - times[i]!, name).to.be.at.least(59_000);
    }
  });
});
