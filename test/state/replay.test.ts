import { expect } from "chai";
import {
  encodeData,
  exitLeaf,
  MalformedError,
  OutOfRangeError,
  packOperationWords,
  packTransfer,
  packWords,
} from "../../src/protocol/index.ts";
import { executeBlock, ReplayMismatchError, replayBlock } from "../../src/state/index.ts";
import { deposit, ETHER, forcedExit, forcedTransfer, genesisState, PROFILE, RULES, transfer } from "./fixtures.ts";

describe("replayBlock", () => {
  const operations = [deposit(7), forcedExit(2), forcedTransfer(2, 3, { l1Owner: 3n })];
  const transfers = [
    transfer(1, 2, 0),
    transfer(2, 2, 0),
    transfer(1, 0, 1, { fee: 0n }),
    transfer(7, 1, 0, { amount: ETHER / 2n }),
  ];
  const { data, state, exits, l1OpCount } = executeBlock(genesisState(), operations, transfers, RULES);

  it("gives the executed state and exits from L1 alone", () => {
    const before = genesisState();
    const after = replayBlock(before, PROFILE, { data, l1OpCount }, state.root);
    for (let i = 0; i < 9; i++) expect(after.state.account(i)).to.deep.equal(state.account(i));
    expect(after.exits).to.deep.equal(exits);
    expect(exits.map(({ position, l1Owner, amount }) => [position, l1Owner, amount])).to.deep.equal([
      [1, 2n, ETHER],
      [3 * 65_536, 1n, ETHER],
    ]);
    expect(before.root).to.equal(genesisState().root);
    expect(replayBlock(before, PROFILE, { data: "0x", l1OpCount: 0 }, before.root).state.root).to.equal(before.root);
  });

  it("keeps the encoding of an amount that has several: the exit's leaf must be the proven one", () => {
    // An amount of 30 * 10^1 wei, which this program would write as 300.
    const encoded = (30n << 5n) | 1n;
    const inTransfer = packTransfer({ from: 1, to: 0, amount: 0n, fee: 0n }) | (encoded << 16n);
    const inDeposit = deposit(3, { key: 1n, amount: 300n });
    const inOperation = [inDeposit[0] + ((encoded - (300n << 5n)) << 176n), inDeposit[1]] as const;
    const words = [...packOperationWords(PROFILE, [inOperation]), ...packWords(PROFILE, [inTransfer]), 0n, 0n];
    const canonical = executeBlock(genesisState(), [inDeposit], [transfer(1, 0, 0, { amount: 300n, fee: 0n })], RULES);
    const replayed = replayBlock(
      genesisState(),
      PROFILE,
      { data: encodeData(words, 1), l1OpCount: 1 },
      canonical.state.root,
    );
    expect(replayed.exits).to.deep.equal([
      { position: 0, l1Owner: 3n, amount: 300n, packed: exitLeaf(encoded, 3n) },
      { position: 65_536, l1Owner: 1n, amount: 300n, packed: exitLeaf(encoded, 1n) },
    ]);
    expect(executeBlock(genesisState(), [inOperation], [], RULES).exits).to.deep.equal(replayed.exits.slice(0, 1));
  });

  it("refuses data of another block and data of none", () => {
    const replay =
      (bytes: string, count = 0) =>
      () =>
        replayBlock(genesisState(), PROFILE, { data: bytes, l1OpCount: count }, state.root);
    expect(() => replayBlock(genesisState(), PROFILE, { data, l1OpCount }, genesisState().root)).to.throw(
      ReplayMismatchError,
      "replayed state root is 0x",
    );
    expect(() => replayBlock(state, PROFILE, { data, l1OpCount }, state.root)).to.throw(ReplayMismatchError);
    expect(replay(`${data}00`, l1OpCount)).to.throw(MalformedError, "data length");
    const beyond = encodeData(packWords(PROFILE, [packTransfer({ from: 257, to: 1, amount: ETHER, fee: 0n })]));
    expect(replay(beyond)).to.throw(OutOfRangeError, "account is 257");
    const poor = encodeData(packWords(PROFILE, [packTransfer({ from: 9, to: 1, amount: ETHER, fee: 0n })]));
    expect(replay(poor)).to.throw(OutOfRangeError, "balance is -");
  });

  it("does not mind zero words that are left out or too many: blocks like that are proven, too", () => {
    const forced = executeBlock(genesisState(), [forcedExit(1)], [], RULES);
    expect((forced.data.length - 2) / 2).to.equal(60);
    for (const bytes of [forced.data.slice(0, 62), forced.data, `${forced.data}${"00".repeat(3_000)}`]) {
      const replayed = replayBlock(genesisState(), PROFILE, { data: bytes, l1OpCount: 1 }, forced.state.root);
      expect(replayed.state.root).to.equal(forced.state.root);
    }
  });

  it("refuses another count of operations than the data begin with", () => {
    const replay = (count: number) => () =>
      replayBlock(genesisState(), PROFILE, { data, l1OpCount: count }, state.root);
    expect(replay(4)).to.throw(MalformedError, "place 1 for an operation is unused, expected the other");
    expect(replay(2)).to.throw(MalformedError, "of the data is not 0");
    expect(replay(9)).to.throw(OutOfRangeError, "l1OpCount is 9, expected 0 to 8");
    const words = packOperationWords(PROFILE, operations.slice(0, 2));
    expect(() =>
      replayBlock(genesisState(), PROFILE, { data: encodeData(words, 2), l1OpCount: 1 }, state.root),
    ).to.throw(MalformedError, "place 1 for an operation is used");
  });
});
