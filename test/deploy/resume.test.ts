import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type L1Connection, openConnection, type RpcRequest } from "../../src/chain/connection.ts";
import { connectRollup } from "../../src/chain/client.ts";
import { WrongChainError } from "../../src/chain/errors.ts";
import { NoEtherError } from "../../src/deploy/deploy.ts";
import { DeploymentFailedError } from "../../src/deploy/runModule.ts";
import { developmentKeys } from "../../src/deploy/genesis.ts";
import { Wallet } from "ethers";
import { decideInRealTime } from "../support/decideInRealTime.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { removeJournals } from "../support/removeDeployment.ts";
import { deploySmall, smallParameters } from "../support/smallRollup.ts";
import { GETH, startGeth, startNode, type TestNode } from "../support/testNode.ts";

/** A connection whose process ends at the `count`-th transaction: before the node has it, or right after. */
function dyingAt(connection: L1Connection, count: number, when: "before" | "after"): L1Connection {
  let sent = 0;
  const request = async (call: RpcRequest): Promise<unknown> => {
    const isLast = call.method === "eth_sendTransaction" && ++sent === count;
    if (isLast && when === "before") throw new Error("killed");
    const answer = await connection.provider.request(call);
    if (isLast) throw new Error("killed");
    return answer;
  };
  return { ...connection, provider: { request } };
}

describe("a deployment that was cut off", () => {
  let node: TestNode;
  let connection: L1Connection;

  before(async () => {
    node = await startNode();
    connection = await openConnection(node.url);
  });
  after(async () => {
    await removeJournals({ chainId: 31_337n, genesisBlock: (await connection.ethers.provider.getBlock(0))!.hash! });
    await connection.close();
    await node.stop();
  });

  for (const when of ["before", "after"] as const) {
    it(`goes on by itself when it was killed ${when} the node had its transaction`, async () => {
      const parameters = smallParameters(`killed ${when}`);
      const [deployer] = await connection.ethers.getSigners();
      const first = await deployer!.getNonce();
      for (const count of [3, 4, 1]) {
        const error = await deploySmall(dyingAt(connection, count, when), parameters).catch(
          (reason: unknown) => reason,
        );
        expect(error).to.be.instanceOf(DeploymentFailedError);
        expect((error as Error).message).to.match(
          /^the deployment stopped: .*killed; expected .* goes on where it stopped/,
        );
      }
      const steps: [number, number][] = [];
      const deployment = await deploySmall(connection, parameters, { onStep: (_, ...step) => steps.push(step) });
      await connectRollup(connection.ethers.provider, deployment);
      expect(steps.at(-1)![0], "every step that was left is told").to.equal(steps.at(-1)![1]);
      expect(steps.length).to.be.within(8, 21);
      // 21 transactions: none was sent twice.
      expect((await deployer!.getNonce()) - first).to.equal(21);
    });
  }

  it("says why it stopped, and what to do", async () => {
    const poor = Wallet.createRandom().privateKey;
    const [rich] = await connection.ethers.getSigners();
    await (await rich!.sendTransaction({ to: new Wallet(poor).address, value: 1n })).wait();
    const penniless = await openConnection(node.url, {}, poor);
    const error = await expectRejection(
      deploySmall(penniless, smallParameters("poor")),
      DeploymentFailedError,
      "deployment stopped: ",
    );
    expect(error.message, "the cause").to.match(/Gas estimation failed: \S+/);
    expect(error.message).to.match(/; expected every step to succeed: mend that and deploy again/);
    expect(error.message).to.not.contain(poor.slice(2));
    await penniless.close();
  });

  it("is not begun by an account without ether, and is another one's to begin", async () => {
    const { privateKey, address } = Wallet.createRandom();
    const penniless = await openConnection(node.url, {}, privateKey);
    const parameters = smallParameters("penniless");
    await expectRejection(deploySmall(penniless, parameters), NoEtherError, `${address} has no ether, expected some`);
    await penniless.close();
    await deploySmall(connection, parameters);
  });

  it("signs with a key of ours where there is one", async () => {
    const key = developmentKeys(10).at(-1)!;
    const own = await openConnection(node.url, {}, key);
    const deployment = await deploySmall(own, smallParameters("own key"));
    const client = await connectRollup(own.ethers.provider, deployment);
    expect(await client.bridge.deployer()).to.equal(new Wallet(key).address);
    await own.close();
  });
});

describe("geth for development", function () {
  before(function () {
    if (GETH === undefined) {
      console.log("      skipped: no geth (./b52 setup --geth builds one)");
      this.skip();
    }
  });

  for (const period of [0, 1]) {
    it(`takes a deployment with a period of ${period} s, and another one after a restart`, async () => {
      const parameters = smallParameters(`geth ${period}`);
      const found = [];
      for (let run = 0; run < 2; run++) {
        const node = await startGeth(period);
        const connection = await openConnection(node.url);
        try {
          const deployment = await deploySmall(connection, parameters);
          expect(await deploySmall(connection, parameters), "it is found again").to.deep.equal(deployment);
          await connectRollup(connection.ethers.provider, deployment);
          if (found[0]) {
            expect(deployment.genesisBlock, "chains have the same block 0").to.equal(found[0].genesisBlock);
            // A chain that is still shorter than the other one was is refused for that.
            while ((await connection.ethers.provider.getBlockNumber()) < found[0].started.number) await sleep(200);
            await expectRejection(
              connectRollup(connection.ethers.provider, found[0]),
              WrongChainError,
              "a development chain that was restarted (use the node of the deployment, or deploy again: b52 deploy)",
            );
          }
          found.push(deployment);
        } finally {
          if (run === 1) await removeJournals(found[0]!);
          await connection.close();
          await node.stop();
        }
      }
    });
  }

  it("decides a height in real time, with a block every second and with one for every transaction", async function () {
    this.timeout(180_000);
    const nodes = await Promise.all([startGeth(0), startGeth(1)]);
    try {
      const worlds = nodes.map((node, period) => decideInRealTime(node, `geth, period ${period}`));
      for (const { paid, stateRoot, expectedRoot } of await Promise.all(worlds)) {
        expect(paid).to.equal(1);
        expect(stateRoot).to.equal(expectedRoot);
      }
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  });
});
