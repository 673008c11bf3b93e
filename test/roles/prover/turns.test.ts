import { expect } from "chai";
import { childSlots } from "../../../src/protocol/nodes.ts";
import { nextProver, type ProverEntry, slotKey } from "../../../src/roles/index.ts";
import { deadlinesOf } from "../../../src/roles/schedule.ts";
import { fillingTurn } from "../../../src/roles/prover/turns.ts";
import { commitOf, forest, keyOfProver, l1Of, roundIn, SLOTS } from "../views.ts";
import { BLOCK, ownOf, POLICY, viewOf } from "./views.ts";

const { fill, deliver } = deadlinesOf(roundIn("Proving"));
const SECONDS = 30;
/** Prover 2, with slots 2 and 4, is away. */
const TRANSCRIPT = [1, 1, 2, 3, 2, 4, 5];
const GAPS = [2, 4];
const EVERYBODY = Array.from({ length: 20 }, (_, i) => i + 1);
const provers = EVERYBODY.map((index) => ({
  ...{ index, key: keyOfProver(index), owner: `owner ${index}`, stake: 1n, isEligible: true },
  withdrawableAt: undefined,
}));
const commit = commitOf({ proposalId: BLOCK, transcript: TRANSCRIPT });
const l1At = (now: bigint) => l1Of("Proving", { now, open: [commit], provers });
const turns = (slot: number): [index: number, turn: bigint][] =>
  EVERYBODY.map((index) => [index, fillingTurn(viewOf(l1At(fill), { index }), commit, slot, SECONDS)]);

/** Everybody who is there plays by turns, a proof at a time of 30 s, and hears of one 2 s later. @returns by slot */
function play(isThere: (index: number) => boolean): Map<number, number> {
  const heard = new Map<number, bigint>(
    [...TRANSCRIPT.keys()].filter((slot) => !GAPS.includes(slot)).map((slot) => [slot, 0n]),
  );
  const made = new Map<number, number>();
  const inHand = new Map<number, { slot: number; until: bigint }>();
  const done = new Map<number, ProverEntry[]>();
  for (let now = fill; now < deliver; now++) {
    for (const index of EVERYBODY.filter(isThere)) {
      const work = inHand.get(index);
      if (work !== undefined && now < work.until) continue;
      if (work !== undefined) {
        inHand.delete(index);
        if (!heard.has(work.slot)) heard.set(work.slot, now + 2n);
      }
      const proofs = [...heard].filter(([, at]) => at <= now).map(([slot]) => ({ slot, mask: 0n, workerKey: 0n }));
      const entries = done.get(index) ?? [];
      const action = nextProver(
        viewOf(l1At(now), {
          ...{ index, key: keyOfProver(index), proofs: new Map([[BLOCK, proofs]]) },
          sent: new Set(GAPS.map((slot) => slotKey(BLOCK, slot))),
        }),
        ownOf(...entries),
        { ...POLICY, fills: 1, secondsPerProof: SECONDS },
      );
      if (action.kind !== "prove") continue;
      made.set(action.slot, (made.get(action.slot) ?? 0) + 1);
      inHand.set(index, { slot: action.slot, until: now + BigInt(SECONDS) });
      const common = { roundNumber: 6n, proposalId: BLOCK, slot: action.slot, plan: "", proof: "0x" };
      done.set(index, [...entries, { kind: "proof", ...common, mask: 0n, workerKey: 0n, beta: 0n }]);
    }
  }
  return made;
}

describe("the turns of provers that fill a gap", () => {
  it("come one after the other: first those whose votes the node shows, then who holds slots, then the rest", () => {
    const order = turns(2)
      .sort((a, b) => Number(a[1] - b[1]))
      .map(([index]) => index);
    const liable = childSlots(forest, 2).map((slot) => TRANSCRIPT[slot]!);
    expect(new Set(order.slice(0, liable.length))).to.deep.equal(new Set(liable));
    const [first, second] = turns(4)
      .map(([, turn]) => turn)
      .sort((a, b) => Number(a - b)) as [bigint, bigint];
    expect([first, second]).to.deep.equal([fill, fill + 45n]);
  });

  it("differ from slot to slot, and leave nobody without time for a proof", () => {
    const firsts = Array.from({ length: SLOTS }, (_, slot) => turns(slot).sort((a, b) => Number(a[1] - b[1]))[0]![0]);
    expect(new Set(firsts).size).to.be.greaterThan(1);
    for (let slot = 0; slot < SLOTS; slot++)
      for (const [index, turn] of turns(slot))
        expect(turn >= fill && turn + BigInt(SECONDS) < deliver, `prover ${index}, slot ${slot}`).to.equal(true);
  });

  it("let each gap be proven once while all are there, by 19 provers who all would", () => {
    expect(play((index) => index !== 2)).to.deep.equal(new Map(GAPS.map((slot) => [slot, 1])));
  });

  it("let it be proven whoever is away", () => {
    for (const left of EVERYBODY.filter((index) => index !== 2)) {
      const made = play((index) => index === left);
      expect(made, `prover ${left} alone`).to.have.all.keys(GAPS);
    }
    const made = play((index) => index > 5);
    expect(made, "nobody of those that hold slots").to.have.all.keys(GAPS);
  });
});
