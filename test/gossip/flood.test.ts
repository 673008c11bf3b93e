import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { setTimeout as sleep } from "node:timers/promises";
import { id } from "ethers";
import { encodeMessage, type GossipView, type KnownProposal, sealEnvelope } from "../../src/gossip/index.ts";
import { keyOf } from "../../src/protocol/keys.ts";
import { proposalId } from "../../src/protocol/proposal.ts";
import { signVote } from "../../src/protocol/vote.ts";
import { projectPath } from "../../src/setup/project.ts";
import { until } from "../support/until.ts";
import { identityOf, proposal, PROVER, secrets, viewOf, vote, wallets } from "./fixture.ts";
import { checker, startLine, stopNodes } from "./libp2pSwarm.ts";

/** Seconds of the flood; the longer one is for `./b52 test --network`. */
const SECONDS = Number(process.env.B52_FLOOD_SECONDS ?? 10);
const PER_SECOND = 1_000;

/** Honest votes: two a second for as long as the flood lasts, for as many proposals. */
const HONEST = 2 * SECONDS;

describe(`a flood of ${PER_SECOND.toLocaleString("en")} forged messages a second for ${SECONDS} s`, function () {
  this.timeout(1_000 * SECONDS + 60_000);
  afterEach(stopNodes);

  it("leaves the event loop free, honest votes get through, and only forgers lose their standing", async () => {
    const known = Array.from({ length: HONEST }, (_, i) => ({ ...proposal, orderCommitment: id(`honest ${i}`) }));
    const base = viewOf(false);
    const view: GossipView = {
      ...base,
      proposals: new Map([
        ...base.proposals,
        ...known.map((one): [bigint, KnownProposal] => [proposalId(one), { proposal: one, committed: undefined }]),
      ]),
      // The liar is registered.
      provers: new Map([...base.provers, [keyOf(secrets.user), { ...PROVER, index: 2, owner: wallets.user.address }]]),
    };
    const [victim, honest] = await startLine(["victim", "honest"], () => ({ view: () => view }));
    const heard = victim!.gossip.subscribe("votes");
    const times = new Map<bigint, number>();
    const latencies: number[] = [];
    void (async () => {
      for await (const { message } of heard) {
        const sentAt = times.get(message.proposalId);
        if (sentAt !== undefined) latencies.push(performance.now() - sentAt);
      }
    })();

    // Its thread starts with the first message.
    await checker.check([{ topic: "votes", message: vote }]);
    const program = projectPath("test", "gossip", "forger.ts");
    const args = [victim!.addresses[0]!, `${SECONDS}`, `${PER_SECOND}`];
    const forger = spawn(process.execPath, ["--import", "tsx", program, ...args], {
      cwd: projectPath(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(forger, "exit");
    const output = text(forger.stdout);
    await until("the forger is there", () => victim!.status().peers >= 2, 30_000);
    const idle = await idleLoop();
    const lag = monitorEventLoopDelay({ resolution: 5 });
    lag.enable();
    const identity = await identityOf(wallets.prover);
    for (const one of known) {
      const message = signVote(secrets.prover, { ...vote, proposalId: proposalId(one) });
      times.set(message.proposalId, performance.now());
      await honest!.gossip.publish("votes", sealEnvelope(identity, "votes", encodeMessage("votes", message)));
      await sleep(1_000 / 2);
    }
    lag.disable();
    // What the machine itself adds when other programs want its processors.
    const baseline = await idle();
    expect((await ended)[0], "exit code of the forger").to.equal(0);
    const { sent, lives } = JSON.parse(await output) as { sent: number; lives: number };
    await until("all honest votes have come", () => latencies.length === HONEST);

    const stats = victim!.status().gossip;
    const peers = await victim!.peers();
    const p99 = lag.percentile(99) / 1e6;
    const arrived = stats.arrived.votes + stats.arrived.proposals;
    const worst = Math.max(...latencies);
    console.log(
      `      ${sent} sent by ${lives} forgers, ${arrived} of all messages looked at; lag p99 ${p99.toFixed(1)} ms, ` +
        `of an idle loop ${baseline.toFixed(1)} ms; honest votes took ${worst.toFixed(0)} ms at most; ` +
        JSON.stringify(stats.reasons),
    );
    expect(sent).to.be.greaterThan(0.5 * PER_SECOND * SECONDS);
    expect(latencies, "honest votes").to.have.length(HONEST);
    expect(worst, "ms for an honest vote").to.be.lessThan(3_000);
    expect(p99 - baseline, "p99 of the event loop's lag, ms").to.be.lessThan(100);
    expect(stats.verdicts.votes.ACCEPT).to.equal(HONEST);
    expect(peers.find(({ id: peer }) => peer === honest!.peerId)!.score).to.be.at.least(0);
    expect(stats.reasons["bad network signature"]).to.be.greaterThan(0);
    expect(stats.reasons["certificate is not the owner's"]).to.be.greaterThan(0);
    expect(stats.reasons["bad vote signature"]).to.be.greaterThan(0);
    expect(stats.reasons["sender has lied in this round"]).to.be.greaterThan(0);
  });
});

/** An event loop beside this one that has nothing to do. @returns how to end it: p99 of its lag, ms */
async function idleLoop(): Promise<() => Promise<number>> {
  const code = `
    const { parentPort } = require("node:worker_threads");
    const lag = require("node:perf_hooks").monitorEventLoopDelay({ resolution: 5 });
    lag.enable();
    parentPort.once("message", () => parentPort.postMessage(lag.percentile(99) / 1e6));
    parentPort.postMessage("ready");`;
  const worker = new Worker(code, { eval: true });
  await once(worker, "message");
  return async () => {
    worker.postMessage("end");
    const [p99] = (await once(worker, "message")) as [number];
    await worker.terminate();
    return p99;
  };
}
