import { expect } from "chai";
import { chooseMutants } from "../../../tools/mutate.ts";
import { circomMutants } from "../../../tools/mutation/circomOperators.ts";
import { applyMutant, type Mutant } from "../../../tools/mutation/mutant.ts";
import { solidityMutants } from "../../../tools/mutation/solidityOperators.ts";

const CONTRACT = `contract C {
    uint256 public total;
    mapping(uint256 => uint256) private _shares;

    // if (a < b) revert Comment();
    function add(uint256 amount) external returns (bool) {
        if (amount > 10) revert TooMuch(amount, "a < b");
        uint256 share = amount - 1;
        _shares[amount] = share;
        total += share;
        assembly ("memory-safe") {
            share := lt(1, 2)
        }
        return true;
    }
}
`;

const CIRCUIT = `template T(n) {
    signal input in;
    signal hint <-- 1 / in;
    // in === 0;
    in * hint
        === 1;
    Range(8)(in);
    _ <== Num2Bits(n)(in);
    signal hash <== Poseidon(1)([in]);
    out <== in * hint;
}
`;

/** What each mutant makes of its text, by operator. */
const changes = (mutants: readonly Mutant[]): string[] =>
  mutants.map(
    ({ operator, line, before, after }) =>
      `${operator} ${line}: ${before.replace(/\s+/g, " ").trim()} -> ${after.trim()}`,
  );

describe("mutants", () => {
  it("of a contract: reverts, comparisons, sums, stores, constants; no comments, strings or assembly", () => {
    expect(changes(solidityMutants("c.sol", CONTRACT))).to.have.members([
      'revert 7: if (amount > 10) revert TooMuch(amount, "a < b"); -> ',
      "compare 7: > -> >=",
      "number 7: 10 -> 11",
      "arithmetic 8: - -> +",
      "number 8: 1 -> 2",
      "store 9: _shares[amount] = share; -> ",
      "store 10: total += share; -> ",
      "arithmetic 10: += -> -=",
      "constant 14: true -> false",
    ]);
  });

  it("of a circuit: constraints and checks dropped, assignments without their constraint", () => {
    expect(changes(circomMutants("c.circom", CIRCUIT))).to.deep.equal([
      "constraint 5: in * hint === 1; -> ",
      "check 7: Range(8)(in); -> ",
      "check 8: _ <== Num2Bits(n)(in); -> ",
      "assignment 10: <== -> <--",
    ]);
  });

  it("change nothing but their own text", () => {
    for (const mutant of solidityMutants("c.sol", CONTRACT)) {
      const mutated = applyMutant(CONTRACT, mutant);
      expect(mutated).to.not.equal(CONTRACT);
      expect(mutated.split("\n").length).to.equal(CONTRACT.split("\n").length);
      const other = mutated.split("\n").filter((line, i) => line !== CONTRACT.split("\n")[i]);
      expect(other, mutant.id).to.have.length(1);
    }
  });

  it("have names of their own, which survive a change elsewhere", () => {
    const ids = solidityMutants("c.sol", CONTRACT).map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(solidityMutants("c.sol", `\n\n${CONTRACT}`).map(({ id }) => id)).to.deep.equal(ids);
    const twice = CONTRACT.replace("        return true;", "        total += share;\n        return true;");
    const both = solidityMutants("c.sol", twice).map(({ id }) => id);
    expect(new Set(both).size).to.equal(both.length);
    expect(both).to.include.members(ids);
  });

  it("are chosen by the seed alone", () => {
    const mutants = solidityMutants("c.sol", CONTRACT);
    const chosen = chooseMutants(mutants, "b52", 4);
    expect(chosen).to.have.length(4);
    expect(chooseMutants(mutants.toReversed(), "b52", 4).toReversed()).to.deep.equal(chosen);
    expect(chooseMutants(mutants, "b52", 3).every((mutant) => chosen.includes(mutant))).to.equal(true);
    const others = ["1", "2", "3"].map((seed) => chooseMutants(mutants, seed, 4).map(({ id }) => id));
    expect(new Set(others.map(String)).size).to.be.greaterThan(1);
  });
});
