import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type Configuration,
  ConfigFileError,
  MissingSettingError,
  readConfiguration,
  ROLES,
  SETTINGS,
  SettingError,
  type SettingName,
  settingsOf,
  shownSettings,
  UnknownSettingError,
  variableOf,
} from "../../src/daemon/settings/index.ts";
import { isOtherVariable } from "../../src/daemon/settings/variables.ts";
import { projectPath } from "../../src/setup/project.ts";
import { expectRejection } from "../support/expectRejection.ts";

const rpc = "http://127.0.0.1:8545";

describe("the settings of a node", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-settings-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function fileOf(content: unknown): Promise<string> {
    const file = join(folder, "node.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  const read = async (
    flags: Record<string, unknown>,
    env: Record<string, string> = {},
    content?: unknown,
    role: (typeof ROLES)[number] = "prover",
  ): Promise<Configuration> =>
    readConfiguration(role, {
      ...{ flags, env, folder: "/caller" },
      ...(content !== undefined && { file: await fileOf(content) }),
    });

  it("come from a flag before the environment, before the file, before the default, and say so", async () => {
    const content = { rpc: [rpc], threads: 3, fills: 4, minPeers: 5 };
    const { settings, origins } = await read({ threads: "7" }, { B52_THREADS: "6", B52_FILLS: "2" }, content);
    expect(settings).to.include({ threads: 7, fills: 2, minPeers: 5, claimSlots: 8 });
    const kinds = (["threads", "fills", "minPeers", "claimSlots"] as const).map((name) => origins[name].kind);
    expect(kinds).to.deep.equal(["flag", "environment", "file", "default"]);
    expect(origins.threads.place).to.equal("--threads");
    expect(origins.fills.place).to.equal("B52_FILLS");
    expect(origins.minPeers.place).to.equal(join(folder, "node.json"));
  });

  it("mean the same as text and in JSON", async () => {
    const text = {
      ...{ rpc: `${rpc}, http://127.0.0.1:8546`, handsIn: "false", costPerSlot: "1.5", status: "[::1]:9000" },
      ...{ bootstrap: "/ip4/1.2.3.4/tcp/1/p2p/x,/ip4/1.2.3.4/tcp/2/p2p/y", threads: "4" },
    };
    const json = { ...text, rpc: text.rpc.split(", "), handsIn: false, costPerSlot: 1.5, threads: 4 };
    const [fromFlags, fromFile] = [await read(text), await read({}, {}, json)];
    expect(fromFile.settings).to.deep.equal(fromFlags.settings);
    expect(fromFlags.settings).to.include({ handsIn: false, costPerSlot: 15n * 10n ** 17n });
    expect(fromFlags.settings.status).to.deep.equal({ host: "::1", port: 9_000 });
    expect(fromFlags.settings.bootstrap).to.have.length(2);
  });

  it("take paths from where they are written", async () => {
    const written = { rpc: [rpc], keystore: "key.json", archives: ["blobs", "https://example.org/b"] };
    const { settings } = await read({ dataDir: "data" }, { B52_PASSWORD_FILE: "password" }, written);
    expect(settings.keystore).to.equal(join(folder, "key.json"));
    expect(settings.archives).to.deep.equal([join(folder, "blobs"), "https://example.org/b"]);
    expect(settings.dataDir).to.equal("/caller/data");
    expect(settings.passwordFile).to.equal("/caller/password");
  });

  // A renamed flag is ignored (operators' complaint): here nothing unknown is.
  it("refuse what nobody knows, wherever it stands, and name the nearest", async () => {
    const cases: readonly [() => Promise<unknown>, string, string][] = [
      [() => read({ rpc }, {}, { dataDri: "x" }), "the setting dataDri", "did you mean dataDir?"],
      [() => read({ rpc, thread: "2" }), "the command line has the setting thread", "did you mean threads?"],
      [() => read({ rpc }, { B52_MIN_PEER: "2" }), "the environment has the setting B52_MIN_PEER", "B52_MIN_PEERS?"],
      [() => read({ rpc }, {}, { somethingElseAltogether: 1 }), "somethingElseAltogether", "b52 node config lists"],
      [() => read({ rpc }, {}, { burnBid: 1 }), "burnBid", "it is a setting of the proposer"],
    ];
    for (const [reading, what, hint] of cases)
      expect((await expectRejection(reading(), UnknownSettingError, what)).message).to.contain(hint);
  });

  it("pass over what the environment has for another role, and for other commands", async () => {
    const env = { B52_BURN_BID: "12", B52_WALLET_PASSWORD: "secret", HOME: "/" };
    const { settings } = await read({ rpc }, env);
    expect(settings.burnBid).to.equal(undefined);
    expect((await read({ rpc }, env, undefined, "proposer")).settings.burnBid).to.equal(12n * 10n ** 18n);
  });

  it("say which value is wrong, where it stands and what was expected", async () => {
    const cases: readonly [SettingName, unknown, string][] = [
      ["threads", "0", "the setting threads is 0 (--threads): expected a whole number from 1 to 256"],
      ["threads", "two", "expected a whole number from 1 to 256"],
      ["mdns", "maybe", "the setting mdns is maybe (--mdns): expected true or false"],
      ["costPerSlot", "-1", "expected an amount of 0 or more"],
      ["status", "localhost", "expected host:port, e.g. 127.0.0.1:9520, or off"],
      ["logLevel", "loud", "expected one of debug, info, warn, error"],
      ["listen", "127.0.0.1", "entry 1: expected a libp2p address"],
      ["prover", "magic", "expected kernels, snarkjs or rapidsnark=PATH"],
    ];
    for (const [name, value, text] of cases) await expectRejection(read({ rpc, [name]: value }), SettingError, text);
    const missing = "the setting rpc has no value, expected one: --rpc, B52_RPC, or rpc in the file";
    await expectRejection(read({}), MissingSettingError, missing);
  });

  it("say what is wrong with the file", async () => {
    await expectRejection(read({}, {}, "[1]"), ConfigFileError, "it holds a list");
    await expectRejection(read({}, {}, "{"), ConfigFileError, "JSON");
    const missing = readConfiguration("prover", { env: {}, folder: "/", file: "/nowhere.json" });
    await expectRejection(missing, ConfigFileError, "it does not exist");
  });

  it("are shown with their sources and meanings, and without passwords", async () => {
    const configuration = await read({ rpc: "https://user:pass@node.example/key,http://127.0.0.1:1" });
    const shown = shownSettings(configuration);
    expect(shown.map(({ name }) => name)).to.deep.equal(settingsOf("prover"));
    expect(JSON.stringify(shown)).not.to.match(/user|pass@|\/key/);
    expect(shown[0]).to.include({ value: "https://node.example/…, http://127.0.0.1:1", from: "--rpc" });
    for (const { meaning } of shown) expect(meaning).to.match(/^[A-Z].*\.$/);
    // A wrong one is not shown either.
    const wrong = await expectRejection(read({ rpc: "ftp://user:pass@host" }), SettingError, "rpc");
    expect(wrong.message).not.to.contain("pass@");
  });

  it("are shown without what a node must have, and say that it is needed", async () => {
    const shown = shownSettings(await readConfiguration("prover", { env: {}, folder, isShown: true }));
    const rpc = shown.find(({ name }) => name === "rpc")!;
    expect(rpc).to.include({ value: "not set, and needed", data: null, isMissing: true });
  });

  it("are shown to programs with values of their types", async () => {
    const shown = shownSettings(await readConfiguration("prover", { env: {}, folder, isShown: true }));
    const data = Object.fromEntries(shown.map(({ name, data }) => [name, data]));
    expect(data).to.include({ passwordFile: null, threads: 2, mdns: true });
    expect(data["beacon"]).to.deep.equal([]);
    expect(shown.filter(({ isMissing }) => isMissing).map(({ name }) => name)).to.include("rpc");
    expect(JSON.stringify(data)).not.to.match(/not set|none/);
  });

  it("know every variable of the environment that the project reads", () => {
    const sources = globSync("{src,scripts,tools}/**/*.{ts,mjs}", { cwd: projectPath() });
    const named = sources.flatMap(
      (file) => readFileSync(projectPath(file), "utf8").match(/\bB52_[A-Z0-9_]*[A-Z0-9]\b/g) ?? [],
    );
    const known = Object.keys(SETTINGS).map((name) => variableOf(name as SettingName));
    // Names of examples in comments.
    const isKnown = (name: string): boolean =>
      known.includes(name) || isOtherVariable(name) || name === "B52_UPPER_CASE";
    expect([...new Set(named)].filter((name) => !isKnown(name))).to.deep.equal([]);
  });
});
