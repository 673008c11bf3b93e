import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { proveWorkerCommand } from "../../src/cli/commands/proveWorker.ts";
import { createProgram } from "../../src/cli/program.ts";
import { TransportKey } from "../../src/proving/queue/transportKey.ts";

describe("b52 prove-worker", () => {
  const { signal } = new AbortController();
  async function run(...args: string[]): Promise<string> {
    const program = createProgram({ signal }, [proveWorkerCommand]);
    const command = program.commands[0]!;
    let said = "";
    for (const each of [command, ...command.commands]) each.configureOutput({ writeErr: (text) => (said += text) });
    await program.parseAsync(["prove-worker", ...args], { from: "user" }).catch((error: unknown) => {
      said += String(error);
    });
    return said;
  }

  it("asks for what it needs, and takes no other Redis and keys than such", async () => {
    const key = "ab".repeat(32);
    expect(await run("--key", "k", "--provers", key)).to.contain("required option '--queue <url>'");
    expect(await run("--queue", "redis://x", "--provers", key)).to.contain("required option '--key <file>'");
    expect(await run("--queue", "redis://x", "--key", "k")).to.contain("required option '--provers <keys>'");
    expect(await run("--queue", "redis://x", "--key", "k", "--provers", "ab")).to.contain("64 hexadecimal digits");
    const answer = await run("--queue", "http://user:secret@x", "--key", "k", "--provers", key);
    expect(answer).to.contain("expected redis://host:port").and.not.to.contain("secret");
  });

  it("makes a key and shows its public half, without asking for anything else", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-worker-"));
    try {
      const path = join(folder, "worker.key");
      expect(await run("key", path)).to.equal("");
      expect((await TransportKey.ofFile(path)).publicKey).to.match(/^[0-9a-f]{64}$/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
