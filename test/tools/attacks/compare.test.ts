import { expect } from "chai";
import { compare } from "../../../tools/attacks/attack.ts";
import type { Book } from "../../../tools/attacks/books.ts";

const book = (changes: Partial<Book> = {}): Book => ({
  ...{ deposits: 100n, stakes: 100n, proposing: 100n, proving: 100n, wallets: 100n },
  ...changes,
});

describe("compare", () => {
  const before = { attacker: book(), honest: book() };

  it("for profit: what is lost in one place and earned in another does not cancel out", () => {
    const after = { attacker: book({ stakes: 50n, deposits: 93n, proposing: 145n }), honest: book({ proving: 0n }) };
    expect(compare("profit", before, after)).to.deep.equal({ cost: 57n, gain: 45n, pays: false });
  });

  it("for griefing: what the attacker loses over all, against what the others lose over all", () => {
    const after = {
      attacker: book({ deposits: 90n, proposing: 104n }),
      honest: book({ proving: 80n, proposing: 113n }),
    };
    expect(compare("griefing", before, after)).to.deep.equal({ cost: 6n, gain: 7n, pays: true });
  });

  it("for griefing: nobody's profit is a loss", () => {
    const after = { attacker: book({ proposing: 101n }), honest: book({ proving: 101n }) };
    expect(compare("griefing", before, after)).to.deep.equal({ cost: 0n, gain: 0n, pays: false });
  });

  it("as much as it costs does not pay", () => {
    const after = { attacker: book({ stakes: 50n, proposing: 150n }), honest: book() };
    expect(compare("profit", before, after)).to.deep.equal({ cost: 50n, gain: 50n, pays: false });
  });
});
