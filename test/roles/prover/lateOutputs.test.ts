import { expect } from "chai";
import { packFlags } from "../../../src/protocol/flags.ts";
import {
  actionKey,
  nextProver,
  outputKey,
  type ProverEntry,
  type ProverOwn,
  type ProverPolicy,
  type ProverView,
  slotKey,
} from "../../../src/roles/index.ts";
import { commitOf, l1Of, PROVING_ENDS, roundIn, SLOTS } from "../views.ts";
import { BLOCK, ownOf, POLICY, proofOf, viewOf, voteFor } from "./views.ts";

/** Prover 1 holds slots 0, 3 and 6. */
const MINE = [0, 3, 6];
const all = Array.from({ length: SLOTS }, (_, slot) => slot);

interface Known {
  readonly delivered?: readonly number[];
  readonly voted?: readonly number[];
  readonly handedIn?: readonly number[];
  readonly roundSeed?: bigint;
}

/** A rival has sent the first forest of the block, with every vote and no output. */
function at(now: bigint, known: Known = {}, change: Partial<ProverView> = {}): ProverView {
  const { delivered = all, voted = all, handedIn = [0, 3, 5], roundSeed = 7n } = known;
  const commit = commitOf({ proposalId: BLOCK, delivered });
  const flags = packFlags(SLOTS, {
    voted: (slot) => voted.includes(slot),
    delivered: (slot) => delivered.includes(slot),
    handedIn: (slot) => handedIn.includes(slot),
  });
  const open = [{ ...commit, candidate: { ...commit.candidate!, flags } }];
  const sent = new Set([...MINE.map((slot) => slotKey(BLOCK, slot)), ...(change.sent ?? [])]);
  const l1 = l1Of("Delivering", { now, open, round: roundIn("Delivering", { roundSeed }) });
  return viewOf(l1, { ...change, sent });
}

const own = ownOf(voteFor(BLOCK, SLOTS), ...MINE.map((slot) => proofOf(slot)));
const says = (view: ProverView, made: ProverOwn = own, policy: Partial<ProverPolicy> = {}): string => {
  const action = nextProver(view, made, { ...POLICY, handsIn: true, ...policy });
  if (action.kind === "wait") return `wait ${action.until ?? "for news"}`;
  return action.kind === "handIn" ? `handIn ${action.slots.join(" ")}` : action.kind;
};
const sentOf = (...slots: readonly number[]) => ({ sent: new Set(slots.map((slot) => outputKey(BLOCK, slot))) });

describe("a prover in a race that has handed in before there was a forest", () => {
  it("brings its outputs, which a rival's first forest has left out, and the root's apart", () => {
    expect(says(at(PROVING_ENDS))).to.equal("handIn 3");
    const nodes = { kind: "handIn", proposalId: BLOCK, slots: [3], others: [] } as const;
    expect(says(at(PROVING_ENDS, {}, { refused: new Set([actionKey(nodes)]) }))).to.equal("handIn 0");
    expect(says(at(PROVING_ENDS, { handedIn: all }))).to.equal("handIn 3 6");
  });

  it("brings them when no forest takes their place any more, and once", () => {
    expect(says(at(PROVING_ENDS - 1n))).to.equal(`wait ${PROVING_ENDS}`);
    expect(says(at(PROVING_ENDS, {}, sentOf(3)))).to.equal("handIn 0");
    expect(says(at(PROVING_ENDS, {}, sentOf(0, 3)))).to.match(/^wait/);
  });

  it("brings first what is not delivered, and no output of a slot without a vote", () => {
    expect(says(at(PROVING_ENDS, { delivered: [0, 3] }))).to.equal("handIn 6");
    expect(says(at(PROVING_ENDS, { voted: [0] }))).to.equal("handIn 0");
  });

  it("does not where there is no seed, for what it proved without a name, or if it hands nothing in", () => {
    expect(says(at(PROVING_ENDS, { roundSeed: 0n }))).to.match(/^wait/);
    expect(says(at(PROVING_ENDS), own, { handsIn: false })).to.match(/^wait/);
    const nameless = MINE.map((slot): ProverEntry => ({ ...proofOf(slot), workerKey: 0n }) as ProverEntry);
    expect(says(at(PROVING_ENDS), ownOf(voteFor(BLOCK, SLOTS), ...nameless))).to.match(/^wait/);
    expect(says(at(PROVING_ENDS, { handedIn: [] }))).to.match(/^wait/);
  });
});
