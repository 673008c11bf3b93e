import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { secretKeyFromSeed } from "../../../src/protocol/eddsa.ts";
import { logTo, type LogLine } from "../../../src/log/index.ts";
import { accountKeyOf } from "../../../src/protocol/keys.ts";
import { transfersPerBlock } from "../../../src/protocol/profile.ts";
import { signTransfer, type SignedTransfer } from "../../../src/protocol/transfer.ts";
import { type Builder, Mempool, MempoolBuilder, ProcessBuilder } from "../../../src/roles/index.ts";
import { draftBlock } from "../../../src/block/draft.ts";
import { projectPath } from "../../../src/setup/project.ts";
import { State } from "../../../src/state/state.ts";
import { forest } from "../views.ts";

const ETHER = 10n ** 18n;
const DOMAIN = 7n;
const TIMEOUT_MS = 60_000;
const secrets = [1, 2, 3].map((i) => secretKeyFromSeed(`builder ${i}`));
const state = State.ofGenesis({
  accountDepth: forest.accountDepth,
  accounts: secrets.map((secret) => ({ key: accountKeyOf(secret), balance: 10n * ETHER, nonce: 0n, l1Owner: 1n })),
});
const transferOf = (from: number, fee: bigint, domain = DOMAIN): SignedTransfer =>
  signTransfer(secrets[from - 1]!, domain, { from, to: 1, amount: ETHER, fee }, 0n);
const PLACES = transfersPerBlock(forest);
const request = {
  ...{ state, operations: [], roundId: 1n, parent: 0n, proverShareBps: 5_000 },
  ...{ proposer: "0x0000000000000000000000000000000000000001" },
  rules: { profile: forest, domain: DOMAIN, crownDepth: 0, operationCrownDepth: 0 },
};

/** Runs a program that is given as source, or as a command; its answers are these of `order`. */
async function using(
  program: string | readonly [string, ...string[]],
  use: (builder: ProcessBuilder, lines: readonly LogLine[]) => Promise<void>,
  timeoutMs = 30_000,
): Promise<void> {
  const mempool = new Mempool();
  for (const [from, fee] of [
    [1, 1n],
    [2, 5n],
    [3, 3n],
  ] as const)
    expect(mempool.add(transferOf(from, fee), state)).to.equal(undefined);
  const lines: LogLine[] = [];
  const command = typeof program === "string" ? ([process.execPath, "-e", program] as const) : program;
  const log = logTo((line) => lines.push(line));
  const fallback: Builder = new MempoolBuilder(mempool);
  const builder = new ProcessBuilder({ command, timeoutMs, fallback, mempool, log });
  try {
    await use(builder, lines);
  } finally {
    await builder.close();
  }
}
const feesOf = (transfers: readonly SignedTransfer[]): bigint[] => transfers.map(({ fee }) => fee);
/** What the proposer orders itself. */
const OWN = [5n, 3n, 1n];

/** A program that answers each question by an expression over `q`, the question. */
const answering = (expression: string): string =>
  `require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
     const q = JSON.parse(line);
     process.stdout.write(JSON.stringify(${expression}) + "\\n");
   });`;

describe("a builder in a process of its own", () => {
  it("orders blocks: the one that comes with the project takes what pays enough", async function () {
    this.timeout(TIMEOUT_MS);
    const command = [process.execPath, "--import", "tsx", projectPath("scripts", "builder.ts"), "2"] as const;
    await using(command, async (builder, lines) => {
      expect(feesOf(await builder.order(request))).to.deep.equal([5n, 3n]);
      const { pid } = builder;
      expect(feesOf(await builder.order(request)), "asked again").to.deep.equal([5n, 3n]);
      expect(builder.pid, "the same process").to.equal(pid);
      expect(pid).to.not.equal(process.pid);
      expect(lines.filter(({ level }) => level === "warn")).to.deep.equal([]);
    });
  });

  it("is told the public side of a block alone, and nothing of this program", async () => {
    process.env["B52_TEST_PASSWORD"] = "secret";
    const program = answering(
      "(console.error(Object.keys(q).sort().join(), Object.keys(process.env).some((n) => n.startsWith('B52_'))), " +
        `{ id: q.id, transfers: [...q.pool].reverse() })`,
    );
    await using(program, async (builder, lines) => {
      expect(feesOf(await builder.order(request))).to.deep.equal([1n, 3n, 5n]);
      const find = (): string | undefined => lines.find(({ code }) => code === "builder-says")?.message;
      for (let i = 0; i < 500 && find() === undefined; i++) await setTimeout(10);
      const said = find();
      expect(said).to.equal("domain,id,operations,parent,places,pool,proposer,proverShareBps,roundId,version false");
    });
    delete process.env["B52_TEST_PASSWORD"];
  });

  it("may be late, broken, or ended: then the block is ordered here, and it is begun anew", async function () {
    this.timeout(TIMEOUT_MS);
    const faults: readonly (readonly [program: string, problem: RegExp])[] = [
      ["setInterval(() => {}, 1000)", /says nothing for 500 ms/],
      ["process.stdin.once('data', () => process.exit(3))", /has ended \(exit code 3\)/],
      ["process.stdin.once('data', () => console.log('well'))", /says what cannot be read/],
      [answering("{ id: q.id, transfers: ['0x00'] }"), /says what cannot be read/],
      [answering("{ id: q.id + 1, transfers: [] }"), /answers question 1 and not 0/],
      [
        answering("{ id: q.id, transfers: [q.pool[0], q.pool[0].toUpperCase().replace('0X', '0x')] }"),
        /has a transfer twice/,
      ],
      [answering("{ id: q.id, transfers: Array(q.places + 1).fill(q.pool[0]) }"), /has \d+ transfers for \d+ places/],
    ];
    for (const [program, problem] of faults)
      await using(
        program,
        async (builder, lines) => {
          expect(feesOf(await builder.order(request)), program).to.deep.equal(OWN);
          const [warning] = lines.filter(({ level }) => level === "warn");
          expect(warning?.code).to.equal("builder-failed");
          expect(warning?.message).to.match(problem);
          expect(builder.pid, "killed").to.equal(undefined);
        },
        500,
      );
    await using(["b52-no-such-program"], async (builder, lines) => {
      expect(feesOf(await builder.order(request))).to.deep.equal(OWN);
      expect(lines.at(-1)!.message).to.match(/cannot be run: .*ENOENT/);
    });
  });

  it("is used again after a failure", async () => {
    const counted = "const { existsSync, writeFileSync } = require('node:fs');";
    const folder = mkdtempSync(join(tmpdir(), "b52-builder-"));
    const mark = join(folder, "mark");
    const program =
      `${counted} if (!existsSync("${mark}")) { writeFileSync("${mark}", ""); process.exit(1); } ` +
      answering("{ id: q.id, transfers: q.pool.slice(0, 1) }");
    await using(program, async (builder) => {
      expect(feesOf(await builder.order(request))).to.deep.equal(OWN);
      expect(feesOf(await builder.order(request))).to.deep.equal([5n]);
    });
    rmSync(folder, { recursive: true });
  });

  it("stops at once when its proposer does", async () => {
    await using("setInterval(() => {}, 1000)", async (builder) => {
      const stop = new AbortController();
      const order = builder.order(request, stop.signal);
      const stopped = setTimeout(50).then(() => stop.abort(new Error("stopped")));
      expect(await order.catch((error: unknown) => (error as Error).message)).to.equal("stopped");
      await stopped;
      expect(builder.pid).to.equal(undefined);
    });
  });

  it("cannot bring in what is not admissible: the proposer executes its order itself", async () => {
    // Another rollup's signature, and a transfer that nobody has signed for.
    const foreign = transferOf(1, 9n, DOMAIN + 1n);
    const order = [foreign, transferOf(2, 5n)];
    const { executed, dropped } = await draftBlock({ ...request, pool: order, salt: `0x${"11".repeat(32)}` });
    expect(executed.txCount).to.equal(1n);
    expect(dropped.map(({ transfer }) => transfer)).to.deep.equal([foreign]);
    expect(PLACES).to.be.greaterThan(1);
  }).timeout(TIMEOUT_MS);
});
