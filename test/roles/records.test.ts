import { expect } from "chai";
import fc from "fast-check";
import { ZeroHash } from "ethers";
import { type Flags, packFlags } from "../../src/protocol/flags.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { roundId } from "../../src/protocol/round.ts";
import { packTerms } from "../../src/protocol/terms.ts";
import { encodeTranscript } from "../../src/protocol/transcript.ts";
import { afterRound, type DeliveryRecord, isReliable, L1History, NEW_RECORD, slashOf } from "../../src/roles/index.ts";
import { ECONOMY } from "./views.ts";

const NOTHING = { voted: 2, delivered: 0 };
const ALL = { voted: 2, delivered: 2 };
const after = (...rounds: (Parameters<typeof afterRound>[1] | undefined)[]): DeliveryRecord =>
  rounds.reduce<DeliveryRecord>((record, delivery) => afterRound(record, delivery), NEW_RECORD);

describe("a prover's delivery record", () => {
  it("begins as good as any, and forgives one miss but not two", () => {
    expect(isReliable(NEW_RECORD)).to.equal(true);
    expect(after(NOTHING).reliability).to.equal(7_500n);
    expect(isReliable(after(NOTHING))).to.equal(true);
    expect(after(NOTHING, NOTHING).reliability).to.equal(5_625n);
    expect(isReliable(after(NOTHING, NOTHING))).to.equal(false);
    expect(isReliable(after(...Array<typeof ALL>(50).fill(ALL), NOTHING, NOTHING)), "an old name").to.equal(false);
  });

  it("counts parts, and recovers by what is kept", () => {
    expect(after({ voted: 4, delivered: 3 }).reliability).to.equal(9_375n);
    expect(after(NOTHING, ALL).reliability).to.equal(8_125n);
    expect(isReliable(after(NOTHING, ALL, NOTHING))).to.equal(true);
  });

  it("gives whoever is left out another chance, the later, the more often it was let down", () => {
    const roundsOut = (misses: number): number => {
      let record = after(...Array<typeof NOTHING>(misses).fill(NOTHING));
      let rounds = 0;
      for (; !isReliable(record); rounds++) record = afterRound(record, undefined);
      return rounds;
    };
    expect([2, 3, 4].map(roundsOut)).to.deep.equal([6, 24, 35]);
  });

  it("stays between nothing and the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 40 }), (rounds) => {
        const { reliability } = after(...rounds.map(([voted, part]) => ({ voted, delivered: Math.min(voted, part) })));
        expect(reliability >= 0n && reliability <= 10_000n).to.equal(true);
      }),
      { seed: 0xb52, numRuns: 300 },
    );
  });

  it("follows from what L1 tells of a round, over all blocks that were proven in it", () => {
    const history = new L1History(PROFILES.dev);
    const tell = (name: string, args: object): void => history.apply({ name, args: { ...args } });
    const transcript = encodeTranscript([1, 2, 3, 1, 2, 3, 1]);
    const flags = (delivered: readonly number[], voted: readonly number[]): Flags =>
      packFlags(7, { voted: (slot) => voted.includes(slot), delivered: (slot) => delivered.includes(slot) });
    const decide = (height: number, proposals: readonly (readonly [bigint, Flags])[]): void => {
      const round = roundId({ height, attempt: 1 });
      for (const [proposalId, shown] of proposals) {
        const proposer = `proposer of ${proposalId}`;
        const terms = packTerms({ roundId: round, proverShareBps: 0, burnBid: 1n, parentRef: 0 });
        tell("Committed", { proposer, terms, orderCommitment: ZeroHash, transcript, committedAt: 1n });
        tell("Revealed", { proposalId, proposer, roundId: round, txsRoot: 0n, txCount: 0n, blobHashes: [] });
        tell("CandidateProven", { proposalId, score: 1n, silent: 0n, flags: shown });
      }
      const winner = proposals[0]![0];
      tell("CandidatePaid", { proposalId: winner });
      tell("Advanced", { proposalId: winner, roundId: round });
    };
    // Prover 1 has delivered two of three, prover 2 two of four over both blocks, prover 3 was held to nothing.
    decide(1, [
      [11n, flags([0, 6, 1, 4], [0, 3, 6, 1, 4])],
      [12n, flags([], [1, 4])],
    ]);
    const reliability = (index: number): bigint | undefined => history.provers.records.get(index)?.reliability;
    expect([1, 2, 3].map(reliability)).to.deep.equal([9_167n, 8_750n, undefined]);
    decide(2, [[21n, flags([], [])]]);
    expect([1, 2].map(reliability), "a round without a promise").to.deep.equal([9_180n, 8_769n]);

    const charge = (proposalId: bigint, proverIndex: bigint): void =>
      tell("Slashed", { proposalId, proverIndex, undelivered: 1n, voted: 2n, amount: 5n, burnt: 5n });
    const misses = (): number[] => [1, 2].map((index) => history.provers.records.get(index)!.misses);
    charge(12n, 2n);
    expect(misses()).to.deep.equal([0, 1]);
    charge(11n, 1n);
    expect(misses()).to.deep.equal([1, 1]);
    expect(history.payments.kept.map(({ proposalId }) => proposalId)).to.deep.equal([11n, 21n]);
    tell("Redeemed", { proverIndex: 1n, proposalId: 21n, misses: 0n });
    expect(misses()).to.deep.equal([0, 1]);
    expect(history.payments.kept.map(({ redeemed }) => redeemed)).to.deep.equal([[], [1]]);
  });

  it("counts a round with several slashes as one miss", () => {
    const history = new L1History(PROFILES.dev);
    const tell = (name: string, args: object): void => history.apply({ name, args: { ...args } });
    const round = roundId({ height: 1, attempt: 1 });
    for (const proposalId of [11n, 12n]) {
      const terms = packTerms({ roundId: round, proverShareBps: 0, burnBid: 1n, parentRef: 0 });
      const proposer = `proposer of ${proposalId}`;
      const transcript = encodeTranscript([1, 0, 0, 0, 0, 0, 0]);
      tell("Committed", { proposer, terms, orderCommitment: ZeroHash, transcript, committedAt: 1n });
      tell("Revealed", { proposalId, proposer, roundId: round, txsRoot: 0n, txCount: 0n, blobHashes: [] });
      tell("CandidateProven", {
        proposalId,
        score: 1n,
        silent: 0n,
        flags: packFlags(7, { voted: (slot) => slot === 0 }),
      });
    }
    tell("Advanced", { proposalId: 11n, roundId: round });
    for (const proposalId of [11n, 12n]) tell("Slashed", { proposalId, proverIndex: 1n, amount: 5n, burnt: 5n });
    expect(history.provers.records.get(1)?.misses).to.equal(1);
    expect(history.provers.debts).to.deep.equal([]);
  });
});

describe("what a slash costs", () => {
  const TOKEN = 10n ** 18n;
  const cost = (misses: number, bid: bigint, voters: number): bigint =>
    slashOf(ECONOMY, { misses, bid: bid * TOKEN, voters }) / TOKEN;

  it("is a part of the stake that grows with misses, or one and a half times the prover's part of the bid", () => {
    expect(cost(0, 1n, 5), "half of 100").to.equal(50n);
    expect(cost(1, 1n, 5)).to.equal(100n);
    expect(cost(7, 1n, 5), "never more than the stake").to.equal(100n);
    expect(cost(0, 200n, 5), "3/2 of a fifth").to.equal(60n);
    expect(cost(0, 900n, 5)).to.equal(100n);
    expect(cost(0, 900n, 0), "nobody has voted").to.equal(50n);
  });
});
