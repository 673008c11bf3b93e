import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { connectRollup } from "../../src/chain/client.ts";
import { readDeployment } from "../../src/chain/deployment.ts";
import { connectProvider } from "../../src/chain/provider.ts";
import { runHardhat } from "../../src/setup/node.ts";
import { projectPath } from "../../src/setup/project.ts";
import { startNode, type TestNode } from "../support/testNode.ts";

const ADDRESS_BOOK = projectPath("build", "deployment.json");
const JOURNALS = projectPath("deploy", "deployments");

describe("hardhat ignition deploy", () => {
  let node: TestNode;
  /** What the folder had before: a test takes no rollup out of its user's address book. */
  let addressBook: string | undefined;
  let journals: readonly string[];

  before(async () => {
    node = await startNode();
    addressBook = await readFile(ADDRESS_BOOK, "utf8").catch(() => undefined);
    journals = await readdir(JOURNALS).catch(() => []);
  });
  after(async () => {
    await node.stop();
    await (addressBook === undefined ? rm(ADDRESS_BOOK, { force: true }) : writeFile(ADDRESS_BOOK, addressBook));
    for (const name of await readdir(JOURNALS))
      if (!journals.includes(name)) await rm(join(JOURNALS, name), { recursive: true });
  });

  async function deploy(): Promise<string> {
    const output: string[] = [];
    const args = ["deploy/modules/B52.ts", "--network", "rpc", "--parameters", "build/parameters/dev.json"];
    const env = { B52_RPC_URL: node.url, HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "false" };
    const code = await runHardhat(["ignition", "deploy", ...args], { env, onLine: (line) => output.push(line) });
    expect(code, output.join("\n")).to.equal(0);
    return output.join("\n");
  }

  it("compiles nothing anew, and writes where the rollup is for all commands", async () => {
    const output = await deploy();
    expect(output).to.not.match(/Compil(?:ed|ing) \d/);
    expect(output).to.include("written to build/deployment.json");

    const provider = await connectProvider(node.url);
    const deployment = await readDeployment(ADDRESS_BOOK);
    const client = await connectRollup(provider, deployment);
    expect(await client.rollup.domain()).to.equal(deployment.domain);
    const blocks = await provider.getBlockNumber();

    await deploy();
    expect(await readDeployment(ADDRESS_BOOK)).to.deep.equal(deployment);
    expect(await provider.getBlockNumber(), "nothing new is sent").to.equal(blocks);
    provider.destroy();
  });
});
