import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { accessSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectPath } from "../../src/setup/project.ts";

// The launcher runs here in a folder of its own with a PATH that holds only what a test puts there: stand-ins for
// `node` and `npm` that write down how they were called, and links to the few tools that the launcher may use.
const TOOLS = [
  "cat",
  "cmp",
  "cp",
  "dirname",
  "flock",
  "grep",
  "head",
  "mkdir",
  "mv",
  "readlink",
  "rm",
  "sh",
  "sleep",
  "uname",
];

const NODE = (version: string) => `#!/bin/sh
if [ "$1" = --version ]; then echo v${version}; exit; fi
echo "node v${version} in $(pwd) from $INIT_CWD:"
for argument; do echo "<$argument>"; done
`;

const NPM = `#!/bin/sh
echo "npm $1 under $(node --version)" >> "$CALLS"
case $1 in
  install)
    for package; do :; done
    for argument; do case $argument in node-linux-*) package=\${argument%@*} ;; esac; done
    mkdir -p "$3/node_modules/$package/bin"
    cp "$FETCHED" "$3/node_modules/$package/bin/node" ;;
  ci)
    sleep 0.2
    rm -rf node_modules
    mkdir node_modules ;;
esac
`;

const failingNpm = (output: string) => `#!/bin/sh
[ "$1" != config ] || { echo https://registry.example/; exit; }
echo '${output}' >&2
exit 1
`;

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("b52 launcher", () => {
  let top: string;
  let project: string;
  let bin: string;

  const install = async (name: string, script: string): Promise<void> => {
    await rm(join(bin, name), { force: true });
    await writeFile(join(bin, name), script);
    await chmod(join(bin, name), 0o755);
  };
  const start = (path: string, args: string[]) =>
    spawn(path, args, {
      cwd: top,
      env: { PATH: bin, CALLS: join(top, "calls"), FETCHED: join(top, "fetched-node") },
      stdio: ["ignore", "pipe", "pipe"],
    });
  const launch = async (args: string[] = [], path = join(project, "b52")): Promise<Run> => {
    const child = start(path, args);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout, stderr };
  };
  const calls = async (): Promise<string[]> =>
    (await readFile(join(top, "calls"), "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  const expectOneLine = (run: Run, pattern: RegExp): void => {
    expect(run.code, run.stderr).to.equal(1);
    expect(run.stdout).to.equal("");
    expect(run.stderr.trimEnd().split("\n").at(-1)).to.match(pattern);
  };

  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), "b52 launcher ' "));
    project = join(top, "a clone");
    bin = join(top, "bin");
    await mkdir(project);
    await mkdir(bin);
    await copyFile(projectPath("b52"), join(project, "b52"));
    await writeFile(join(project, "package-lock.json"), "{}");
    await writeFile(join(top, "fetched-node"), NODE("24.21.0"));
    await chmod(join(top, "fetched-node"), 0o755);
    for (const tool of TOOLS) {
      const path = [`/bin/${tool}`, `/usr/bin/${tool}`].find(exists);
      if (path === undefined) throw new Error(`${tool} is not on this machine`);
      await symlink(path, join(bin, tool));
    }
    await install("node", NODE("22.13.0"));
    await install("npm", NPM);
  });
  afterEach(() => rm(top, { recursive: true }));

  it("installs once, then hands every argument over unchanged", async () => {
    const args = ["demo", "two words", "", "*", "--x='$y'"];
    const first = await launch(args);
    expect(first.code, first.stderr).to.equal(0);
    expect(first.stdout).to.equal(
      [`node v22.13.0 in ${project} from ${top}:`, "--import", "./src/loader/register.mjs", "src/cli/main.ts", ...args]
        .map((line, index) => (index === 0 ? `${line}\n` : `<${line}>\n`))
        .join(""),
    );
    const second = await launch(args);
    expect(second).to.deep.equal({ ...first, stderr: "" });
    expect(await calls()).to.deep.equal(["npm ci under v22.13.0"]);
  });

  it("installs again when the lock file changes or the packages are gone", async () => {
    await launch();
    await writeFile(join(project, "package-lock.json"), '{"changed":true}');
    await launch();
    await rm(join(project, "node_modules"), { recursive: true });
    await launch();
    expect(await calls()).to.have.length(3);
  });

  it("works through symbolic links, relative ones too", async () => {
    await symlink("a clone/b52", join(top, "first"));
    await symlink(join(top, "first"), join(top, "second"));
    const run = await launch([], join(top, "second"));
    expect(run.stdout).to.contain(`in ${project} from ${top}:`);
  });

  for (const old of ["20.20.2", "18.0.0", "22.12.0", "garbage"]) {
    it(`fetches Node when PATH has ${old}, and lets npm install under the new one`, async () => {
      await install("node", NODE(old));
      const first = await launch(["x"]);
      expect(first.stdout).to.contain("node v24.21.0 in");
      expect(await calls()).to.deep.equal([`npm install under v${old}`, "npm ci under v24.21.0"]);
      await install("npm", failingNpm("npm error code ENOTFOUND"));
      expect(await launch(["x"]), "a second run needs no network").to.deep.equal({ ...first, stderr: "" });
    });
  }

  for (const recent of ["22.13.0", "23.0.0", "24.21.0", "100.0.0"]) {
    it(`takes Node ${recent} as it is`, async () => {
      await install("node", NODE(recent));
      expect((await launch()).stdout).to.contain(`node v${recent} in`);
    });
  }

  it("says in one line that there is no Node", async () => {
    await rm(join(bin, "node"));
    expectOneLine(await launch(), /^b52: Node\.js is not on PATH/);
  });

  it("says in one line that there is no npm", async () => {
    await rm(join(bin, "npm"));
    expectOneLine(await launch(), /^b52: npm is not on PATH/);
  });

  it("says in one line that the registry cannot be reached, for Node and for packages", async () => {
    await install("npm", failingNpm("npm error code EAI_AGAIN"));
    expectOneLine(await launch(), /^b52: the npm registry https:\/\/registry\.example\/ cannot be reached/);
    await install("node", NODE("20.0.0"));
    expectOneLine(await launch(), /^b52: the npm registry https:\/\/registry\.example\/ cannot be reached/);
  });

  it("says in one line that the disk is full", async () => {
    await install("npm", failingNpm("npm error code ENOSPC"));
    expectOneLine(await launch(), /^b52: the disk is full/);
  });

  it("passes on npm's own reason otherwise", async () => {
    await install("npm", failingNpm("npm error code EUSAGE\nnpm error the lock file is out of date"));
    expectOneLine(await launch(), /^b52: npm failed: npm error the lock file is out of date \(log: .*npm\.log\)$/);
  });

  it("says in one line that its folder cannot be written", async () => {
    await writeFile(join(project, ".b52"), "a file in the way");
    expectOneLine(await launch(), /^b52: cannot create .*\.b52: the disk is full or the folder is read-only$/);
  });

  it("says in one line that the fetched Node does not run here", async () => {
    await install("node", NODE("20.0.0"));
    await writeFile(join(top, "fetched-node"), "#!/bin/sh\nexit 127\n");
    expectOneLine(await launch(), /^b52: the registry's Node 24\.21\.0 does not run on this machine/);
  });

  it("installs once when launched several times at the same time", async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, () => launch()));
    expect(runs.map(({ code, stderr }) => [code, stderr.includes("cannot")])).to.deep.equal(Array(8).fill([0, false]));
    expect(await calls()).to.have.length(1);
  });

  it("takes over from a launch that was killed", async () => {
    await install("npm", NPM.replace("sleep 0.2", "exec sleep 1"));
    const child = start(join(project, "b52"), []);
    while ((await calls()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGKILL");
    await once(child, "exit");
    await install("npm", NPM);
    expect((await launch()).code).to.equal(0);
    expect(await calls()).to.have.length(2);
  });

  for (const [who, trap] of [
    ["npm", ""],
    ["an npm that does not listen", "trap '' TERM INT\n"],
  ] as const)
    it(`ends ${who} when it is interrupted, says so, and leaves the lock to the next launch`, async () => {
      const busy = `#!/bin/sh\n${trap}echo $$ > "$CALLS.pid"\necho begun >> "$CALLS"\nwhile :; do sleep 0.1; done\n`;
      await install("npm", busy);
      const child = start(join(project, "b52"), []);
      let stderr = "";
      child.stderr.on("data", (chunk) => (stderr += chunk));
      while ((await calls()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      const pid = Number(await readFile(join(top, "calls.pid"), "utf8"));
      child.kill("SIGINT");
      const [code] = (await once(child, "exit")) as [number | null];
      expect(code, stderr).to.equal(130);
      expect(stderr.trimEnd().split("\n").at(-1)).to.equal("b52: stopping npm");
      expect(() => process.kill(pid, 0), "npm has ended").to.throw("ESRCH");
      await install("npm", NPM);
      expect((await launch()).code).to.equal(0);
    });
});

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
