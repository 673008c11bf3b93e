import { expect } from "chai";
import { proposerDecision, proverDecision } from "../../src/daemon/compose/promising.ts";
import { NO_DUTIES, NO_PROPOSALS, PROPOSER_DEFAULTS, voteKey } from "../../src/roles/index.ts";
import { draftOf, MINE, ownOf as proposerOwn, viewOf as proposerView } from "../roles/proposer/views.ts";
import { offerOf, ownOf, POLICY, viewOf, voteFor } from "../roles/prover/views.ts";
import { l1Of, OPENS, ROUND_NUMBER } from "../roles/views.ts";

/** Sees what is of this moment of L1 as fresh. */
const sightOf = (fresh: bigint) => ({ isFresh: ({ now }: { readonly now: bigint }): boolean => now === fresh });

const NOW = OPENS + 100n;
const l1 = l1Of("Proposing", { now: NOW });

describe("whoever sees an L1 of long ago", () => {
  it("gives no vote as a prover, and says what it has promised", () => {
    const view = viewOf(l1, { offers: [offerOf(1n, 10n)] });
    expect(proverDecision(sightOf(NOW))(view, NO_DUTIES, POLICY)).to.deep.include({ kind: "vote", proposalId: 1n });
    const blind = proverDecision(sightOf(NOW + 120n));
    expect(blind(view, NO_DUTIES, POLICY).kind).to.equal("wait");
    expect(blind(view, ownOf(voteFor(1n, 2)), POLICY)).to.deep.equal({ kind: "sayVote", proposalId: 1n });
    const sent = new Set([voteKey(1n)]);
    expect(blind({ ...view, sent }, ownOf(voteFor(1n, 2)), POLICY).kind).to.equal("wait");
  });

  it("offers nothing as a proposer, and neither does who is held for another reason", () => {
    const policy = { ...PROPOSER_DEFAULTS, burnBid: 10n, maxBid: 10n, branches: 1, advanceAfter: undefined };
    const kindOf = (fresh: bigint, isHeld: boolean, own = NO_PROPOSALS): string =>
      proposerDecision(sightOf(fresh), () => isHeld)(proposerView(l1), own, policy).kind;
    const drafted = proposerOwn(draftOf({ proposalId: MINE, roundNumber: ROUND_NUMBER }));
    expect(kindOf(NOW, false)).to.equal("draft");
    expect(kindOf(NOW, false, drafted)).to.equal("offer");
    for (const [fresh, isHeld] of [
      [NOW + 120n, false],
      [NOW, true],
    ] as const) {
      expect(kindOf(fresh, isHeld)).to.equal("wait");
      expect(kindOf(fresh, isHeld, drafted)).to.equal("wait");
    }
  });
});
