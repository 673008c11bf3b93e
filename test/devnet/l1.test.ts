import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonRpcProvider } from "ethers";
import { defaultL1, type L1Kind, startL1 } from "../../src/devnet/l1.ts";
import { describeBlobTransactions, overHttp } from "../chain/describeBlobTransactions.ts";
import { until } from "../support/until.ts";

const KINDS: readonly L1Kind[] = defaultL1() === "anvil" ? ["anvil", "hardhat"] : ["hardhat"];

/** One of those that a devnet starts. */
async function start(kind: L1Kind): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "b52-devnet-l1-"));
  const { url, program } = await startL1(kind, folder, new AbortController().signal);
  return {
    url,
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true });
    },
  };
}

for (const kind of KINDS) {
  // While it makes blocks by the clock: Hardhat takes blobs only where it mines each transaction at once.
  describeBlobTransactions(`a devnet's ${kind}`, async () => overHttp(await start(kind)));

  describe(`the clock of a devnet's ${kind}`, () => {
    it("goes with everybody's, whether there are transactions or not", async () => {
      const node = await start(kind);
      const provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1, staticNetwork: true });
      try {
        const first = await provider.getBlockNumber();
        await until("blocks without a transaction", async () => (await provider.getBlockNumber()) >= first + 2);
        const signer = await provider.getSigner();
        const to = await signer.getAddress();
        // A block for each would take its clock as many seconds ahead if no two could have the same time.
        await Promise.all(Array.from({ length: 20 }, () => signer.sendUncheckedTransaction({ to })));
        await until("they are mined", async () => (await provider.getTransactionCount(to)) >= 20);
        const ahead = (await provider.getBlock("latest"))!.timestamp - Date.now() / 1_000;
        expect(ahead, "seconds that L1 is ahead").to.be.within(-5, 5);
      } finally {
        provider.destroy();
        await node.stop();
      }
    });
  });
}
