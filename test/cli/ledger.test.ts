import { expect } from "chai";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ledgerCommand } from "../../src/cli/commands/ledger.ts";
import { createProgram } from "../../src/cli/program.ts";
import {
  type Duty,
  DutyConflictError,
  ForeignDatabaseError,
  LockedError,
  NodeDatabase,
} from "../../src/database/index.ts";
import { LedgerFileError } from "../../src/database/ledgerFile.ts";
import { expectRejection } from "../support/expectRejection.ts";

const duty = (subject: string, hash = "0xaa"): Duty => ({
  ...{ key: "11", kind: "vote", subject, roundNumber: 5n, hash, data: "{}", state: "signed" },
});

describe("b52 ledger", () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "b52-ledger-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    createProgram({ signal: new AbortController().signal }, [ledgerCommand]).parseAsync(["ledger", ...args], {
      from: "user",
    });
  async function record(name: string, ...duties: Duty[]): Promise<void> {
    using database = await NodeDatabase.open(at(name), "rollup");
    for (const each of duties) database.duties.record(each);
  }

  it("moves what was signed to another machine, where nothing else can be signed then", async () => {
    await record("old", duty("7"), duty("8"));
    await run("export", at("duties.json"), "--data-dir", at("old"));
    await run("import", at("duties.json"), "--data-dir", at("new"), "--json");
    using database = await NodeDatabase.open(at("new"), "rollup");
    expect(database.duties.of("11")).to.deep.equal([duty("7"), duty("8")]);
    expect(() => database.duties.record(duty("7", "0xbb"))).to.throw(DutyConflictError);
    expect(database.duties.isEmpty("11")).to.equal(false);
  });

  it("imports nothing of what contradicts, of another rollup, or of another form", async () => {
    await record("old", duty("6"), duty("7"));
    await record("new", duty("7", "0xbb"));
    await run("export", at("duties.json"), "--data-dir", at("old"));
    await expectRejection(
      run("import", at("duties.json"), "--data-dir", at("new")),
      DutyConflictError,
      "for 7 is 0xaa",
    );
    const text = await readFile(at("duties.json"), "utf8");
    await writeFile(at("other.json"), text.replace('"rollup": "rollup"', '"rollup": "another"'));
    await expectRejection(run("import", at("other.json"), "--data-dir", at("new")), ForeignDatabaseError, "rollup");
    await writeFile(at("newer.json"), text.replace("b52 duties 1", "b52 duties 2"));
    await expectRejection(run("import", at("newer.json"), "--data-dir", at("new")), LedgerFileError, "cannot be read");
    await expectRejection(
      run("import", at("none.json"), "--data-dir", at("new")),
      LedgerFileError,
      "it does not exist",
    );
    using database = await NodeDatabase.open(at("new"), "rollup");
    expect(database.duties.of("11")).to.deep.equal([duty("7", "0xbb")]);
  });

  it("says where no file can be made", async function () {
    if (process.platform !== "linux") this.skip();
    (await NodeDatabase.open(at("old"), "rollup")).close();
    await expectRejection(
      run("export", "/proc/x", "--data-dir", at("old")),
      LedgerFileError,
      "/proc/x cannot be made there, expected a path in a folder that takes files",
    );
  });

  it("exports nothing of a node that runs, or of a folder that is none's", async () => {
    using _ = await NodeDatabase.open(at("old"), "rollup");
    await expectRejection(
      run("export", at("duties.json"), "--data-dir", at("old")),
      LockedError,
      `held by process ${process.pid}`,
    );
    await expectRejection(
      run("export", at("duties.json"), "--data-dir", at("none")),
      LedgerFileError,
      "has no node.sqlite",
    );
  });
});
