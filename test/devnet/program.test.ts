import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Program, ProgramEndedError, type ProgramOptions } from "../../src/devnet/program.ts";
import { projectPath } from "../../src/setup/project.ts";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Starts a child of its own, names it, and takes a signal or not. */
const SCRIPT = `
import { spawn } from "node:child_process";
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
process.on("SIGTERM", () => process.argv[2] === "deaf" || process.exit(7));
console.log(child.pid);
setInterval(() => {}, 1000);
`;

describe("programs of a devnet", () => {
  let folder: string;
  let script: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-program-"));
    script = join(folder, "script.mjs");
    await writeFile(script, SCRIPT);
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  async function start(...args: string[]): Promise<{ program: Program; grandchild: number }> {
    const logFile = join(folder, "log");
    const { promise, resolve } = deferred<string>();
    const options: ProgramOptions = { name: "it", command: { node: [script, ...args] }, logFile, onLine: resolve };
    return { program: Program.start(options), grandchild: Number(await promise) };
  }

  it("end in order when they are stopped, and all that they have started with them", async () => {
    const { program, grandchild } = await start();
    expect(await program.stop()).to.deep.equal({ code: 7, signal: null });
    expect(isAlive(program.pid)).to.equal(false);
    await gone(grandchild);
    expect(await readFile(program.logFile, "utf8")).to.equal(`${grandchild}\n`);
  });

  it("are killed when they do not stop in time", async () => {
    const { program, grandchild } = await start("deaf");
    expect(await program.stop(100)).to.deep.equal({ code: null, signal: "SIGKILL" });
    await gone(grandchild);
  });

  it("are missed when they end by themselves, and leave nothing behind that they have started", async () => {
    const { program, grandchild } = await start();
    const watched = program.watch().catch((error: unknown) => error);
    process.kill(program.pid, "SIGTERM");
    const error = await watched;
    expect(error).to.be.instanceOf(ProgramEndedError);
    expect((error as Error).message).to.match(/^it has ended with exit code 7, expected it to go on; .*log tells why$/);
    expect((await program.stop()).code).to.equal(7);
    await gone(grandchild);
  });

  it("run programs that are not Node's, and end with them", async () => {
    const lines: string[] = [];
    const options = { name: "it", logFile: join(folder, "other"), onLine: (line: string) => lines.push(line) };
    const program = Program.start({ ...options, command: { path: "/bin/sh", args: ["-c", "echo here; exit 3"] } });
    expect(await program.exited).to.deep.equal({ code: 3, signal: null });
    expect(lines).to.deep.equal(["here"]);
    const missing = Program.start({ ...options, command: { path: "/nowhere/it", args: [] } });
    expect((await missing.exited).code).to.equal(1);
  });

  it("end when the process that has started them is killed", async () => {
    const starter = join(folder, "starter.mjs");
    const command = { node: [script, "deaf"] };
    const options = JSON.stringify({ name: "it", command, logFile: join(folder, "orphan") });
    await writeFile(
      starter,
      `import { Program } from ${JSON.stringify(projectPath("src", "devnet", "program.ts"))};
       const program = Program.start({ ...${options}, onLine: (line) => console.log(program.pid, line) });`,
    );
    const parent = spawn(process.execPath, ["--import", "tsx", starter], {
      cwd: projectPath(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const pids = line.split(" ").map(Number);
    parent.kill("SIGKILL");
    await Promise.all(pids.map(gone));
  });
});

/** Settles when there is no such process any more. A zombie that nobody has waited for counts as gone. */
async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (isAlive(pid) && !(await isZombie(pid))) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there, expected it to have ended`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isZombie = async (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, "utf8").then(
    (stat) => stat.slice(stat.lastIndexOf(")")).startsWith(") Z"),
    () => false,
  );

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
