import { expect } from "chai";
import { runDemo } from "../../src/demo/demo.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";

const TOKEN = 10n ** 18n;

/** The whole story is played with real proofs in `test/e2e`: here the roles are under test, and who earns what. */
describe("the demo's story, with simulated proofs", function () {
  this.timeout(300_000);

  it("lets roles decide a contest, survive a prover that withholds and a round without proofs, and claim", async () => {
    const lines: string[] = [];
    const summary = await runDemo({
      ...{ profile: "dev", heights: 4, seed: "story", setupSeconds: 0 },
      prover: new TrapdoorProver(PROFILES.dev),
      output: { note: () => undefined, print: (line = "") => void lines.push(line) },
      signal: new AbortController().signal,
    });
    // An uncle earns at most the quarter of its bid that it burns.
    const minted = 3n * 100n * TOKEN + (((5n * TOKEN) / 2n) * 6n) / 7n + (100n * TOKEN * 6n) / 7n;
    expect(summary).to.deep.include({
      heights: 4,
      candidates: 5,
      unclesPaid: 1,
      restarts: 1,
      unfulfilledSlots: 1,
      // One for each prover's key, and one for each slot: nobody proves what somebody else has proven.
      proofs: 5 + 5 * 7,
      distinctProvers: [5, 4, 5, 5],
      forfeited: 2,
      // Four winners, an uncle, two forfeits and five registrations.
      burned: 20n * TOKEN + (5n * TOKEN) / 2n + 10n * TOKEN + 5n * TOKEN,
      minted,
      tipped: (4n * TOKEN) / 10n,
      claimed: minted + (4n * (21n * TOKEN)) / 100n - (4n * TOKEN) / 10n,
      conserved: true,
    });
    const story = lines.join("\n");
    expect(story).to.contain("Bob wins").and.to.contain("Sally is a paid uncle").and.to.contain("attempt 2");
  });

  it("ends at once when it is cancelled", async () => {
    const cancel = new AbortController();
    const reason = new Error("stop");
    const output = {
      note: () => undefined,
      print: (line = "") => (line.includes("reveals") ? cancel.abort(reason) : undefined),
    };
    const run = runDemo({
      ...{ profile: "dev", heights: 1, seed: "cancelled", setupSeconds: 0, output },
      prover: new TrapdoorProver(PROFILES.dev),
      signal: cancel.signal,
    });
    expect(await run.catch((error: unknown) => error)).to.equal(reason);
  });
});
