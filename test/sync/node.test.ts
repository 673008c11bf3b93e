import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import hre from "hardhat";
import { archiveCommand } from "../../src/cli/commands/archive.ts";
import { syncCommand } from "../../src/cli/commands/sync.ts";
import { writeDeployment } from "../../src/chain/deployment.ts";
import { blobFolder } from "../../src/setup/folders.ts";
import { openDatabase, type SyncedState, type SyncProgress, syncWithL1 } from "../../src/sync/index.ts";
import { type PlayedL2, playHeight, playL2 } from "../support/playedL2.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { runCommand } from "../support/runCommand.ts";
import { startNode, type TestNode } from "../support/testNode.ts";
import { toHex32 } from "../../src/protocol/hex.ts";

const HEIGHTS = 8;

describe("sync with a node", () => {
  let node: TestNode;
  let folder: string;
  let deployment: string;
  let l2: PlayedL2;

  before(async () => {
    node = await startNode();
    folder = await mkdtemp(join(tmpdir(), "b52-sync-"));
    deployment = join(folder, "deployment.json");
    l2 = await playL2(await hre.network.create({ network: "rpc", override: { url: node.url } }));
    // Who registers in the second in which a round opens does not count in it, and this node's seconds are real.
    await l2.connection.networkHelpers.time.increase(2);
    await writeDeployment(deployment, l2.client.deployment);
    for (let i = 0; i < HEIGHTS; i++) await playHeight(l2, [{ from: (i % 5) + 1, to: 0 }]);
  });
  after(async () => {
    await removeDeployment(l2.client.deployment);
    await l2.connection.close();
    await node.stop();
    await rm(folder, { recursive: true });
  });

  const run = (...command: string[]) =>
    runCommand([syncCommand, archiveCommand], [...command, "--rpc", node.url, "--deployment", deployment]);
  const b52 = async (...command: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...command);
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  const cli = (...args: string[]): Promise<string> => b52("sync", ...args);

  it("survives kill -9 at any moment, and ends with the same root", async () => {
    const database = join(folder, "killed");
    const program =
      "await (await " +
      `import(${JSON.stringify(new URL("./syncOnce.ts", import.meta.url).href)})).syncOnce(...process.argv.slice(1))`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", program, node.url, deployment, database];
    let durable = 0;
    let kills = 0;
    for (;;) {
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      const before = durable;
      child.stdout.on("data", (chunk: Buffer) => {
        const heights = chunk.toString().trim().split("\n").map(Number);
        durable = heights.at(-1)!;
        // Right after a height is durable; the next one is under way.
        if (durable < HEIGHTS && durable >= before + 2) child.kill("SIGKILL");
      });
      const [, signal] = (await once(child, "close")) as [number | null, string | null];
      expect(durable, "nothing durable is lost").to.be.at.least(before);
      if (signal !== "SIGKILL") break;
      kills++;
    }
    expect(kills, "it was killed").to.be.greaterThan(0);
    expect(durable).to.equal(HEIGHTS);
    const { stateRoot, height } = JSON.parse(await cli("--db", database, "--json")) as {
      stateRoot: string;
      height: number;
    };
    expect({ stateRoot, height }).to.deep.equal({ stateRoot: toHex32(l2.state.root), height: HEIGHTS });
  });

  it("is a command that shows what it rebuilt", async () => {
    const database = join(folder, "shown");
    const lines = (await cli("--db", database)).trimEnd().split("\n");
    expect(lines).to.deep.equal([
      `height      ${HEIGHTS}`,
      `state root  ${toHex32(l2.state.root)}`,
      `proposal    ${toHex32(await l2.client.rollup.finalProposal())}`,
      "accounts    5",
      `L1          up to block ${await l2.client.provider.getBlockNumber()}`,
      `database    ${database}`,
    ]);
  });

  it("goes on from an archive where nobody else has blobs: by them, or by its snapshot", async () => {
    const archive = join(folder, "archive");
    const kept = (await b52("archive", archive, "--db", join(folder, "archived"))).trimEnd().split("\n");
    const snapshot = join(archive, `snapshot-${HEIGHTS}.json`);
    expect(kept).to.deep.equal([`blobs     ${HEIGHTS}, ${HEIGHTS} of them new`, `snapshot  ${snapshot}`]);
    await rm(blobFolder(l2.client.deployment), { recursive: true });
    const begin = async (name: string, ...options: string[]): Promise<unknown> =>
      JSON.parse(await cli("--db", join(folder, name), "--json", ...options));
    const { code, stderr } = await run("sync", "--db", join(folder, "nothing"));
    expect(code, stderr).to.equal(1);
    expect(stderr).to.match(/^b52: blob 0x01[0-9a-f]{62} is not to be had \(the folder .*options beacon and archives/);
    const head = { height: HEIGHTS, stateRoot: toHex32(l2.state.root) };
    expect(await begin("by snapshot", "--snapshot", snapshot)).to.deep.include(head);
    expect(await begin("by blobs", "--archives", archive)).to.deep.include(head);
  });

  it("follows L1 when it is reorganised, also after a restart", async () => {
    const { provider } = l2.connection;
    const database = join(folder, "reorganised");
    const sync = async (): Promise<[SyncProgress, SyncedState["head"]]> => {
      const synced = await openDatabase(l2.client, database);
      try {
        return [await syncWithL1(l2.client, synced, { location: database, blobs: l2.blobs }), synced.head];
      } finally {
        await synced.close();
      }
    };
    const snapshot: unknown = await provider.request({ method: "evm_snapshot" });
    const before = l2.state;
    await playHeight(l2);
    await playHeight(l2);
    const [, dropped] = await sync();
    expect(dropped).to.deep.include({ height: HEIGHTS + 2, stateRoot: l2.state.root });

    await provider.request({ method: "evm_revert", params: [snapshot] });
    l2.state = before;
    await playHeight(l2, [{ from: 5, to: 4 }]);
    const [progress, head] = await sync();
    expect(progress).to.deep.include({ height: HEIGHTS + 1, takenBack: 2 });
    expect(head).to.deep.include({ height: HEIGHTS + 1, stateRoot: l2.state.root });
    expect(head.stateRoot).to.not.equal(dropped.stateRoot);
  });
});
