import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { IgnitionModule } from "@nomicfoundation/ignition-core";
import { expect } from "chai";
import { connectRollup } from "../../src/chain/client.ts";
import { readDeployment } from "../../src/chain/deployment.ts";
import { connectProvider } from "../../src/chain/provider.ts";
import { SCORE_POLICIES } from "../../src/deploy/policies.ts";
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

  async function run(module: string, parameters: string): Promise<{ code: number; output: string }> {
    const lines: string[] = [];
    const args = [`deploy/modules/${module}`, "--network", "rpc", "--parameters", parameters];
    const env = { B52_RPC_URL: node.url, HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "false" };
    const code = await runHardhat(["ignition", "deploy", ...args], { env, onLine: (line) => lines.push(line) });
    return { code, output: lines.join("\n") };
  }

  async function deploy(module = "B52.ts", parameters = "build/parameters/dev.json"): Promise<string> {
    const { code, output } = await run(module, parameters);
    expect(code, output).to.equal(0);
    return output;
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

  it("refuses parameters of another score policy than the module's, and names the module to take", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-ignition-"));
    const file = join(folder, "race.json");
    const text = await readFile(projectPath("build", "parameters", "dev.json"), "utf8");
    await writeFile(file, text.replace('"scorePolicy": "plain"', '"scorePolicy": "race"'));

    for (const parameters of [file, '{"B52":{"scorePolicy":"race"}}']) {
      const refused = await run("B52.ts", parameters);
      expect(refused.code, refused.output).to.not.equal(0);
      expect(refused.output).to.include(
        'the parameters have the score policy "race", and deploy/modules/B52.ts has "plain": ' +
          'expected "plain", or the module deploy/modules/B52Race.ts',
      );
    }

    expect(await deploy("B52Race.ts", file)).to.include("B52#RaceScore");
    await rm(folder, { recursive: true });
  });

  it("has a module for every score policy", async () => {
    for (const [policy, { contract, module }] of Object.entries(SCORE_POLICIES)) {
      const { default: built } = (await import(pathToFileURL(projectPath("deploy", "modules", module)).href)) as {
        default: IgnitionModule;
      };
      const contracts = [...built.futures].map(({ id }) => id);
      expect(contracts, policy).to.include(`B52#${contract}`);
    }
  });
});
