import { expect } from "chai";
import type { ProofMessage } from "../../src/gossip/index.ts";
import type { BlockPlan } from "../../src/proving/forest.ts";
import { Hearing } from "../../src/roles/hearing.ts";
import { ProofCredit } from "../../src/roles/proofCredit.ts";
import { ForeignProofs } from "../../src/roles/prover/foreignProofs.ts";
import { forest, SLOTS } from "./views.ts";

const plan = {
  block: { profile: forest, bases: [{}, {}, {}, {}], keys: Array.from({ length: SLOTS }, () => 0n) },
  publicInputs: () => [],
} as unknown as BlockPlan;

const proofOf = (slot: number, proof: string, proposalId = 1n): ProofMessage => ({
  ...{ proposalId, slot, mask: 0n, workerKey: 0n, beta: 0n, proof },
});

describe("senders of proofs that prove nothing", () => {
  const listen = () => {
    const hearing = new Hearing();
    const checked: string[] = [];
    const verifier = {
      verify: (_: string, __: readonly bigint[], proof: string) => {
        checked.push(proof);
        return Promise.resolve(proof.startsWith("good"));
      },
    };
    const credit = new ProofCredit((proof) => hearing.senderOf(proof));
    return { hearing, checked, credit, foreign: new ForeignProofs(verifier, credit, () => undefined) };
  };

  it("have three of them checked in a block, and no more; others are heard", async () => {
    const { hearing, checked, foreign } = listen();
    for (let slot = 0; slot < SLOTS; slot++)
      hearing.hear({ topic: "proofs", message: proofOf(slot, `bad ${slot}`), sender: "liar" });
    hearing.hear({ topic: "proofs", message: proofOf(2, "good 2"), sender: "honest" });
    const heard = hearing.proofs.get(1n)!;
    expect((await foreign.forest(plan, [], heard)).map(({ proof }) => proof)).to.deep.equal(["good 2"]);
    expect(checked).to.deep.equal(["bad 0", "bad 1", "bad 2", "good 2"]);
    expect(
      foreign
        .credible(hearing.proofs)
        .get(1n)!
        .map(({ proof }) => proof),
    ).to.deep.equal(["good 2"]);
  });

  it("are heard again in another block, and nobody pays for what nobody has sent", () => {
    const { hearing, credit } = listen();
    const [bad, other, own] = [proofOf(0, "bad"), proofOf(0, "bad", 2n), proofOf(1, "bad")];
    for (const message of [bad, other]) hearing.hear({ topic: "proofs", message, sender: "liar" });
    for (let i = 0; i < 3; i++) for (const proof of [bad, own]) credit.blame(proof);
    expect([bad, other, own].map((proof) => credit.isSpent(proof))).to.deep.equal([true, false, false]);
  });
});
