import { expect } from "chai";
import { firstOf, actionKey } from "../../src/roles/action.ts";
import { holding } from "../../src/roles/without.ts";

type Action = { readonly kind: "commit" | "reveal" | "draft"; readonly id: number };

const due: Action[] = [
  { kind: "commit", id: 1 },
  { kind: "draft", id: 2 },
  { kind: "reveal", id: 3 },
];

const next = ({ refused, actions }: { refused: ReadonlySet<string>; actions: Action[] }) =>
  firstOf<Action>(actions, refused, 0n);

describe("a role that holds back what would be a new promise", () => {
  const held = (isHeld: boolean) => holding(next, ["commit", "draft"], () => isHeld);
  const view = (actions: Action[], refused: string[] = []) => ({ actions, refused: new Set(refused) });

  it("goes on with everything else", () => {
    expect(held(true)(view(due), undefined, undefined)).to.deep.equal(due[2]);
    expect(held(true)(view(due.slice(0, 2)), undefined, undefined).kind).to.equal("wait");
  });

  it("acts as always while nothing is held, and leaves alone what was refused", () => {
    expect(held(false)(view(due), undefined, undefined)).to.deep.equal(due[0]);
    expect(held(false)(view(due, [actionKey(due[0]!)]), undefined, undefined)).to.deep.equal(due[1]);
  });

  it("waits if a decision does not heed what is refused", () => {
    const stubborn = holding(
      () => due[0]!,
      ["commit"],
      () => true,
    );
    expect(stubborn({ refused: new Set() }, undefined, undefined).kind).to.equal("wait");
  });
});
