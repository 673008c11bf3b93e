import { expect } from "chai";
import { type DemoSummary, runDemo } from "../../src/demo/demo.ts";
import type { ProfileName } from "../../src/protocol/profile.ts";

const TOKEN = 10n ** 18n;

/** Runs the demo on a chain of its own. @returns its summary and everything that it printed */
async function play(
  profile: ProfileName,
  heights: number,
  seed: string,
  full = false,
): Promise<{ summary: DemoSummary; lines: string[] }> {
  console.log(`      seed: ${seed}`);
  const lines: string[] = [];
  const output = { note: () => undefined, print: (line = "") => void lines.push(line) };
  const summary = await runDemo({
    profile,
    heights,
    full,
    seed,
    setupSeconds: 0,
    output,
    signal: new AbortController().signal,
  });
  return { summary, lines };
}

describe("the life of blocks, with real proofs", function () {
  this.timeout(900_000);

  it("decides a contest, survives a withholding prover and a round without proofs, and pays everyone", async () => {
    const { summary, lines } = await play("dev", 4, "dev life");
    const { seconds, claimed, slashed, handedIn, forfeited, bluffed, pipelined, policies, ...others } = summary;
    const { revealedInParts, depositsSettled, forcedIncluded, exitsClaimed, escaped, ...counts } = others;
    const fees = (4n * (21n * TOKEN)) / 100n;
    // The uncle's three provers hold 6 of 7 slots, and so many are fulfilled at height 2. An uncle earns at most the
    // quarter of its bid that it burns. Everything minted is claimed or a tip, and the fees besides.
    const minted = 3n * 100n * TOKEN + (((5n * TOKEN) / 2n) * 6n) / 7n + (100n * TOKEN * 6n) / 7n;
    const tipped = (4n * TOKEN) / 10n;
    expect(counts).to.deep.equal({
      heights: 4,
      candidates: 5,
      unclesPaid: 1,
      restarts: 1,
      unfulfilledSlots: 1,
      proofs: 5 + 5 * 7,
      distinctProvers: [5, 4, 5, 5],
      // Four bids of five tokens, a quarter of the uncle's ten, two of five that were never proven, and five
      // registration fees.
      burned: 20n * TOKEN + (5n * TOKEN) / 2n + 10n * TOKEN + 5n * TOKEN,
      minted,
      tipped,
      conserved: true,
    });
    expect(claimed).to.equal(minted + fees - tipped);
    expect({ slashed, handedIn, forfeited, bluffed, revealedInParts, pipelined, policies }).to.deep.equal({
      slashed: 0,
      handedIn: 0,
      forfeited: 2,
      bluffed: 0,
      revealedInParts: 0,
      pipelined: false,
      policies: ["plain/perBlock/winner"],
    });
    expect([depositsSettled, forcedIncluded, exitsClaimed, escaped]).to.deep.equal([0, 0, 0, 0]);
    expect(seconds.prove).to.be.greaterThan(0);
    const story = lines.join("\n");
    expect(story)
      .to.contain("Bob wins")
      .and.to.contain("Sally is a paid uncle")
      .and.to.contain("Emmy does not count")
      .and.to.contain("attempt 2")
      // What is in no bid and no offer is told, too.
      .and.to.contain("5 provers registered: each staked 400 B52 and burned a fee of 1 B52.")
      .and.to.match(
        /Bob wins: .* earns 39\.9\d* B52 \(after a tip of 0\.1 B52 to the builder of the L1 block that made it final\)/,
      )
      .and.to.contain("of the reward is minted: 85.7 %")
      .and.to.contain(
        "of which 0.4 B52 went to builders of L1 blocks, burned 37.5 B52, of which 5 B52 when provers registered",
      );
  });

  it("plays everything: pipelining, hand-ins, slashes, bluffs, bridge, escape, policies", async function () {
    this.timeout(2_400_000);
    const { summary, lines } = await play("dev", 3, "full life", true);
    expect(summary).to.deep.include({
      heights: 13,
      candidates: 18,
      restarts: 2,
      slashed: 1,
      handedIn: 2,
      forfeited: 4,
      bluffed: 1,
      revealedInParts: 1,
      depositsSettled: 1,
      forcedIncluded: 3,
      exitsClaimed: 3,
      escaped: 7,
      pipelined: true,
      policies: [
        "plain/perBlock/winner",
        "stake/fairPay/everyCommit",
        "dynamic/perBlock/winner",
        "race/perBlock/winner",
      ],
      conserved: true,
    });
    const story = lines.join("\n");
    expect(story)
      .to.contain("0 s idle")
      .and.to.match(/Blaise hands in nodes 1 and 5 on L1, in 1 transaction/)
      .and.to.contain("Emmy delivered 0 of 1 node that proofs show a vote for, and loses 100 B52 of the stake")
      .and.to.contain("not one of the votes that he claimed to have: it costs him 20 B52")
      .and.to.contain("the same share as everyone");
    expect(story)
      .to.contain("Account 7 is Otto's, with 50 B52")
      .and.to.contain("to Lena, Mei, Kofi")
      .and.to.contain("has the same state root")
      .and.to.contain("What was queued comes back: 1.01 B52");
  });

  it("merges merges: a forest with two merge levels", async () => {
    const { summary } = await play("deep", 1, "deep life");
    expect(summary).to.deep.include({
      heights: 1,
      candidates: 2,
      proofs: 5 + 2 * 15,
      distinctProvers: [5],
      conserved: true,
    });
  });

  it("ends at once when it is cancelled", async () => {
    const cancel = new AbortController();
    const output = {
      note: () => undefined,
      print: (line = "") => (line.includes("reveals") ? cancel.abort(new Error("stop")) : undefined),
    };
    const run = runDemo({
      profile: "dev",
      heights: 1,
      seed: "cancelled",
      setupSeconds: 0,
      output,
      signal: cancel.signal,
    });
    const reason: unknown = await run.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(String(reason)).to.match(/stop|cancel/i);
  });
});
