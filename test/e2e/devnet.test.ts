import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { projectPath } from "../../src/setup/project.ts";
import { until } from "../support/until.ts";

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  /** What it says to people, as far as it came. */
  readonly lines: string[];
  /** Settles with the first such line. */
  until(pattern: RegExp): Promise<string>;
  readonly stdout: () => string;
}

/** Where its programs keep the locks of their keys. */
const HOME = mkdtempSync(join(tmpdir(), "b52-devnet-home-"));

/** The command itself, in a process of its own. */
function devnet(...args: string[]): Run {
  const child = spawn(
    process.execPath,
    ["--import", "./src/loader/register.mjs", projectPath("src", "cli", "main.ts"), "devnet", ...args],
    {
      cwd: projectPath(),
      env: { ...process.env, HOME },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const lines: string[] = [];
  const waiting: { readonly pattern: RegExp; readonly resolve: (line: string) => void }[] = [];
  let stdout = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line);
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  const until = async (pattern: RegExp): Promise<string> =>
    Promise.race([
      new Promise<string>((resolve) => waiting.push({ pattern, resolve })),
      exited.then((code) => {
        throw new Error(`it has ended with exit code ${code} before it said ${pattern}:\n${lines.join("\n")}`);
      }),
    ]);
  return { child, exited, lines, until, stdout: () => stdout };
}

/** Processes that belong to a run of the devnet, by the folder that their settings are in. */
function processesOf(folder: string): string[] {
  return globSync("/proc/[0-9]*/cmdline").flatMap((path) => {
    try {
      const command = readFileSync(path, "utf8").replaceAll("\0", " ");
      return command.includes(folder) ? [command] : [];
    } catch {
      return []; // it has just ended
    }
  });
}

describe("b52 devnet", function () {
  this.timeout(900_000);
  after(() => rm(HOME, { recursive: true }));

  /** What it leaves beside its processes: locks of keys, journals of deployments. */
  const left = (): string[] => [
    ...globSync(join(HOME, ".b52", "locks", "*")),
    ...globSync(projectPath("deploy", "deployments", "*-devnet-*")),
  ];

  it("refuses windows in which no block could be made, before it begins", async () => {
    const run = devnet("--acceptance-window", "5");
    expect(await run.exited).to.equal(1);
    expect(run.lines.at(-1)).to.contain("the acceptance window is 5 s, expected at least 36 s");
  });

  it("leaves no empty folder when its L1 is not there", async () => {
    const folders = (): string[] => globSync(projectPath("build", "devnet", "run-*"));
    const before = folders();
    const run = devnet("--l1", "http://127.0.0.1:1");
    expect(await run.exited, run.lines.join("\n")).to.equal(1);
    expect(folders()).to.deep.equal(before);
    expect(run.lines.join("\n")).not.to.contain("logs and data");
  });

  it("leaves nothing behind when it is asked twice to stop while its programs start", async () => {
    const before = left();
    const run = devnet("--provers", "1", "--proposers", "1");
    const [folder] = /\S*build\/devnet\/run-\S+/.exec(await run.until(/their logs are in/))!;
    await until("a lock of a key", () => left().some((path) => path.endsWith(".lock")), 60_000);
    run.child.kill("SIGINT");
    await run.until(/stopping/);
    run.child.kill("SIGINT");
    expect(await run.exited).to.equal(130);
    await until("the end of its programs", () => processesOf(folder).length === 0, 10_000);
    expect(existsSync(folder), folder).to.equal(false);
    expect(left()).to.deep.equal(before);
  });

  it("decides heights with programs of their own, two candidates each, and ends with one line", async () => {
    const args = ["--heights", "2", "--acceptance-window", "120", "--json"];
    const run = devnet(...args);
    expect(await run.exited, run.lines.join("\n")).to.equal(0);
    const result = JSON.parse(run.stdout()) as Record<string, unknown>;
    expect(run.stdout().trim().split("\n")).to.have.length(1);
    const { candidates, unclesPaid, transactions, proofs, ...figures } = result;
    expect(figures).to.deep.equal({
      ...{ heights: 2, slashed: 0, secondsPerHeight: 120, idleSecondsBetweenHeights: 0 },
      ...{ conserved: true, restarts: 0, l1: figures["l1"] },
    });
    expect(figures["l1"]).to.be.oneOf(["anvil", "hardhat"]);
    expect(candidates).to.be.within(2, 6);
    expect(unclesPaid).to.be.within(0, 2);
    expect(transactions, "L2 transactions").to.be.above(0);
    expect(proofs, "proofs").to.be.at.least(2 * 7);
  });

  it("tells its sums on Ctrl+C, on Hardhat's node, too, and leaves no process behind", async () => {
    const before = left();
    const run = devnet("--l1", "hardhat", "--provers", "4");
    const [folder] = /\S*build\/devnet\/run-\S+/.exec(await run.until(/their logs are in/))!;
    await run.until(/^height 1/);
    expect(processesOf(folder)).to.have.length.at.least(7);
    run.child.kill("SIGINT");
    expect(await run.exited).to.equal(130);
    const after = run.lines.slice(run.lines.findIndex((line) => line.includes("sums made of what L1 has")));
    expect(after.join("\n")).to.match(/^conserved: true$/m);
    expect(after).to.include("logs and data are removed; --keep leaves them");
    expect(processesOf(folder)).to.deep.equal([]);
    expect(existsSync(folder), folder).to.equal(false);
    expect(left()).to.deep.equal(before);
  });

  it("leaves the logs of a run whose sums nobody has seen", async () => {
    const run = devnet("--l1", "hardhat", "--provers", "1", "--proposers", "1");
    const [folder] = /\S*build\/devnet\/run-\S+/.exec(await run.until(/their logs are in/))!;
    await run.until(/^height 1/);
    run.child.kill("SIGINT");
    await run.until(/sums made of what L1 has/);
    run.child.kill("SIGINT");
    expect(await run.exited).to.equal(130);
    await until("the end of its programs", () => processesOf(folder).length === 0, 10_000);
    expect(globSync(join(folder, "*.log"))).to.have.length.at.least(2);
    await rm(folder, { recursive: true });
  });
});
