import { expect } from "chai";
import { makeError } from "ethers";
import { RefusedBlockError } from "../../src/chain/errors.ts";
import { LogScan } from "../../src/chain/scan.ts";
import { expectRejection } from "../support/expectRejection.ts";

/** A node with a log in every block that gives at most so many at a time, and what it was asked for. */
function node(limit: number, failure: Error = new Error("too many results")) {
  const asked: string[] = [];
  const query = async (from: number, to: number): Promise<number[]> => {
    asked.push(`${from}-${to}`);
    if (to - from + 1 > limit) throw failure;
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  };
  return { asked, query };
}

async function all(answers: AsyncGenerator<number[]>): Promise<number[]> {
  const found: number[][] = [];
  for await (const answer of answers) found.push(answer);
  return found.flat();
}

describe("logs of a node with limits", () => {
  const ordered = Array.from({ length: 12_000 }, (_, i) => i + 7);

  it("are asked for in ranges, in the order that is wanted", async () => {
    const forwards = node(5_000);
    expect(await all(new LogScan().forwards(7, 12_006, forwards.query))).to.deep.equal(ordered);
    expect(forwards.asked).to.deep.equal(["7-5006", "5007-10006", "10007-12006"]);
    const backwards = node(5_000);
    await all(new LogScan().backwards(7, 12_006, backwards.query));
    expect(backwards.asked).to.deep.equal(["7007-12006", "2007-7006", "7-2006"]);
    expect(await all(new LogScan().forwards(8, 7, node(0).query))).to.deep.equal([]);
    expect(await new LogScan().all(8, 7, node(0).query)).to.deep.equal([]);
  });

  it("are asked for in halves where it refuses so many, and none is lost or comes twice", async () => {
    for (const limit of [1, 3, 700]) {
      expect(await new LogScan().all(7, 506, node(limit).query)).to.deep.equal(ordered.slice(0, 500));
      expect(await all(new LogScan().forwards(7, 506, node(limit).query))).to.deep.equal(ordered.slice(0, 500));
      const backwards: number[][] = [];
      for await (const logs of new LogScan().backwards(7, 506, node(limit).query)) backwards.unshift(logs);
      expect(backwards.flat()).to.deep.equal(ordered.slice(0, 500));
    }
  });

  it("are asked for no further once enough is found", async () => {
    const { asked, query } = node(1);
    for await (const [first] of new LogScan().forwards(0, 7, query)) if (first === 1) break;
    expect(asked).to.deep.equal(["0-7", "0-3", "0-1", "0-0", "1-1"]);
  });

  it("are asked for in ranges that the node gives, once it has refused larger ones", async () => {
    const { asked, query } = node(700);
    const scan = new LogScan();
    await all(scan.forwards(0, 4_999, query));
    expect(asked.slice(0, 6)).to.deep.equal(["0-4999", "0-2499", "0-1249", "0-624", "625-1249", "1250-1874"]);
    asked.length = 0;
    await scan.backwards(0, 4_999, query).next();
    expect(await scan.all(0, 99, query)).to.have.length(100);
    expect(asked, "the limit is remembered").to.deep.equal(["4375-4999", "0-99"]);
    asked.length = 0;
    await scan.all(0, 9_999, query);
    const refused = asked.filter((range) => Number(range.split("-")[1]) - Number(range.split("-")[0]) >= 700);
    expect(refused, "and tried again now and then").to.have.length(1);
  });

  it("of one block cannot be asked for in parts: the error names it, why, and what helps", async () => {
    const refusal = makeError("could not coalesce error", "UNKNOWN_ERROR", {
      error: { code: -32_005, message: "more than 10000 results" },
    });
    await expectRejection(
      new LogScan().all(5, 9, node(0, refusal).query),
      RefusedBlockError,
      "the node refuses the logs of block 5: more than 10000 results; expected all of them, however many: use a " +
        "node without this limit (option rpc)",
    );
  });

  it("do not hide that the node is gone", async () => {
    const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(await new LogScan().all(5, 9, node(0, gone).query).catch((reason: unknown) => reason)).to.equal(gone);
  });
});
