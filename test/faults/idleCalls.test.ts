import { expect } from "chai";
import { connectRollup } from "../../src/chain/client.ts";
import { openConnection } from "../../src/chain/connection.ts";
import { headOf } from "../../src/chain/head.ts";
import { connectProvider } from "../../src/chain/provider.ts";
import { HeadClock } from "../../src/daemon/watch/headClock.ts";
import { NO_LOG } from "../../src/log/index.ts";
import { waitUntil } from "../../src/roles/action.ts";
import { L1Reader } from "../../src/roles/l1Reader.ts";
import { drive, Waker } from "../../src/roles/loop.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { deploySmall, smallParameters } from "../support/smallRollup.ts";
import { startNode } from "../support/testNode.ts";
import { until } from "./faultyChain.ts";
import { startProxy } from "./rpcProxy.ts";

/** Seconds between blocks, and blocks that are counted. */
const BLOCK_SECONDS = 1;
const BLOCKS = 8;
/** In proportion to the default of half a second on a chain with twelve seconds. */
const POLL_MS = 42;

describe("an idle program", () => {
  it("asks L1 at most three times a block", async function () {
    this.timeout(60_000);
    const node = await startNode();
    const proxy = await startProxy(node.url);
    const stop = new AbortController();
    const deployer = await openConnection(node.url);
    const deployment = await deploySmall(deployer, smallParameters("idle"));
    const provider = await connectProvider(proxy.url);
    const running: Promise<unknown>[] = [];
    try {
      const client = await connectRollup(provider, deployment);
      await proxy.ask("evm_setIntervalMining", [BLOCK_SECONDS]);
      const clock = new HeadClock({ latest: () => headOf(provider), pollMs: POLL_MS });
      const reader = new L1Reader({ client, head: () => clock.head });
      running.push(clock.run(stop.signal));
      clock.onHead(() => void reader.read().catch(() => undefined));
      let looks = 0;
      const next = async () => {
        looks++;
        const { now } = await reader.read();
        return waitUntil(now + 1_000n);
      };
      const role = { name: "idle", next, perform: () => Promise.resolve() };
      running.push(drive(role, { clock, reader, waker: new Waker(), log: NO_LOG, maxSleep: 12n }, stop.signal));
      const seen = (): number => clock.head?.number ?? 0;
      const begin = await until("a few blocks", () => seen() > deployment.started.number + 4).then(seen);
      const [calls, looked] = [proxy.calls.length, looks];
      await until(`${BLOCKS} blocks`, () => seen() >= begin + BLOCKS);
      const asked = proxy.calls.slice(calls).map(({ method }) => method);
      const perBlock = asked.length / (seen() - begin);
      expect(looks - looked, "it has looked at each block").to.be.at.least(BLOCKS - 1);
      expect(perBlock, `${perBlock} calls a block: ${asked.join(" ")}`).to.be.within(1.5, 3);
    } finally {
      stop.abort();
      await Promise.allSettled(running);
      provider.destroy();
      await deployer.close();
      await proxy.close();
      await node.stop();
      await removeDeployment(deployment);
    }
  });
});
