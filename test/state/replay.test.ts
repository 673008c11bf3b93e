import { expect } from "chai";
import { encodeData, MalformedError, OutOfRangeError, packTransfer, packWords } from "../../src/protocol/index.ts";
import { executeBlock, ReplayMismatchError, replayBlock } from "../../src/state/index.ts";
import { ETHER, genesisState, PROFILE, RULES, transfer } from "./fixtures.ts";

describe("replayBlock", () => {
  const { data, state } = executeBlock(genesisState(), [transfer(1, 2, 0), transfer(2, 2, 0), transfer(1, 3, 1, { fee: 0n })], RULES);

  it("gives the executed state from the posted data alone", () => {
    const before = genesisState();
    const after = replayBlock(before, PROFILE, data, state.root);
    for (let i = 0; i < 8; i++) expect(after.account(i)).to.deep.equal(state.account(i));
    expect(before.root).to.equal(genesisState().root);
    expect(replayBlock(before, PROFILE, "0x", before.root).root).to.equal(before.root);
  });

  it("refuses data of another block and data of none", () => {
    expect(() => replayBlock(genesisState(), PROFILE, data, genesisState().root)).to.throw(
      ReplayMismatchError,
      "replayed state root is 0x",
    );
    expect(() => replayBlock(state, PROFILE, data, state.root)).to.throw(ReplayMismatchError);
    expect(() => replayBlock(genesisState(), PROFILE, `${data}00`, state.root)).to.throw(MalformedError, "data length");
    const beyond = encodeData(packWords(PROFILE, [packTransfer({ from: 257, to: 1, amount: ETHER, fee: 0n })]));
    expect(() => replayBlock(genesisState(), PROFILE, beyond, state.root)).to.throw(OutOfRangeError, "account is 257");
    const poor = encodeData(packWords(PROFILE, [packTransfer({ from: 9, to: 1, amount: ETHER, fee: 0n })]));
    expect(() => replayBlock(genesisState(), PROFILE, poor, state.root)).to.throw(OutOfRangeError, "balance is -");
  });
});
