import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRollup } from "../../src/chain/client.ts";
import { readDeployment } from "../../src/chain/deployment.ts";
import { connectProvider } from "../../src/chain/provider.ts";
import { runHardhat } from "../../src/setup/node.ts";
import { startNode, type TestNode } from "../support/testNode.ts";

// As a user runs them, against a node in a process of its own.
describe("scripts", function () {
  this.timeout(600_000);
  let node: TestNode;
  let folder: string;

  before(async () => {
    node = await startNode();
    folder = await mkdtemp(join(tmpdir(), "b52-scripts-"));
  });
  after(async () => {
    await node.stop();
    await rm(folder, { recursive: true });
  });

  /** @returns what it printed */
  async function run(script: string, env: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const lines: string[] = [];
    const args = ["run", "--no-compile", `scripts/${script}.ts`, "--network", "rpc"];
    const code = await runHardhat(args, {
      env: { B52_RPC_URL: node.url, ...env },
      onLine: (line) => void lines.push(line),
    });
    expect(code, lines.join("\n")).to.equal(0);
    return lines;
  }

  it("deploy a rollup that commands find in its address book", async () => {
    const book = join(folder, "deployment.json");
    const lines = await run("deploy", { B52_DEPLOYMENT: book });
    expect(lines.at(-1)).to.equal(`written to ${book}`);
    const deployment = await readDeployment(book);
    const client = await connectRollup(await connectProvider(node.url), deployment);
    expect(await client.rollup.stateRoot()).to.equal(deployment.genesis.root);
    (client.provider as { destroy(): void }).destroy();
  });

  it("take a block through its whole life, in the order of the protocol", async () => {
    const lines = await run("lifecycle");
    const steps = lines.flatMap((line) => /^([a-z]+) {2,}/.exec(line)?.[1] ?? []);
    const order = ["propose", "vote", "commit", "reveal", "prove", "submit", "advance", "claim"];
    expect(steps.filter((step, i) => step !== steps[i - 1])).to.deep.equal(order);
    expect(lines.join("\n")).to.match(/submit {3}4 provers, score 960,000,000,000 \(x 6 for its size\),/);
    expect(lines.filter((line) => /^claim .* gets [1-9][\d.]* B52\b/.test(line))).to.have.length(5);
  });
});
