import { expect } from "chai";
import { rankingTable, type SizedCommit } from "../../src/cli/rankingTable.ts";
import { roundId } from "../../src/protocol/round.ts";

const commit = (height: number, burnBid: bigint, score: bigint, sizeFactor?: bigint): SizedCommit => ({
  commitment: {
    proposer: `0x${"11".repeat(20)}`,
    terms: { roundId: roundId({ height, attempt: 1 }), proverShareBps: 1_250, burnBid, parentRef: 0 },
    orderCommitment: `0x${"22".repeat(32)}`,
    transcript: "0x0001",
    committedAt: 1n,
  },
  proposalId: 1n,
  score,
  provers: 7,
  sizeFactor,
});

describe("ranking table", () => {
  it("counts places by height, in aligned columns", () => {
    const [blank, ...lines] = rankingTable([commit(9, 15_000n, 343n, 21n), commit(9, 1n, 27n, 1n), commit(10, 2n, 1n)]);
    expect(blank).to.equal("");
    expect(lines.map((line) => line.trim().split(/ {2,}/))).to.deep.equal([
      ["place", "height", "proposer", "bid (B52)", "provers' share", "provers", "size factor", "score"],
      ["1", "9", `0x${"11".repeat(20)}`, "1.5", "12.5 %", "7", "21", "343"],
      ["2", "9", `0x${"11".repeat(20)}`, "0.0001", "12.5 %", "7", "1", "27"],
      ["1", "10", `0x${"11".repeat(20)}`, "0.0002", "12.5 %", "7", "unknown", "1"],
    ]);
    expect(new Set(lines.map(({ length }) => length)).size).to.equal(1);
  });

  it("is empty where no commit can win any more", () => expect(rankingTable([])).to.deep.equal([]));
});
