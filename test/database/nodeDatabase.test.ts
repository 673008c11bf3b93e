import { expect } from "chai";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection } from "../../src/database/connection.ts";
import {
  ChangedMigrationError,
  DamagedDatabaseError,
  DATABASE_FILE,
  DiskFullError,
  ForeignDatabaseError,
  NewerDatabaseError,
  NodeDatabase,
} from "../../src/database/index.ts";
import { migrate } from "../../src/database/migrations.ts";
import { expectRejection } from "../support/expectRejection.ts";

const first = { number: 1, sql: "CREATE TABLE a (x INTEGER) STRICT" };
const second = { number: 2, sql: "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO b VALUES (1)" };

describe("node database", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "b52-database-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const path = (): string => join(folder, DATABASE_FILE);

  it("keeps what was written when it is opened again, durably and in strict tables", async () => {
    {
      using database = await NodeDatabase.open(folder, "rollup");
      await database.store("prover").write(new Map([["a", "1"]]));
      await database.store("proposer").write(new Map([["a", "2"]]));
    }
    using database = await NodeDatabase.open(folder, "rollup");
    expect(database.store("prover").get("a")).to.equal("1");
    await database.store("prover").write(new Map([["a", undefined]]));
    expect(database.store("prover").get("a")).to.equal(undefined);
    expect(database.store("proposer").get("a")).to.equal("2");
    const connection = new Connection(path());
    expect(connection.get("PRAGMA journal_mode")!.journal_mode).to.equal("wal");
    const loose = connection.all("SELECT name FROM pragma_table_list WHERE NOT strict AND name NOT LIKE 'sqlite%'");
    connection.close();
    expect(loose).to.deep.equal([]);
  });

  it("is one rollup's", async () => {
    await expectRejection(NodeDatabase.open(folder), ForeignDatabaseError, "no program has used it");
    (await NodeDatabase.open(folder, "rollup")).close();
    await expectRejection(
      NodeDatabase.open(folder, "another"),
      ForeignDatabaseError,
      "is that of rollup, expected another: name another data folder, or remove this one if that rollup's " +
        "chain is gone for good",
    );
    (await NodeDatabase.open(folder)).close();
  });

  it("refuses a file of a newer version of the program, or of another build", async () => {
    const open = (migrations: readonly { number: number; sql: string }[]): void => {
      const connection = new Connection(path());
      try {
        migrate(connection, migrations);
      } finally {
        connection.close();
      }
    };
    open([first, second]);
    expect(() => open([first])).to.throw(NewerDatabaseError, "has schema 2, expected at most 1");
    expect(() => open([{ ...first, sql: "CREATE TABLE c (x INTEGER)" }, second])).to.throw(
      ChangedMigrationError,
      "step 1",
    );
    // How it is laid out does not matter.
    open([{ ...first, sql: first.sql.replaceAll(" ", "\n  ") }, second]);
  });

  it("takes a step to a new schema whole or not at all", () => {
    const connection = new Connection(path());
    migrate(connection, [first]);
    const broken = { number: 2, sql: "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO b VALUES ('text')" };
    expect(() => migrate(connection, [first, broken])).to.throw();
    migrate(connection, [first, second]);
    expect(connection.get("SELECT x FROM b")).to.deep.include({ x: 1 });
    connection.close();
  });

  it("opens no file of another program, and none with other bytes than were written", async () => {
    await writeFile(path(), "no database at all, but longer than a header of SQLite would be".repeat(20));
    await expectRejection(NodeDatabase.open(folder, "rollup"), DamagedDatabaseError, "file is not a database");
    await rm(path());
    const connection = new Connection(path());
    connection.execute("CREATE TABLE cookies (x TEXT)");
    connection.close();
    await expectRejection(NodeDatabase.open(folder, "rollup"), DamagedDatabaseError, "application id");
    await rm(path());
    {
      using database = await NodeDatabase.open(folder, "rollup");
      const values = Array.from({ length: 200 }, (_, i) => [`key ${i}`, "x".repeat(200)] as const);
      await database.store("prover").write(new Map(values));
    }
    const bytes = await readFile(path());
    bytes.fill(0xff, bytes.length - 6_000, bytes.length - 4_200);
    await writeFile(path(), bytes);
    await expectRejection(NodeDatabase.open(folder, "rollup"), DamagedDatabaseError, "restore a copy");
  });

  it("says when the disk is full, keeps what it had, and goes on when there is room again", async () => {
    const connection = new Connection(path());
    connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE a (x TEXT) STRICT; INSERT INTO a VALUES ('kept')");
    connection.execute("PRAGMA max_page_count = 8");
    const fill = (): void =>
      connection.transaction(() => {
        for (let i = 0; i < 50; i++) connection.run("INSERT INTO a VALUES (?)", "x".repeat(1_000));
      });
    expect(fill).to.throw(DiskFullError, `cannot write ${path()}: database or disk is full`);
    expect(connection.all("SELECT x FROM a")).to.have.length(1);
    connection.execute("PRAGMA max_page_count = 1000");
    fill();
    expect(connection.all("SELECT x FROM a")).to.have.length(51);
    connection.close();
  });
});
