import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Command, InvalidArgumentError } from "commander";
import { commandsFor } from "../../src/cli/commands/index.ts";
import { createProgram } from "../../src/cli/program.ts";
import { describeError } from "../../src/cli/report.ts";
import { PROJECT_ROOT, projectPath } from "../../src/setup/project.ts";
import { createKeystore } from "../../src/wallet/keystore.ts";

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const start = (args: readonly string[], stdout: "pipe" | number = "pipe") => {
  const env = { ...process.env };
  delete env["DEBUG"];
  return spawn(process.execPath, ["--import", "./src/loader/register.mjs", "src/cli/main.ts", ...args], {
    cwd: PROJECT_ROOT,
    env,
    stdio: ["ignore", stdout, "pipe"],
  });
};

async function runProcess(args: readonly string[], stdout?: number): Promise<Run> {
  const child = start(args, stdout);
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk) => (out += chunk));
  child.stderr!.on("data", (chunk) => (err += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: out, stderr: err };
}

/** As a process would, but for what the command itself prints: for command lines that are refused, or explained. */
async function run(args: readonly string[]): Promise<Run> {
  let [stdout, stderr] = ["", ""];
  const capture = (command: Command): void => {
    command.configureOutput({ writeOut: (text) => (stdout += text), writeErr: (text) => (stderr += text) });
    command.commands.forEach(capture);
  };
  const program = createProgram({ signal: new AbortController().signal }, await commandsFor(args));
  capture(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { message, exitCode } = describeError(error, false);
    return { code: exitCode, stdout, stderr: message === undefined ? stderr : `${stderr}b52: ${message}\n` };
  }
}

function expectOneLine({ code, stdout, stderr }: Run, pattern: RegExp): void {
  expect(stderr).to.match(pattern);
  expect(stderr.trimEnd().split("\n"), stderr).to.have.length(1);
  expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
}

describe("b52 command line", () => {
  let folder: string;
  let server: Server;
  let url: string;
  let answer: (body: string) => string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-cli-"));
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk)).on("end", () => response.end(answer(body)));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  it("shows its commands with --help", async () => {
    const { code, stdout, stderr } = await run(["--help"]);
    expect(code, stderr).to.equal(0);
    for (const command of [
      "setup",
      "demo",
      "lifecycle",
      "test",
      "check",
      "coverage",
      "mutate",
      "bench",
      "deploy",
      "status",
      "sync",
      "wallet",
      "escape",
    ])
      expect(stdout).to.match(new RegExp(`^ +${command} `, "m"));
  });

  it("says its version", async () => {
    const { version } = JSON.parse(await readFile(projectPath("package.json"), "utf8")) as { version: string };
    expect(await run(["--version"])).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  for (const command of ["demo", "lifecycle"]) {
    it(`${command} checks what it was given before it does anything`, async () => {
      const prover = await runProcess([command, "--prover", "rapidsnark=/nowhere/prover"]);
      expectOneLine(prover, /^b52: rapidsnark at \/nowhere\/prover cannot be run: expected an executable file/);
      expectOneLine(await runProcess([command, "--rpc", "http://127.0.0.1:1"]), /^b52: .*127\.0\.0\.1:1\b/);
    });
  }

  for (const [what, args, pattern] of [
    ["no command", [], /^Usage: b52/],
    ["an unknown command", ["dmo"], /unknown command 'dmo'/],
    ["an unknown option", ["demo", "--hights", "3"], /unknown option '--hights'/],
    ["an unknown profile", ["setup", "--profile", "huge"], /'huge' is invalid\. Allowed choices are dev, deep, wide/],
    ["no heights", ["demo", "--heights", "0"], /'0' is invalid\. Expected a whole number from 1/],
    ["heights that are no number", ["demo", "--heights", "1e3"], /'1e3' is invalid/],
    ["a missing value", ["demo", "--heights"], /argument missing/],
    ["a surplus argument", ["demo", "extra"], /too many arguments/],
    [
      "an RPC address that is none",
      ["demo", "--rpc", "localhost:8545"],
      /^b52: what --rpc has is no address of a node, expected http:\/\/host:port/,
    ],
    ["a missing RPC address", ["deploy"], /required option '--rpc <url>' not specified/],
    ["no number of mutants", ["mutate", "--limit", "few"], /'few' is invalid/],
    ["an unknown bench", ["bench", "speed"], /unknown command 'speed'/],
    ["an unknown part of the check", ["check", "taste"], /Allowed choices are types, format, lint/],
  ] as const) {
    it(`exits with 2 for ${what}`, async () => {
      const { code, stdout, stderr } = await run(args);
      expect(stderr).to.match(pattern);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    });
  }

  it("exits as it is told to, and says the rest on standard error", async () => {
    const refused = await runProcess(["dmo"]);
    expect(refused.stderr).to.match(/unknown command 'dmo'/);
    expect({ code: refused.code, stdout: refused.stdout }).to.deep.equal({ code: 2, stdout: "" });
    expectOneLine(await runProcess(["mutate", "--only", "README.md"]), /^b52: no mutants in README\.md/);
  });

  it("lists mutants without trying them", async () => {
    const { code, stdout, stderr } = await runProcess([
      "mutate",
      "--list",
      "--only",
      "circuits/lib/vote.circom",
      "--limit",
      "3",
      "--json",
    ]);
    expect(code, stderr).to.equal(0);
    const mutants = JSON.parse(stdout) as { id: string }[];
    expect(mutants).to.have.length(3);
    for (const { id } of mutants) expect(id).to.match(/^circuits\/lib\/vote\.circom:[a-z]+:[0-9a-f]{8}$/);
  });

  it("names the address at which no node answers", async () => {
    const unused = createServer().listen(0, "127.0.0.1");
    await once(unused, "listening");
    const free = (unused.address() as AddressInfo).port;
    await new Promise((resolve) => unused.close(resolve));
    const address = `http://127.0.0.1:${free}`;
    expectOneLine(
      await run(["deploy", "--rpc", address]),
      new RegExp(`^b52: no Ethereum node answers at ${address}: .*ECONNREFUSED`),
    );
  });

  it("says when something else answers at the address", async () => {
    answer = () => "<html>hello</html>";
    expectOneLine(
      await run(["deploy", "--rpc", url]),
      /^b52: http:.* does not speak JSON-RPC, expected an Ethereum node$/m,
    );
    answer = () => '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}';
    expectOneLine(
      await run(["deploy", "--rpc", url]),
      /^b52: http:.* does not tell its chain id, expected an Ethereum node$/m,
    );
  });

  it("deploys nothing where it could not be written down", async () => {
    const file = join(folder, "a file");
    await writeFile(file, "");
    const args = ["deploy", "--rpc", "http://127.0.0.1:1", "--deployment", join(file, "deployment.json")];
    expectOneLine(await run(args), /^b52: there cannot be a folder \S+.* something else has this name/);
  });

  describe("deploys to a chain that is not for development", () => {
    const deploy = (...args: string[]) => {
      answer = () => '{"jsonrpc":"2.0","id":1,"result":"0x5"}';
      return run(["deploy", "--rpc", url, ...args]);
    };

    it("only by a preset that is named, and is not that of development", async () => {
      expectOneLine(
        await deploy(),
        /^b52: chain 5 is not for development, .*no preset is named, expected --preset testnet or mainnet$/m,
      );
      expectOneLine(
        await deploy("--preset", "development"),
        /^b52: chain 5 .*, and the preset is development, expected/m,
      );
    });

    it("only with accounts whose secrets are not known to anybody", async () => {
      for (const preset of ["testnet", "mainnet"])
        expectOneLine(
          await deploy("--preset", preset),
          /^b52: there is no genesis file for chain 5, expected --genesis FILE: anybody knows the secrets/m,
        );
    });

    it("by one of three presets", async () => {
      const { code, stderr } = await deploy("--preset", "production");
      expect(code, stderr).to.equal(2);
      expect(stderr).to.match(/'production' is invalid\. Allowed choices are development, testnet, mainnet\./);
    });
  });

  for (const [what, content, reason] of [
    ["missing", undefined, "it does not exist (b52 deploy makes one, option deployment names another)"],
    ["no JSON", "{", "it is not JSON"],
    ["empty", "{}", "version: "],
    ["of another version", '{"version":1}', "version: "],
  ] as const) {
    it(`says that a deployment file is ${what}`, async () => {
      const path = join(folder, `${what}.json`);
      if (content !== undefined) await writeFile(path, content);
      const run_ = await run(["status", "--rpc", url, "--deployment", path]);
      expectOneLine(run_, /^b52: .*\.json is not a usable deployment file: /);
      expect(run_.stderr).to.contain(`${path} is not a usable deployment file: ${reason}`);
    });
  }

  it("tries a password that it is given where none is needed", async () => {
    const wallet = join(folder, "wallet.json");
    const passwordFile = join(folder, "password");
    const { address } = await createKeystore(wallet, `0x${"a1".repeat(32)}`, "right", 1_024);
    const args = ["wallet", "address", "--wallet", wallet];
    await writeFile(passwordFile, "wrong");
    expectOneLine(await run([...args, "--password-file", passwordFile]), /^b52: the password does not open .*json$/m);
    await writeFile(passwordFile, "right");
    for (const password of [[], ["--password-file", passwordFile]]) {
      const { code, stdout } = await runProcess([...args, ...password]);
      expect({ code, line: stdout.split("\n")[0] }).to.deep.equal({ code: 0, line: `address  ${address}` });
    }
  });

  it("says that the disk is full when standard output cannot be written", async function () {
    const full = openSync("/dev/full", "w");
    try {
      expectOneLine(await runProcess(["--help"], full), /^b52: the disk is full/);
    } finally {
      closeSync(full);
    }
  });

  it("ends as others do that get SIGPIPE, and says nothing, when nobody reads its output any more", async () => {
    const child = start(["demo", "--help"]);
    child.stdout!.destroy();
    let stderr = "";
    child.stderr!.on("data", (chunk) => (stderr += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, stderr }).to.deep.equal({ code: 141, stderr: "" });
  });

  it("shows a stack with --verbose only", async () => {
    const path = join(folder, "missing.json");
    const plain = await run(["status", "--rpc", url, "--deployment", path]);
    const verbose = await runProcess(["status", "--rpc", url, "--deployment", path, "--verbose"]);
    expect(plain.stderr).to.not.match(/^ +at /m);
    expect(verbose.stderr).to.match(/^ +at /m);
    expect(verbose.code, verbose.stderr).to.equal(1);
  });

  it("stops at the first interrupt, and at once at the second", async () => {
    // It never answers.
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    try {
      const child = start(["deploy", "--rpc", `http://127.0.0.1:${(silent.address() as AddressInfo).port}`]);
      let err = "";
      child.stderr!.on("data", (chunk) => (err += chunk));
      await once(silent, "connection");
      child.kill("SIGINT");
      while (!err.includes("stopping")) await once(child.stderr!, "data");
      child.kill("SIGINT");
      const [code] = (await once(child, "exit")) as [number | null];
      expect(code).to.equal(130);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});

describe("b52 report", () => {
  it("tells a full disk in one line, wherever it is in the chain of causes", async () => {
    const cause = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      path: "/data/key",
    });
    expect(describeError(cause, false)).to.deep.equal({ exitCode: 1, message: "the disk is full: /data/key" });
    expect(describeError(new Error("compile", { cause }), false).message).to.match(/^the disk is full/);
  });

  it("names the path of a file that cannot be used, and what was expected there", () => {
    const fault = (code: string): string | undefined =>
      describeError(Object.assign(new Error(`${code}: raw`), { code, path: "/data/x" }), false).message;
    expect(fault("ENOENT")).to.equal("/data/x cannot be used: it does not exist, expected it to be there");
    expect(fault("ENOTDIR")).to.equal("/data/x cannot be used: something above it is a file, expected a folder there");
    expect(fault("EISDIR")).to.equal("/data/x cannot be used: it is a folder, expected a file");
  });

  it("says of an argument what a command itself has found wrong", () => {
    const refused = new InvalidArgumentError("Expected even, odd or both.");
    expect(describeError(refused, false)).to.deep.equal({ exitCode: 2, message: "Expected even, odd or both." });
  });

  it("gives an interrupted command its own exit code", async () => {
    const controller = new AbortController();
    controller.abort();
    expect(describeError(controller.signal.reason, false)).to.deep.equal({ exitCode: 130, message: "interrupted" });
  });

  it("asks for the set-up where contracts are not compiled", () => {
    const message = "Cannot find module '/b52/typechain-types/index.ts' imported from /b52/src/chain/revert.ts";
    const error = Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
    expect(describeError(error, false)).to.deep.equal({
      exitCode: 1,
      message: "the contracts are not compiled, expected a set-up that is done: run ./b52 setup",
    });
    const other = Object.assign(new Error("Cannot find module '/b52/x.ts'"), { code: "ERR_MODULE_NOT_FOUND" });
    expect(describeError(other, false).message).to.contain("--verbose");
  });

  it("keeps a defect to one line unless asked for more", async () => {
    const defect = new TypeError("x is not a function\nsecond line");
    expect(describeError(defect, false)).to.deep.equal({
      exitCode: 1,
      message: "TypeError: x is not a function (--verbose shows where)",
    });
    expect(describeError(defect, true).message).to.contain("second line");
  });

  it("writes ids in hexadecimal and owners as addresses", async () => {
    const { toJson } = await import("../../src/cli/output.ts");
    expect(toJson({ domain: 255n, l1Owner: 0xabn, accounts: [{ key: 1n }] })).to.equal(
      `{"domain":"0x${"ff".padStart(64, "0")}","l1Owner":"0x00000000000000000000000000000000000000AB",` +
        `"accounts":[{"key":"0x${"1".padStart(64, "0")}"}]}`,
    );
  });

  it("writes bigints as decimal strings on a single line", async () => {
    const { toJson } = await import("../../src/cli/output.ts");
    expect(toJson({ wei: 10n ** 30n, text: "a\nb" })).to.equal(
      '{"wei":"1000000000000000000000000000000","text":"a\\nb"}',
    );
  });
});
