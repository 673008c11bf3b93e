import type { GasBench } from "./gas.ts";
import { table } from "./document.ts";

/** What `bench gas` says to people. */
export function describeGas({ report, arities, details, claims }: GasBench): string {
  const {
    commit,
    submit,
    advance,
    claim,
    register,
    slash,
    handInFirst,
    handInFurther,
    handInAt2047,
    forfeit,
    perL2TransactionAt128x128: best,
  } = report;
  const verbs = table(
    ["transaction", "gas", "target"],
    [
      ["commit, seven slots, lane that has committed before", commit.warm, "34,000"],
      ["commit, lane that has not (its deposit has paid for the storage slot)", commit.first, "53,000"],
      ["commit that opens its round", details["commitOpeningRound"]!, ""],
      ["five commits in one round", commit.fiveWarm, ""],
      ["reveal of one blob", report.revealBlob, "135,000"],
      ["reveal, one more blob in the same transaction", report.revealFurtherBlob, "56,000"],
      ["submitProof, one more proof", submit.marginalPerProof, "55,500"],
      ["submitProof, without any proof (arity 2)", submit.fixed, ""],
      ["advance, with two paid uncles", advance, "150,000"],
      [
        "advance, the same before height 1,025, when the ring of outcomes is still new",
        details["advanceFirstLap"]!,
        "",
      ],
      ["claimProver, one slot", claim, "60,000"],
      ["claimProposer, by one who has claimed before", details["claimProposer"]!, "60,000"],
      ["claimProposer, by one who holds no token yet", details["claimProposerFirst"]!, ""],
      ["register", register, ""],
      ["handIn, a base node of a candidate of seven slots", handInFirst, "450,000"],
      ["handIn, one more node in the same transaction", handInFurther, "70,000"],
      ["handIn, a base node of a candidate of 2,047 slots", handInAt2047, "600,000"],
      ["slash, a prover that has withheld a slot", slash, ""],
      ["settle, a commit that was never revealed", forfeit, ""],
      ["deposit to the L2", report.deposit, ""],
      ["forceTransfer", report.forced, "100,000"],
      ["claimExits, one exit, to an owner who has none of the asset yet", report.exitClaim, ""],
      ["claimFees", claims.claimFees, ""],
      ["freeze", claims.freeze, ""],
      ["escape, one account", claims.escape, ""],
      ["refund, a deposit", claims.refund, ""],
      ["counting one more slot of a submission", report.countingPerSlot, ""],
      ["a part of a forest, without its proofs", report.partFixed, ""],
    ],
  );
  const exits = table(
    ["exits in one claim", "gas", "per exit"],
    Object.entries(claims.byClaims).map(([exits, gas]) => [exits, gas, Math.round(gas / Number(exits))]),
  );
  const forests = table(
    ["proofs", "gas", "per proof"],
    Object.entries(submit.byProofs).map(([proofs, gas]) => [proofs, gas, Math.round(gas / Number(proofs))]),
  );
  const perTransaction = table(
    ["arity", "proofs", "proof", "witness", "total", "formula"],
    arities.map(({ arity, proofs, proof, witness, total, formula }) => [arity, proofs, proof, witness, total, formula]),
  );
  return `Real transactions on Hardhat's EVM. The proofs are simulated with a known trapdoor: the contract cannot tell
them from real ones, and their gas is the same. Every slot has a prover of its own, which is the dearest case.

${verbs}

Exits of one block to one owner, claimed with one proof:

${exits}

Instead, a transaction in which L1 itself hashes the path of one exit (binary Poseidon tree of depth
${claims.path.depth}, poseidon-solidity) costs ${claims.path.gas.toLocaleString("en")} gas
before the exit is marked and paid.

Whole submissions, by the number of proofs:

${forests}

L1 gas of one L2 transaction in a block of 128 base nodes with 128 transfers each.
\`(fixed + marginal x proofs) / transfers + witness\`; nodes that a full tree would have beyond the 128 bases are
not counted. The witness is the transfer and its signature: the reveal of such a block, measured, and every blob at
8,192 gas, which is what EIP-7918 makes it cost at least.
Best: arity ${best.arity} with ${best.total} gas (reach 580: proof 530, witness 50).

${perTransaction}`;
}
