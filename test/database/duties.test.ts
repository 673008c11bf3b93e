import { expect } from "chai";
import fc from "fast-check";
import {
  type Duty,
  DutyConflictError,
  ForeignDatabaseError,
  NodeDatabase,
  REMEMBERED_ROUNDS,
  StaleDutyError,
} from "../../src/database/index.ts";

const duty = (change: Partial<Duty> = {}): Duty => ({
  ...{ key: "11", kind: "vote", subject: "77", roundNumber: 5n, hash: "0xaa", data: '{"capacity":3}', state: "signed" },
  ...change,
});
const open = () => NodeDatabase.inMemory("rollup");

describe("duty ledger", () => {
  it("is written before the signature is made, and says when it was", async () => {
    using database = await open();
    const { duties } = database;
    const states: string[] = [];
    const signed = duties.sign(duty(), () => {
      states.push(...duties.of("11").map(({ state }) => state));
      return "signature";
    });
    expect(signed).to.equal("signature");
    expect(states).to.deep.equal(["written"]);
    expect(duties.of("11")).to.deep.equal([duty()]);
  });

  it("keeps a duty whose signature was never made, so that nothing else is signed instead", async () => {
    using database = await open();
    const { duties } = database;
    const fail = (): never => {
      throw new Error("killed");
    };
    expect(() => duties.sign(duty(), fail)).to.throw("killed");
    expect(duties.of("11")).to.deep.equal([duty({ state: "written" })]);
    expect(() => duties.sign(duty({ hash: "0xbb" }), () => 0)).to.throw(DutyConflictError);
    expect(duties.sign(duty(), () => 1)).to.equal(1);
  });

  it("refuses other data for the same duty, and names both", async () => {
    using database = await open();
    const { duties } = database;
    duties.record(duty());
    let isSigned = false;
    const other = duty({ hash: "0xbb", data: '{"capacity":4}' });
    expect(() => duties.sign(other, () => (isSigned = true)))
      .to.throw(DutyConflictError)
      .with.property(
        "message",
        'vote of 11 for 77 is 0xbb ({"capacity":4}), expected 0xaa ({"capacity":3}), which was signed before',
      );
    expect(isSigned).to.equal(false);
    const long = { subject: `${2n ** 255n}` };
    duties.record(duty(long));
    expect(() => duties.sign({ ...other, ...long }, () => (isSigned = true))).to.throw(
      DutyConflictError,
      `vote of 11 for 0x8${"0".repeat(63)} is 0xbb`,
    );
    // Another key, kind or proposal is another duty.
    for (const change of [{ key: "12" }, { kind: "commit" as const }, { subject: "78" }])
      duties.record({ ...other, ...change });
    expect(duties.of("11")).to.have.length(4);
  });

  it("forgets rounds, and signs nothing for them any more", async () => {
    using database = await open();
    const { duties } = database;
    expect(duties.isEmpty("11")).to.equal(true);
    duties.record(duty());
    duties.record(duty({ subject: "78", roundNumber: 9n }));
    duties.prune("11", 9n);
    expect(duties.of("11").map(({ subject }) => subject)).to.deep.equal(["78"]);
    expect(() => duties.sign(duty({ hash: "0xbb" }), () => 0)).to.throw(StaleDutyError, "round 5, expected 9 or later");
    duties.forget("11", 1_000n);
    expect(duties.of("11")).to.have.length(1);
    duties.forget("11", 10n + REMEMBERED_ROUNDS);
    expect(duties.of("11")).to.deep.equal([]);
    expect(duties.isEmpty("11")).to.equal(false);
    expect(duties.isEmpty("12")).to.equal(true);
  });

  it("moves to another machine whole, whatever is in it", async () => {
    const any = fc.record({
      key: fc.constantFrom("1", "2"),
      kind: fc.constantFrom("vote" as const, "commit" as const),
      subject: fc.constantFrom("7", "8", "9"),
      roundNumber: fc.bigInt({ min: 0n, max: 4n }),
      hash: fc.constant("0xaa"),
      data: fc.string(),
      state: fc.constantFrom("written" as const, "signed" as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 12 }), fc.bigInt({ min: 0n, max: 5n }), async (all, floor) => {
        using from = await open();
        for (const each of all) from.duties.record(each);
        from.duties.prune("1", floor);
        using to = await open();
        const exported = JSON.parse(JSON.stringify(from.duties.export())) as ReturnType<typeof from.duties.export>;
        expect(to.duties.import(exported, "file")).to.equal(exported.duties.length);
        expect(to.duties.export()).to.deep.equal(exported);
        expect(to.duties.import(exported, "file")).to.equal(0);
      }),
      { seed: 0xb52, numRuns: 50 },
    );
  });

  it("merges what two ledgers know, and nothing of one that contradicts", async () => {
    using mine = await open();
    using other = await open();
    mine.duties.record(duty());
    mine.duties.record(duty({ subject: "78", state: "written" }));
    other.duties.record(duty({ subject: "78" }));
    other.duties.record(duty({ subject: "79" }));
    expect(mine.duties.import(other.duties.export(), "file")).to.equal(1);
    expect(mine.duties.of("11").map(({ subject, state }) => `${subject} ${state}`)).to.deep.equal([
      "77 signed",
      "78 signed",
      "79 signed",
    ]);
    other.duties.record(duty({ subject: "80" }));
    other.duties.record(duty({ hash: "0xbb" }));
    expect(() => mine.duties.import(other.duties.export(), "file")).to.throw(DutyConflictError, "for 77 is 0xbb");
    expect(mine.duties.of("11")).to.have.length(3);
    using foreign = await NodeDatabase.inMemory("another rollup");
    expect(() => foreign.duties.import(mine.duties.export(), "file")).to.throw(
      ForeignDatabaseError,
      "file is that of rollup, expected another rollup",
    );
  });
});
