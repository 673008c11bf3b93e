import { expect } from "chai";
import { ATTACKS } from "../../../tools/attacks/index.ts";
import { type AttackReport, benchAttacks } from "../../../tools/bench/attacks.ts";
import { expectSnapshot } from "../../support/snapshot.ts";

describe("attacks", function () {
  this.timeout(900_000);

  let attacks: AttackReport["attacks"];
  before(async () => {
    ({ attacks } = (await benchAttacks({ note: () => undefined })).report);
  });

  it("pay where that is known, and nowhere else", () => {
    const names = (all: readonly { name: string }[]): string[] => all.map(({ name }) => name);
    expect(names(attacks.filter(({ pays }) => pays))).to.deep.equal(names(ATTACKS.filter(({ isOpen }) => isOpen)));
  });

  it("cost and gain what they did", () => {
    expectSnapshot("attacks", attacks);
  });

  it("have names of their own", () => {
    expect(new Set(ATTACKS.map(({ name }) => name)).size).to.equal(ATTACKS.length);
  });
});
