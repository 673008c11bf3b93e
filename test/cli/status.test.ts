import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import type { SnapshotRestorer } from "@nomicfoundation/hardhat-network-helpers/types";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import * as actions from "../../src/chain/actions/index.ts";
import { statusCommand } from "../../src/cli/commands/status.ts";
import { readDeployment, writeDeployment } from "../../src/chain/deployment.ts";
import { createOperatorKeystore } from "../../src/operator/index.ts";
import { L1Reader } from "../../src/roles/index.ts";
import { claimsOf } from "../../src/roles/prover/standing.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { createMadeUpWorld, passTo, registerKey } from "../../src/sim/madeUp.ts";
import { decideBlock, draftBlock, fullTranscript, revealBlock } from "../../src/sim/madeUpBlock.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { runCommand } from "../support/runCommand.ts";
import { startNode, type TestNode } from "../support/testNode.ts";
import { toHex32 } from "../../src/protocol/hex.ts";

const profile = PROFILES.dev;

describe("b52 status", () => {
  let node: TestNode;
  let folder: string;
  let connection: NetworkConnection;
  let untouched: SnapshotRestorer;

  // A node's first blob takes it seconds: one node, whose chain begins anew for each test.
  before(async () => {
    node = await startNode();
    connection = await hre.network.create({ network: "rpc", override: { url: node.url } });
    untouched = await connection.networkHelpers.takeSnapshot();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-status-"));
  });
  afterEach(async () => {
    await removeDeployment(await readDeployment(join(folder, "deployment.json")));
    await untouched.restore();
    await rm(folder, { recursive: true });
  });
  after(async () => {
    await connection.close();
    await node.stop();
  });

  async function status(...args: string[]): Promise<string> {
    const options = ["--rpc", node.url, "--deployment", join(folder, "deployment.json"), ...args];
    const { code, stdout, stderr } = await runCommand([statusCommand], ["status", ...options]);
    expect(code, stderr).to.equal(0);
    return stdout;
  }

  it("shows the round and which commits lead, as text and as JSON", async () => {
    const economics = {
      scorePolicy: { kind: "plain", sizeRule: { countsHeight: true, countsTransactions: true } },
    } as const;
    const world = await createMadeUpWorld(connection, { profile, provers: 3, proposers: 3, economics });
    const { client, proposers } = world;
    // Who registers in the second in which a round opens does not count in it, and this node's seconds are real.
    await connection.networkHelpers.time.increase(2);
    await writeDeployment(join(folder, "deployment.json"), client.deployment);
    expect((await status()).split("\n")[0]).to.equal("phase       Waiting: the first commit opens the first round");
    expect(JSON.parse(await status("--json"))).to.include({ phase: "Waiting" });
    const draft = (i: number, burnBid: bigint, provers: number, parent?: Awaited<ReturnType<typeof draftBlock>>) =>
      draftBlock(world, {
        proposer: proposers[i]!,
        burnBid,
        transcript: fullTranscript(profile, provers),
        elements: 2,
        ...(parent && { parent }),
      });
    const blocks = [await draft(0, 1_000n, 2), await draft(1, 600n, 3)];
    const commitments = [];
    for (const block of blocks) commitments.push((await actions.commit(client, block.proposer, block)).commitment);
    await passTo(world, "proposalEnds");
    await revealBlock(world, blocks[0]!, commitments[0]!);
    const child = await draft(2, 77n, 3, blocks[0]);
    await actions.commit(client, child.proposer, child);

    const lines = (await status()).trimEnd().split("\n");
    expect(lines.slice(0, 3)).to.deep.equal([
      lines[0]!.match(/^phase {7}Revealing, \d+ s more$/)?.[0],
      "round       height 1, attempt 1",
      "commits     2, taken for height 2, attempt 1",
    ]);
    expect(lines.slice(-3).map((line) => line.trim().split(/ {2,}/))).to.deep.equal([
      // Only the first is revealed: 2 transactions are 2 binary digits of 3, in a tree of one level.
      ["1", "1", proposers[0]!.address, "0.1", "50 %", "2", "2", "16000000"],
      ["2", "1", proposers[1]!.address, "0.06", "50 %", "3", "1", "9720000"],
      ["1", "2", proposers[2]!.address, "0.0077", "50 %", "3", "1", "160083"],
    ]);

    const { phase, ranking } = JSON.parse(await status("--json")) as { phase: string; ranking: { proposer: string }[] };
    expect(phase).to.equal("Revealing");
    expect(ranking.map(({ proposer }) => proposer)).to.deep.equal([0, 1, 2].map((i) => proposers[i]!.address));
    expect(ranking[0]).to.include({ score: "16000000", sizeFactor: "2" });
    expect(ranking[2]).to.include({
      score: "160083",
      provers: 3,
      sizeFactor: "1",
      burnBid: "77",
      parentRef: 1,
      proposalId: toHex32(child.proposalId),
    });
    expect(ranking[2]).to.deep.include({ round: { height: 2, attempt: 1 } });
  });

  // Prover 3 holds every third of seven slots.
  for (const { paid, economics, slots } of [
    { paid: "by slot", economics: {}, slots: 2 },
    { paid: "by head", economics: { fairShareBps: 5_000 }, slots: 1 },
  ])
    it(`shows what an operator has, and what its prover has earned ${paid} and not claimed`, async () => {
      const world = await createMadeUpWorld(connection, { profile, provers: 2, proposers: 1, economics });
      const { client, deployer, proposers } = world;
      await writeDeployment(join(folder, "deployment.json"), client.deployment);
      const keystore = join(folder, "operator.json");
      const { proverKey } = await createOperatorKeystore(keystore, id("earner"), "secret", 1_024);
      const known = { ...world, keys: [...world.keys, proverKey] };
      await registerKey(known, proverKey);
      await connection.networkHelpers.time.increase(2);
      const mine = ["--keystore", keystore];
      expect(await status(...mine)).to.match(/^earned {4}0 tokens as a prover, not claimed: 0 slots$/m);
      const block = await draftBlock(known, {
        ...{ proposer: proposers[0]!, burnBid: 1_000n, transcript: fullTranscript(profile, 3), elements: 2 },
      });
      await decideBlock(known, block);

      const { earned } = JSON.parse(await status(...mine, "--json")) as { earned: { slots: number; amount: string } };
      expect(earned.slots).to.equal(slots);
      const shown = (await status(...mine)).match(/^earned {4}(\S+) tokens as a prover, not claimed: \d slots?$/m);
      expect(parseEther(shown![1]!)).to.equal(BigInt(earned.amount));
      const before = await client.token.balanceOf(deployer.address);
      const view = await new L1Reader({ client }).read();
      await actions.claimProver(client, deployer, 3, claimsOf(view, 3));
      expect((await client.token.balanceOf(deployer.address)) - before).to.equal(BigInt(earned.amount));
      expect(BigInt(earned.amount) > 0n).to.equal(true);
      expect(await status(...mine)).to.match(/^earned {4}0 tokens/m);
    });

  it("says that nothing can be built on while a round without commits waits for reveals; what is queued", async () => {
    const world = await createMadeUpWorld(connection, { profile, provers: 3, proposers: 1 });
    const { client, deployer, proposers } = world;
    await connection.networkHelpers.time.increase(2);
    await writeDeployment(join(folder, "deployment.json"), client.deployment);
    await actions.approveAsset(client, deployer, 10n ** 21n);
    await actions.depositAsset(client, deployer, { to: 1, amount: 10n ** 18n, key: 7n, l1Owner: deployer.address });
    await decideBlock(
      world,
      await draftBlock(world, { proposer: proposers[0]!, burnBid: 1_000n, transcript: fullTranscript(profile, 3) }),
    );
    await actions.depositAsset(client, deployer, { to: 1, amount: 10n ** 18n, key: 7n, l1Owner: deployer.address });
    await passTo(world, "proposalEnds");

    const lines = (await status()).split("\n");
    const [, left] = /^phase {7}Revealing, (\d+) s more$/.exec(lines[0]!)!;
    expect(lines.slice(1, 5)).to.deep.equal([
      "round       height 2, attempt 1",
      `commits     0, none for height 3 to build on: the first commit in ${left} s or later opens height 2, attempt 2`,
      "candidates  0",
      "operations  2 queued, 1 of them due, 1 for height 3, attempt 1",
    ]);
    const { parents, queued } = JSON.parse(await status("--json")) as Record<string, unknown>;
    expect({ parents, queued }).to.deep.equal({ parents: 0, queued: 2 });

    await passTo(world, "revealEnds");
    expect((await status()).split("\n").slice(0, 3)).to.deep.equal([
      "phase       Expired: the next commit opens another attempt",
      "round       height 2, attempt 1",
      "commits     0, taken for height 2, attempt 2",
    ]);
  });
});
