import { expect } from "chai";
import {
  blockWithdrawalsRoot,
  exitClaimInputs,
  exitClaimVector,
  MalformedError,
  OutOfRangeError,
  packExit,
  type Profile,
  PROFILES,
  rootInputs,
} from "../../src/protocol/index.ts";
import { escapeClaimJob, exitClaimJob } from "../../src/proving/claims.ts";
import { deposit, ETHER, forcedExit, GENESIS, genesisState } from "../state/fixtures.ts";
import { executed, payment } from "./forestFixture.ts";

const profile: Profile = PROFILES.dev;
const { exits } = executed(profile, [deposit(3, { key: 5n }), forcedExit(2)], [payment(1, 0, 0), payment(4, 0, 0)]);
const withdrawalsRoot = blockWithdrawalsRoot(profile, exits);
const claim = (position: number) => ({ exits, position });

describe("exit claims", () => {
  it("show exits by root, position and leaf, the rest of the vector 0", () => {
    const { statements, commitment, publicInputs, input } = exitClaimJob(profile, [claim(1), claim(65_536)]);
    const shown = [
      { withdrawalsRoot, position: 1, packed: packExit({ l1Owner: 2n, amount: ETHER }) },
      { withdrawalsRoot, position: 65_536, packed: packExit({ l1Owner: 1n, amount: ETHER }) },
    ];
    expect(statements).to.deep.equal(shown);
    const vector = [
      withdrawalsRoot,
      1n,
      shown[0]!.packed,
      withdrawalsRoot,
      65_536n,
      shown[1]!.packed,
      0n,
      0n,
      0n,
      0n,
      0n,
      0n,
    ];
    expect(exitClaimVector(shown)).to.deep.equal(vector);
    const { x, y } = rootInputs(vector);
    expect(publicInputs).to.deep.equal([commitment, x, y]);
    expect(exitClaimInputs(shown)).to.deep.equal({ commitment, x, y });
    expect(input).to.deep.include({
      C: commitment,
      root: [withdrawalsRoot, withdrawalsRoot, 0n, 0n],
      position: [1n, 65_536n, 0n, 0n],
    });
  });

  it("are 1 to 4, and of exits", () => {
    expect(() => exitClaimJob(profile, [])).to.throw(MalformedError, "count of claims is 0, expected 1 to 4");
    expect(() => exitClaimJob(profile, Array(5).fill(claim(1)))).to.throw(
      MalformedError,
      "count of claims is 5, expected 1 to 4",
    );
    expect(() => exitClaimJob(profile, [claim(2)])).to.throw(MalformedError, "position is 2, expected one of an exit");
    expect(() => exitClaimVector([{ withdrawalsRoot, position: 1, packed: 0n }])).to.throw(
      MalformedError,
      "exit of claim 0 is 0",
    );
  });
});

describe("escape claims", () => {
  it("show owner and balance of an account under the state root", () => {
    const state = genesisState();
    const { statement, publicInputs, input } = escapeClaimJob(state, 3);
    expect(statement).to.deep.equal({ stateRoot: state.root, index: 3, l1Owner: 3n, balance: 100n * ETHER });
    expect(publicInputs).to.deep.equal([state.root, 3n, 3n, 100n * ETHER]);
    expect(input).to.deep.include({ index: 3n, key: GENESIS.accounts[2]!.key, nonce: 0n, children: state.path(3) });
    expect(() => escapeClaimJob(state, 256)).to.throw(OutOfRangeError, "account is 256");
  });
});
