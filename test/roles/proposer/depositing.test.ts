import { expect } from "chai";
import { nextProposer, NO_PROPOSALS, PROPOSER_DEFAULTS, type ProposerPolicy } from "../../../src/roles/index.ts";
import { lowLanes } from "../../../src/roles/proposer/depositing.ts";
import { l1Of } from "../views.ts";
import { viewOf } from "./views.ts";

const UNIT = 10n ** 14n;
const POLICY: ProposerPolicy = { ...PROPOSER_DEFAULTS, advanceAfter: undefined, deposit: { floor: 50n, target: 80n } };

describe("a proposer's lanes", () => {
  const says = (deposits: readonly [bigint, bigint], balance: bigint, policy = POLICY, l1 = l1Of("Advanceable")) => {
    const action = nextProposer(viewOf(l1, { deposits, balance, lanesInUse: [true, true] }), NO_PROPOSALS, policy);
    return action.kind === "deposit" ? [action.lane, action.amount] : action.kind;
  };

  it("are filled up, in use or not, when bids have burnt what was there", () => {
    expect(says([50n, 50n], 1_000n * UNIT)).to.equal("wait");
    expect(says([49n, 50n], 1_000n * UNIT)).to.deep.equal([0, 31n]);
    expect(says([50n, 0n], 1_000n * UNIT)).to.deep.equal([1, 80n]);
    expect(says([0n, 0n], 1_000n * UNIT), "one after the other").to.deep.equal([0, 80n]);
  });

  it("get what there is, in whole units", () => {
    expect(says([49n, 50n], 7n * UNIT + UNIT / 2n)).to.deep.equal([0, 7n]);
    expect(says([49n, 50n], UNIT - 1n)).to.equal("wait");
  });

  it("are left alone unless its operator wants it, and where it has no seat: a deposit would take one", () => {
    expect(says([0n, 0n], 1_000n * UNIT, { ...POLICY, deposit: undefined })).to.equal("wait");
    expect(says([0n, 0n], 1_000n * UNIT, POLICY, l1Of("Advanceable", { seats: new Map() }))).to.equal("wait");
    const l1 = l1Of("Advanceable");
    expect(lowLanes({ l1, me: "me", deposits: [49n, 50n] }, POLICY), "whose balance is asked for").to.deep.equal([0]);
  });
});
