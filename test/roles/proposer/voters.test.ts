import { expect } from "chai";
import { assignProvers } from "../../../src/block/assign.ts";
import { afterRound, type DeliveryRecord, NEW_RECORD, rankVoters } from "../../../src/roles/index.ts";
import { forest, SLOTS } from "../views.ts";
import { voteOf } from "./views.ts";

const votes = [3, 1, 2].map((prover) => voteOf(prover));
const record = (...delivered: readonly number[]): DeliveryRecord =>
  delivered.reduce<DeliveryRecord>((known, part) => afterRound(known, { voted: 4, delivered: part }), NEW_RECORD);
const ranked = (records: readonly (readonly [number, DeliveryRecord])[], least = 1, heard = votes): number[] =>
  rankVoters(heard, { records: new Map(records) }, least).map(({ prover }) => prover);

describe("voters in a transcript", () => {
  it("come in the order of what they delivered, and of their indexes, however their votes came", () => {
    expect(ranked([])).to.deep.equal([1, 2, 3]);
    expect(ranked([[1, record(3)]])).to.deep.equal([2, 3, 1]);
    expect(
      ranked([
        [1, record(3)],
        [2, record(2)],
      ]),
    ).to.deep.equal([3, 1, 2]);
  });

  it("are not those who withhold: who delivers nothing is out of transcripts within 3 rounds", () => {
    const rounds = [1, 2, 3, 4].map((round) => ranked([[2, record(...Array<number>(round - 1).fill(0))]]).includes(2));
    expect(rounds).to.deep.equal([true, true, false, false]);
  });

  it("are those who withhold only where there would be too few without them", () => {
    const bad = [1, 2, 3].map((index) => [index, record(...Array<number>(1 + index).fill(0))] as const);
    expect(ranked(bad, 0)).to.deep.equal([]);
    expect(ranked(bad, 1)).to.deep.equal([1]);
    expect(ranked(bad, 2)).to.deep.equal([1, 2]);
    expect(ranked(bad.slice(1), 2)).to.deep.equal([1, 2]);
    expect(ranked(bad.slice(1), 1)).to.deep.equal([1]);
    expect(ranked(bad, 1, [...votes, voteOf(1)]), "both votes of one").to.deep.equal([1, 1]);
  });

  it("get the places that there are before others who are less reliable", () => {
    const many = Array.from({ length: SLOTS + 1 }, (_, i) => voteOf(i + 1));
    const order = rankVoters(many, { records: new Map([[1, record(3)]]) }, 1);
    const { transcript } = assignProvers(forest, order, 1n, SLOTS);
    expect(transcript).to.have.members([2, 3, 4, 5, 6, 7, 8]);
  });
});
