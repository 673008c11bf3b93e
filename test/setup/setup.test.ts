import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { PROFILES } from "../../src/protocol/profile.ts";
import { fingerprint, readStamp, writeStamp } from "../../src/setup/fingerprint.ts";
import { runNode } from "../../src/setup/node.ts";
import { loadProfileBuild, NotSetUpError } from "../../src/setup/profileBuild.ts";
import { projectPath } from "../../src/setup/project.ts";

const FOLDER = "build/test-setup";

/** Whether there is such a process, and not one that has ended and that nobody has asked about. */
const isRunning = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

describe("set-up", () => {
  beforeEach(() => mkdir(projectPath(FOLDER, "sub"), { recursive: true }));
  afterEach(() => rm(projectPath(FOLDER), { recursive: true }));

  const write = (name: string, text: string): Promise<void> => writeFile(projectPath(FOLDER, name), text);

  it("fingerprints names and contents, whole folders and single files", async () => {
    await write("a", "1");
    await write("sub/b", "2");
    const before = await fingerprint([FOLDER]);
    expect(await fingerprint([`${FOLDER}/sub`, `${FOLDER}/a`]), "the order of paths does not matter").to.equal(before);
    await write("sub/b", "3");
    const changed = await fingerprint([FOLDER]);
    expect(changed).to.not.equal(before);
    await write("sub/b", "2");
    expect(await fingerprint([FOLDER])).to.equal(before);
    await write("a", "12");
    await write("sub/b", "");
    expect(await fingerprint([FOLDER]), "bytes do not move between files unseen").to.not.equal(before);
  });

  it("remembers with what a step was finished", async () => {
    expect(await readStamp("never")).to.equal(undefined);
    await writeStamp("test", "abc");
    await writeStamp("test", "def");
    expect(await readStamp("test")).to.equal("def");
    await rm(projectPath("build", "setup", "test.sha256"));
  });

  it("says which command makes circuits and keys that are missing", async () => {
    const profile = { ...PROFILES.dev, name: "never" };
    const error = await loadProfileBuild(profile).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NotSetUpError);
    expect((error as Error).message).to.equal(
      "circuits or keys of profile never are missing or out of date, expected what ./b52 setup --profile never writes",
    );
  });

  it("runs programs of packages, passes their exit code on, and stops them when asked", async () => {
    const lines: string[] = [];
    expect(await runNode("typescript/bin/tsc", ["--version"], { onLine: (line) => lines.push(line) })).to.equal(0);
    expect(lines.join()).to.match(/^Version 5\./);
    expect(await runNode("typescript/bin/tsc", ["--nonsense"], { onLine: () => undefined })).to.equal(1);
    const controller = new AbortController();
    const run = runNode("hardhat/dist/src/cli.js", ["node", "--hostname", "127.0.0.1", "--port", "0"], {
      signal: controller.signal,
      onLine: () => controller.abort(),
    });
    expect(((await run.catch((reason: unknown) => reason)) as Error).name).to.equal("AbortError");
  });

  it("leaves no program running, nor what that has started, when it is killed", async () => {
    // A package whose program starts another one and waits, as Hardhat does for the compiler.
    const program = `${FOLDER}/program.mjs`;
    await write("other.mjs", "setInterval(() => undefined, 1_000);");
    await write(
      "program.mjs",
      `import { spawn } from "node:child_process";
       const other = spawn(process.execPath, [new URL("./other.mjs", import.meta.url).pathname], { stdio: "ignore" });
       console.log(process.pid, other.pid);
       setInterval(() => undefined, 1_000);`,
    );
    const run = `import { runNode } from ${JSON.stringify(new URL("../../src/setup/node.ts", import.meta.url).href)};
      await runNode(${JSON.stringify(`../${program}`)}, [], { onLine: (line) => console.log(line) });`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", run];
    const child = spawn(process.execPath, args, { cwd: projectPath(), stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const pids = line.toString().trim().split(" ").map(Number);
    expect(pids).to.have.length(2);
    try {
      expect(pids.every(isRunning)).to.equal(true);
      child.kill("SIGKILL");
      await once(child, "close");
      const deadline = Date.now() + 20_000;
      while (pids.some(isRunning) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(pids.filter(isRunning), "programs that go on").to.deep.equal([]);
    } finally {
      for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
    }
  });
});
