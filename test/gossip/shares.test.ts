import { expect } from "chai";
import { Shares, type Source } from "../../src/gossip/shares.ts";

const of = (from: string, owner: string): Source => ({ from, owner });

describe("what senders' messages were worth", () => {
  const note = (shares: Shares, source: Source, wasted: number, useful = 0): void => {
    for (let i = 0; i < useful; i++) shares.note(source, false);
    for (let i = 0; i < wasted; i++) shares.note(source, true);
  };

  it("is nothing where three of four, and more, are ignored, of 32 at least", () => {
    const shares = new Shares();
    note(shares, of("peer", "owner"), 30, 1);
    expect(shares.isWasteful(of("peer", "owner")), "31 say little").to.equal(false);
    shares.note(of("peer", "owner"), true);
    expect(shares.isWasteful(of("peer", "owner"))).to.equal(true);
    note(shares, of("peer", "other"), 24, 8);
    expect(shares.isWasteful(of("peer", "other")), "three of four").to.equal(false);
  });

  it("is forgotten by and by", () => {
    const shares = new Shares();
    note(shares, of("peer", "owner"), 1_000, 1);
    note(shares, of("peer", "owner"), 0, 32);
    expect(shares.isWasteful(of("peer", "owner"))).to.equal(false);
  });

  it("is each certificate's, by each peer: nobody spends another's share, and a relay loses nothing", () => {
    const shares = new Shares();
    note(shares, of("relay", "honest"), 0, 3);
    note(shares, of("relay", "flooder"), 200, 1);
    expect(shares.isWasteful(of("relay", "flooder"))).to.equal(true);
    expect(shares.isWasteful(of("relay", "honest"))).to.equal(false);
    expect(shares.isWasteful(of("relay", "newcomer"))).to.equal(false);
    // A peer uses the honest one's name.
    note(shares, of("forger", "honest"), 200);
    expect(shares.isWasteful(of("forger", "honest"))).to.equal(true);
    expect(shares.isWasteful(of("relay", "honest"))).to.equal(false);
  });

  it("is one for all names that a peer makes up", () => {
    const shares = new Shares();
    for (let i = 0; i < 40; i++) shares.note(of("peer", `made up ${i}`), true);
    expect(shares.isWasteful(of("peer", "made up anew"))).to.equal(true);
    expect(shares.isWasteful(of("another", "made up anew"))).to.equal(false);
    // Whose message is of use has a count of its own.
    shares.note(of("peer", "honest"), false);
    expect(shares.isWasteful(of("peer", "honest"))).to.equal(false);
  });
});
