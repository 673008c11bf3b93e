import { expect } from "chai";
import type { ProofMessage } from "../../src/gossip/index.ts";
import type { BlockPlan } from "../../src/proving/forest.ts";
import { Assembler } from "../../src/roles/assembler.ts";
import { forest, keyOfProver, SLOTS } from "./views.ts";

const plan = {
  block: { profile: forest, bases: [], keys: Array.from({ length: SLOTS }, () => keyOfProver(1)) },
  publicInputs: () => [],
} as unknown as BlockPlan;

/** A merge's proof, by its prover or without a name. */
const proofOf = (mask: bigint, isNamed: boolean, slot = 1): ProofMessage => ({
  ...{ proposalId: 1n, slot, mask, workerKey: isNamed ? keyOfProver(1) : 0n, beta: 0n },
  proof: `0x${mask.toString(16)}${isNamed ? "1" : "0"}`,
});

describe("an assembler", () => {
  const heard = async (messages: readonly ProofMessage[], isValid = (_: string): boolean => true) => {
    const asked: string[] = [];
    const assembler = new Assembler(plan, {
      verify: (_, __, proof) => {
        asked.push(proof);
        return Promise.resolve(isValid(proof));
      },
    });
    const taken = [];
    for (const message of messages) taken.push(await assembler.add(message));
    const said = (proofs: typeof assembler.proofs): string[] =>
      proofs.map(({ mask, workerKey }) => `${mask}${workerKey === 0n ? "" : " named"}`);
    return { asked, taken, forest: said(assembler.forest), proofs: said(assembler.proofs) };
  };

  it("takes for the forest the proof that fulfils most slots, and keeps what others say besides", async () => {
    // A prover may hide the votes of others in its merge: without it the forest has two more, with it one delivery.
    const hiding = proofOf(0b00n, true);
    const showing = proofOf(0b11n, false);
    for (const messages of [
      [hiding, showing],
      [showing, hiding],
    ]) {
      const { forest: best, proofs } = await heard(messages);
      expect(best).to.deep.equal(["3"]);
      expect(proofs).to.deep.equal(["3", "0 named"]);
    }
    expect((await heard([proofOf(0b01n, true), proofOf(0b10n, false)])).proofs).to.deep.equal(["1 named", "2"]);
  });

  it("verifies nothing that says no more than what it has, and nothing twice", async () => {
    const best = proofOf(0b11n, true);
    const { asked, proofs } = await heard([
      best,
      best,
      proofOf(0b11n, false),
      proofOf(0b01n, true),
      proofOf(0n, false),
    ]);
    expect(asked).to.deep.equal([best.proof]);
    expect(proofs).to.deep.equal(["3 named"]);
  });

  it("leaves out what does not verify, and goes on with what does", async () => {
    const [forged, good] = [proofOf(0b11n, true), proofOf(0b01n, false)];
    const { taken, forest: best } = await heard([forged, good], (proof) => proof !== forged.proof);
    expect(taken).to.deep.equal([false, true]);
    expect(best).to.deep.equal(["1"]);
  });

  it("takes no proof by another prover than the slot's: L1 may have had another transcript", async () => {
    const other = { ...proofOf(0b11n, true), workerKey: keyOfProver(2) };
    const { asked, taken, proofs } = await heard([other, proofOf(0n, false)]);
    expect([taken, proofs]).to.deep.equal([[true, true], ["0"]]);
    expect(asked).to.deep.equal([proofOf(0n, false).proof]);
  });

  it("has one proof for each slot in a forest", async () => {
    const { forest: best, proofs } = await heard([proofOf(0n, true), proofOf(0b11n, false), proofOf(0b1n, true, 2)]);
    expect(best).to.deep.equal(["3", "1 named"]);
    expect(proofs).to.deep.equal(["3", "1 named", "0 named"]);
  });
});
