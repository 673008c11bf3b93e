import { expect } from "chai";
import {
  encodeOperations,
  exitLeaf,
  FIELD,
  MalformedError,
  OutOfRangeError,
  packTransfer,
  transferElements,
} from "../../src/protocol/index.ts";
import { executeBlock, ReplayMismatchError, replayBlock } from "../../src/state/index.ts";
import { deposit, ETHER, everyKind, forcedExit, genesisState, PROFILE, RULES, transfer } from "./fixtures.ts";

describe("replayBlock", () => {
  const { operations, transfers } = everyKind();
  const { data, state, exits } = executeBlock(genesisState(), operations, transfers, RULES);

  it("gives the executed state and exits from public data alone", () => {
    const before = genesisState();
    const after = replayBlock(before, PROFILE, data, state.root);
    for (let i = 0; i < 9; i++) expect(after.state.account(i)).to.deep.equal(state.account(i));
    expect(after.exits).to.deep.equal(exits);
    expect(exits.map(({ position, l1Owner, amount }) => [position, l1Owner, amount])).to.deep.equal([
      [1, 2n, ETHER],
      [3 * 65_536, 1n, ETHER],
    ]);
    expect(before.root).to.equal(genesisState().root);
    expect(replayBlock(before, PROFILE, { operations: "0x", elements: [] }, before.root).state.root).to.equal(
      before.root,
    );
  });

  it("keeps the encoding of an amount that has several: the exit's leaf must be the proven one", () => {
    // An amount of 30 * 10^1 wei, which this program would write as 300.
    const encoded = (30n << 5n) | 1n;
    const inTransfer = packTransfer({ from: 1, to: 0, amount: 0n, fee: 0n }) | (encoded << 16n);
    const inDeposit = deposit(3, { key: 1n, amount: 300n });
    const inOperation = [inDeposit[0] + ((encoded - (300n << 5n)) << 176n), inDeposit[1]] as const;
    const published = {
      operations: encodeOperations([inOperation]),
      elements: transferElements(PROFILE, [{ packed: inTransfer, r8y: 1n, s: 2n }]),
    };
    const canonical = executeBlock(genesisState(), [inDeposit], [transfer(1, 0, 0, { amount: 300n, fee: 0n })], RULES);
    const replayed = replayBlock(genesisState(), PROFILE, published, canonical.state.root);
    expect(replayed.exits).to.deep.equal([
      { position: 0, l1Owner: 3n, amount: 300n, packed: exitLeaf(encoded, 3n) },
      { position: 65_536, l1Owner: 1n, amount: 300n, packed: exitLeaf(encoded, 1n) },
    ]);
    expect(executeBlock(genesisState(), [inOperation], [], RULES).exits).to.deep.equal(replayed.exits.slice(0, 1));
  });

  it("refuses data of another block and data of none", () => {
    const replay = (change: Partial<typeof data>) => () =>
      replayBlock(genesisState(), PROFILE, { ...data, ...change }, state.root);
    expect(() => replayBlock(genesisState(), PROFILE, data, genesisState().root)).to.throw(
      ReplayMismatchError,
      "replayed state root is 0x",
    );
    expect(() => replayBlock(state, PROFILE, data, state.root)).to.throw(ReplayMismatchError);
    expect(replay({ operations: `${data.operations}00` })).to.throw(MalformedError, "operations is 181 bytes");
    expect(replay({ operations: encodeOperations(operations.slice(0, 1)) })).to.throw(ReplayMismatchError);
    expect(replay({ operations: encodeOperations([...operations, ...operations, ...operations]) })).to.throw(
      OutOfRangeError,
      "l1OpCount is 9, expected 0 to 8",
    );
    const one = (packed: bigint) => transferElements(PROFILE, [{ packed, r8y: 1n, s: 2n }]);
    const beyond = packTransfer({ from: 257, to: 1, amount: ETHER, fee: 0n });
    expect(replay({ operations: "0x", elements: one(beyond) })).to.throw(OutOfRangeError, "account is 257");
    const poor = packTransfer({ from: 9, to: 1, amount: ETHER, fee: 0n });
    expect(replay({ operations: "0x", elements: one(poor) })).to.throw(OutOfRangeError, "balance is -");
  });

  it("refuses elements that no circuit proves: of one block there is one decoding", () => {
    const replay = (at: number, value: bigint) => () =>
      replayBlock(genesisState(), PROFILE, { ...data, elements: data.elements.with(at, value) }, state.root);
    expect(replay(1, data.elements[1]! + FIELD)).to.throw(OutOfRangeError, "R8.y at place 0");
    expect(replay(2, data.elements[2]! + FIELD)).to.throw(OutOfRangeError, "S at place 0");
    const idle = executeBlock(genesisState(), [], [transfer(1, 2, 0)], RULES);
    const garbage = { operations: "0x", elements: [...idle.data.elements, 1n] };
    expect(() => replayBlock(genesisState(), PROFILE, garbage, idle.state.root)).to.throw(
      MalformedError,
      "signature at place 1 is non-zero",
    );
  });

  it("does not mind zeros that are left out or follow: a blob always has 4,096 elements", () => {
    for (const zeros of [1, 2, 4_000]) {
      const elements = [...data.elements, ...Array<bigint>(zeros).fill(0n)];
      expect(replayBlock(genesisState(), PROFILE, { ...data, elements }, state.root).exits).to.deep.equal(exits);
    }
    const forced = executeBlock(genesisState(), [forcedExit(1)], [], RULES);
    expect(forced.data.elements).to.deep.equal([]);
    expect(replayBlock(genesisState(), PROFILE, forced.data, forced.state.root).exits).to.deep.equal(forced.exits);
  });
});
