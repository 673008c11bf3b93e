import { expect } from "chai";
import { network } from "hardhat";
import { applyMutant, type Mutant } from "../../../tools/mutation/mutant.ts";
import { mutateSources } from "../../../tools/mutation/mutatedSources.ts";
import { createSchemata } from "../../../tools/mutation/schemata.ts";
import { NONE, REPORTING, select } from "../../../tools/mutation/selection.ts";
import { analyseSolidity, type CompiledContract, compileSolidity } from "../../../tools/mutation/solidityCompiler.ts";
import { solidityMutants } from "../../../tools/mutation/solidityOperators.ts";
import { closure, type SoliditySources } from "../../../tools/mutation/soliditySources.ts";

const PATH = "contracts/C.sol";
const HEAD = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n";
const CONTRACT = `${HEAD}
uint256 constant STEP = 3;

contract C {
    uint256 private constant LIMIT = 10 * STEP;
    /// In assembly – read by \`seen\`.
    uint256 private constant SEEN = 7;

    uint256 public constant NINE = 9;

    uint256 public total = 1;

    struct Account {
        uint256 balance;
    }

    mapping(uint256 => Account) private _accounts;

    function add(uint256 amount) external returns (uint256 sum) {
        if (amount > LIMIT) revert();
        for (uint256 i = 0; i < amount; i += 1) {
            if (i == 5) continue;
            else sum += STEP;
        }
        uint256 left = LIMIT - amount;
        unchecked {
            total = left;
        }
        return sum + total;
    }

    function seen() external pure returns (uint256 result) {
        assembly {
            result := SEEN
        }
    }

    function nine() external view returns (uint256) {
        return this.NINE() + NINE;
    }

    function known(uint256 index) external view returns (uint256) {
        return _known(index).balance;
    }

    function _known(uint256 index) private view returns (Account storage account) {
        account = _accounts[index];
        if (account.balance == 0) account = _accounts[0];
    }
}
`;

function sourcesOf(source: string): SoliditySources {
  const content = new Map([[PATH, source]]);
  return {
    content,
    imports: new Map([[PATH, []]]),
    deployable: new Map([["C", PATH]]),
    tests: [],
    deployedBy: () => new Set(),
  };
}

const compile = ({ content, imports }: SoliditySources): CompiledContract =>
  compileSolidity(PATH, content, imports, "legacy").get("C")!;

describe("mutants side by side", () => {
  const sources = sourcesOf(CONTRACT);
  const mutants = solidityMutants(PATH, CONTRACT);
  const mutated = mutateSources(sources, mutants);
  const artifacts = new Map([[`${PATH}:C`, compile(mutated.sources)]]);

  it("has a place for every mutant that compiles, once", () => {
    // Without its first statement, a pointer into storage is returned that points nowhere.
    expect([...mutated.invalid].map(({ before }) => before.trim())).to.deep.equal(["account = _accounts[index];"]);
    expect([...mutated.untried]).to.deep.equal([]);
    const text = mutated.sources.content.get(PATH)!;
    for (const [{ id }, number] of mutated.numbers) {
      const isPlaceholder = mutated.placeholders.some(({ mutant }) => mutant === number);
      expect(text.split(`isSelected(${number})`).length - 1, id).to.equal(isPlaceholder ? 0 : 1);
    }
    expect(mutated.placeholders.map(({ value, mutated: other }) => [value, other])).to.deep.equal([[7n, 8n]]);
    expect([...closure(PATH, mutated.sources.imports)]).to.have.length(2);
  });

  it("does what the mutant does, or the original if none is selected or they are only reported", async () => {
    const { ethers } = await network.create({ network: "default", override: { allowUnlimitedContractSize: true } });
    const results = async ({ abi, bytecode }: CompiledContract): Promise<string[]> => {
      const [signer] = await ethers.getSigners();
      const factory = new ethers.ContractFactory(abi, bytecode, signer);
      const contract = await (await factory.deploy()).getAddress();
      const { interface: calls } = factory;
      const all: string[] = [];
      for (const data of [
        ...[0, 1, 6, 30, 31].map((amount) => calls.encodeFunctionData("add", [amount])),
        calls.encodeFunctionData("seen"),
        calls.encodeFunctionData("known", [1]),
        calls.encodeFunctionData("total"),
        calls.encodeFunctionData("NINE"),
        calls.encodeFunctionData("nine"),
      ]) {
        all.push(await ethers.provider.call({ to: contract, data, gasLimit: 1_000_000 }).catch(() => "reverts"));
      }
      return all;
    };
    const chosen = async (number: bigint) => results(select(artifacts, mutated.placeholders, number).get(`${PATH}:C`)!);
    const original = await results(compile(sources));
    expect(await chosen(NONE)).to.deep.equal(original);
    expect(await chosen(REPORTING)).to.deep.equal(original);
    let different = 0;
    for (const [mutant, number] of mutated.numbers) {
      const alone = await results(compile(sourcesOf(applyMutant(CONTRACT, mutant))));
      expect(await chosen(BigInt(number)), mutant.id).to.deep.equal(alone);
      if (String(alone) !== String(original)) different++;
    }
    expect(different).to.be.greaterThan(mutated.numbers.size / 2);
  });

  it("takes mutants that do not compile for what they are", () => {
    const source =
      `${HEAD}\ncontract C {\n    function f(bytes32 x) external pure returns (bool) {\n        return x != 0;\n   ` +
      " }\n}\n";
    const { invalid, numbers } = mutateSources(sourcesOf(source), solidityMutants(PATH, source));
    expect([...invalid].map(({ after }) => after)).to.deep.equal(["1"]);
    expect([...numbers.keys()].map(({ operator }) => operator)).to.deep.equal(["compare"]);
  });

  it("knows which mutant a place in the text belongs to", () => {
    const { asts } = analyseSolidity(sources.content);
    const numbers = new Map(mutants.map((mutant, i) => [mutant, i + 1] as [Mutant, number]));
    const { content, suspects } = createSchemata(sources.content, asts, numbers);
    const text = content.get(PATH)!;
    const mutant = mutants.find(({ before }) => before === " - ")!;
    const place = text.indexOf("? LIMIT() + amount") + 2;
    expect(suspects(PATH, place).own).to.equal(mutant);
    expect(suspects(PATH, place).near).to.include(mutant);
    expect(suspects(PATH, text.indexOf("function seen")).own).to.equal(undefined);
  });
});
