import { expect } from "chai";
import { Tally, type TalliedEvent } from "../../src/devnet/tally.ts";
import { roundId } from "../../src/protocol/round.ts";

const WINDOWS = { proposal: 30n, acceptance: 120n };

const rollup = (name: string, args: TalliedEvent["args"]): TalliedEvent => ({ contract: "rollup", name, args });
const court = (burnt: bigint): TalliedEvent => ({ contract: "court", name: "Slashed", args: { burnt } });

const opened = (height: number, attempt: number, opens: bigint, isPipelined: boolean): TalliedEvent =>
  rollup("RoundOpened", { roundId: roundId({ height, attempt }), opens, isPipelined });
const advanced = (height: number, attempt: number, proposalId: bigint): TalliedEvent =>
  rollup("Advanced", { roundId: roundId({ height, attempt }), proposalId });

function tally(events: readonly TalliedEvent[]): Tally {
  const made = new Tally(WINDOWS);
  for (const event of events) made.apply(event);
  return made;
}

describe("the tally of a devnet", () => {
  it("begins with nothing", () => {
    expect(tally([]).figures).to.deep.equal({
      ...{ heights: 0, candidates: 0, unclesPaid: 0, slashed: 0, transactions: 0 },
      ...{ secondsPerHeight: 0, idleSecondsBetweenHeights: 0 },
    });
  });

  it("counts blocks, uncles, charges, and the transactions of what is final", () => {
    const { figures } = tally([
      opened(1, 1, 1_000n, false),
      rollup("Revealed", { proposalId: 1n, txCount: 8n }),
      rollup("Revealed", { proposalId: 2n, txCount: 5n }),
      ...[1n, 2n, 1n].map((proposalId) => rollup("CandidateProven", { proposalId })),
      rollup("CandidatePaid", { proposalId: 1n, place: 0n }),
      rollup("CandidatePaid", { proposalId: 2n, place: 1n }),
      advanced(1, 1, 1n),
      court(5n),
      court(0n),
    ]);
    expect(figures).to.include({ heights: 1, candidates: 2, unclesPaid: 1, slashed: 1, transactions: 8 });
    expect(figures.secondsPerHeight).to.equal(150);
  });

  it("sees no idle second where the next height was committed to in time", () => {
    const { figures } = tally([
      opened(1, 1, 1_000n, false),
      advanced(1, 1, 1n),
      opened(2, 1, 1_030n, true),
      advanced(2, 1, 2n),
    ]);
    expect(figures.secondsPerHeight).to.equal(120);
    expect(figures.idleSecondsBetweenHeights).to.equal(0);
  });

  it("counts as idle what passes until somebody proves for the next height again, whatever attempts it took", () => {
    const { figures } = tally([
      opened(1, 1, 1_000n, false),
      advanced(1, 1, 1n),
      opened(2, 1, 1_150n, false),
      opened(2, 2, 1_310n, false),
      advanced(2, 2, 2n),
      opened(3, 1, 1_340n, true),
      advanced(3, 1, 3n),
    ]);
    // The first ended at 1,150, the second began at 1,340.
    expect(figures.idleSecondsBetweenHeights).to.equal(190 / 2);
    expect(figures.secondsPerHeight).to.equal((1_580 - 1_150) / 2);
  });
});
