import { expect } from "chai";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { ReadStream } from "node:tty";
import {
  choosePassword,
  EmptyPasswordError,
  NoPasswordError,
  PasswordFileError,
  PasswordMismatchError,
  readPassword,
} from "../../src/cli/password.ts";
import { describeError } from "../../src/cli/report.ts";
import { expectRejection } from "../support/expectRejection.ts";

/** A terminal at which `keys` are typed, a chunk for each question. */
class Terminal {
  readonly input: ReadStream;
  readonly output = new PassThrough();
  readonly modes: boolean[] = [];

  constructor(...keys: readonly string[]) {
    const input = new PassThrough();
    const left = [...keys];
    this.input = Object.assign(input, {
      isTTY: true,
      setRawMode: (mode: boolean) => {
        this.modes.push(mode);
        if (mode) setImmediate(() => input.write(left.shift()));
        return input;
      },
    }) as unknown as ReadStream;
  }

  get shown(): string {
    return String(this.output.read() ?? "");
  }
}

describe("passwords", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "b52-password-"))));
  after(() => rm(folder, { recursive: true }));

  const env = {};

  it("come from the first line of a file, before the environment", async () => {
    const passwordFile = join(folder, "password");
    const utf16 = Buffer.from("\ufefffrom a file\r\n", "utf16le");
    for (const content of [
      "from a file",
      "from a file\n",
      "from a file\r\nnext line\n",
      "\ufefffrom a file\n",
      utf16,
    ]) {
      await writeFile(passwordFile, content);
      expect(await readPassword({ passwordFile, env: { B52_WALLET_PASSWORD: "from the environment" } })).to.equal(
        "from a file",
      );
    }
  });

  it("name the option whose file cannot be read", async () => {
    const missing = join(folder, "missing");
    for (const [passwordFile, reason] of [
      [missing, "it does not exist"],
      [folder, "it is a folder"],
      [join(folder, "password", "below"), "something above it is a file"],
    ] as const) {
      const message = `the password file ${passwordFile} cannot be read: ${reason}`;
      await expectRejection(readPassword({ passwordFile, env }), PasswordFileError, message);
    }
  });

  it("come from the environment, before anybody is asked", async () => {
    const terminal = new Terminal("typed\r");
    const { input, output } = terminal;
    const source = { input, output, env: { B52_WALLET_PASSWORD: "from the environment" } };
    expect(await readPassword(source)).to.equal("from the environment");
    expect(terminal.modes).to.deep.equal([]);
  });

  it("are typed without an echo, with corrections, and the terminal is left as it was", async () => {
    const terminal = new Terminal("pasz\u007fs w\u00f6rd\u0001\r");
    expect(await readPassword({ input: terminal.input, output: terminal.output, env })).to.equal("pass w\u00f6rd");
    expect(terminal.shown).to.equal("Password: \n");
    expect(terminal.modes).to.deep.equal([true, false]);
  });

  it("for a new wallet are typed twice", async () => {
    const terminal = new Terminal("same\r", "same\n");
    expect(await choosePassword({ input: terminal.input, output: terminal.output, env })).to.equal("same");
    expect(terminal.shown).to.equal("New password: \nAgain: \n");
    const { input, output } = new Terminal("same\r", "other\r");
    await expectRejection(choosePassword({ input, output, env }), PasswordMismatchError, "the two passwords differ");
    const empty = new Terminal("\r", "\r");
    await expectRejection(
      choosePassword({ input: empty.input, output: empty.output, env }),
      EmptyPasswordError,
      "the password is empty",
    );
    await expectRejection(
      choosePassword({ env: { B52_WALLET_PASSWORD: "" } }),
      EmptyPasswordError,
      "the password is empty",
    );
  });

  it("end with Ctrl+C as any interrupted command does", async () => {
    const { input, output, modes } = new Terminal("half\u0003");
    const error = await readPassword({ input, output, env }).catch((reason: unknown) => reason);
    expect(describeError(error, false)).to.deep.equal({ exitCode: 130, message: "interrupted" });
    expect(modes).to.deep.equal([true, false]);
  });

  it("are not waited for when the command is stopped", async () => {
    const { input, output, modes } = new Terminal("half");
    const stop = new AbortController();
    const asked = readPassword({ input, output, env, signal: stop.signal }).catch((reason: unknown) => reason);
    await once(input, "data");
    stop.abort();
    expect(describeError(await asked, false)).to.deep.equal({ exitCode: 130, message: "interrupted" });
    expect(modes).to.deep.equal([true, false]);
    const again = readPassword({ input, output, env, signal: stop.signal }).catch((reason: unknown) => reason);
    expect(await again).to.equal(stop.signal.reason);
    expect(modes, "the terminal is left alone").to.have.length(2);
  });

  it("are missed by name where nobody can type", async () => {
    const input = new PassThrough() as unknown as ReadStream;
    await expectRejection(
      readPassword({ input, env }),
      NoPasswordError,
      "expected B52_WALLET_PASSWORD, a file (option password-file, setting passwordFile) or a terminal",
    );
  });
});
