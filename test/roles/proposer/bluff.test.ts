import { expect } from "chai";
import {
  bidIn,
  type L1View,
  nextProposer,
  offerKey,
  PROPOSER_DEFAULTS,
  type ProposerEntry,
} from "../../../src/roles/index.ts";
import { commitOf, l1Of, OPENS, PARENT } from "../views.ts";
import { draftOf, MINE, ownOf, ROUND_ID, viewOf, voteOf } from "./views.ts";

const BLUFF = 900n;
const TOKEN = 10_000n;
const HER_BID = 5n * TOKEN;
/** What her block carries: nine tenths of 50 tokens. */
const CEILING = 45n * TOKEN;

/** What EVE does with an offer of the most that ALICE would still outbid. */
interface Bluff {
  /** Provers whose votes it has collected. */
  readonly votes: number;
  /** Seconds after the beginning of the window at which it is committed; undefined: never. */
  readonly committedAt?: bigint;
}

/**
 * What ALICE, who has three votes, commits in a window of 160 s, BID_UNIT. She is "me", and plays by the shipped
 * policy.
 */
function playedBid({ votes, committedAt }: Bluff): bigint {
  const burnBid = CEILING - 1n;
  const offer = { proposalId: BLUFF, proposer: "eve", roundId: ROUND_ID, parent: PARENT, burnBid };
  const entries: ProposerEntry[] = [draftOf({ burnBid: HER_BID })];
  const herVotes = [1, 2, 3].map((prover) => voteOf(prover, { minBurnBid: HER_BID }));
  const sent = new Set<string>();
  for (let seconds = 0n; seconds < 160n; seconds++) {
    const hasVotes = seconds >= 81n;
    const open: L1View["open"] =
      committedAt !== undefined && seconds >= committedAt
        ? [commitOf({ proposalId: BLUFF, proposer: "eve", burnBid, transcript: [4, 5, 6] })]
        : [];
    for (;;) {
      const action = nextProposer(
        viewOf(l1Of("Proposing", { now: OPENS + seconds, open }), {
          ...{ offers: [offer], sent, deposits: [100n * TOKEN, 100n * TOKEN] },
          values: new Map([[MINE, 50n * 10n ** 18n]]),
          voters: new Map(hasVotes && votes > 0 ? [[BLUFF, votes]] : []),
          votes: new Map(hasVotes ? [[MINE, herVotes]] : []),
        }),
        ownOf(...entries),
        PROPOSER_DEFAULTS,
      );
      if (action.kind === "commit") return action.burnBid;
      if (action.kind === "offer") sent.add(offerKey(action.proposalId, action.burnBid));
      else if (action.kind === "raise") entries.push(action);
      else break;
    }
  }
  throw new Error("ALICE has not committed");
}

describe("a bluffing offer", () => {
  it("made a rival burn 40 tokens more, for nothing, as long as every offer counted", () => {
    const own = { burnBid: HER_BID, provers: 0 };
    const rivals = [{ burnBid: CEILING - 1n, provers: 0 }];
    const means = { deposit: 100n * TOKEN, value: 50n * 10n ** 18n };
    expect(bidIn({ own, rivals, ...means }, PROPOSER_DEFAULTS) - HER_BID).to.equal(40n * TOKEN);
  });

  it("makes it burn nothing more, without votes and with as many as it has itself, or twice as many", () => {
    for (const votes of [0, 1, 3, 6]) expect(playedBid({ votes }), `${votes} votes`).to.equal(HER_BID);
  });

  it("has to be committed to count: then it burns if it wins, and is forfeited if it is nothing", () => {
    expect(playedBid({ votes: 3, committedAt: 120n })).to.equal(CEILING);
    expect(playedBid({ votes: 0, committedAt: 110n })).to.equal(CEILING);
    // ALICE, who has waited for it in vain, has committed.
    expect(playedBid({ votes: 3, committedAt: 141n })).to.equal(HER_BID);
  });
});
