import { expect } from "chai";
import { FIELD, compress } from "../../src/protocol/index.ts";
import { escapeClaimJob } from "../../src/proving/claims.ts";
import { type Account, accountLeaf, State } from "../../src/state/index.ts";
import { choicesAsWritten } from "./support/asWritten.ts";
import { choosableSignals } from "./support/choosable.ts";
import { expectPublicInputsBound } from "./support/expectBound.ts";
import { expectUnprovable } from "./support/expectUnprovable.ts";
import { compiling, type Inputs, loadCircuit, mainInstance } from "./support/testCircuit.ts";

const DEPTH = 2;
const instance = mainInstance("EscapeClaim", DEPTH);
const circuit = () => loadCircuit(instance);

const ACCOUNTS: readonly Account[] = Array.from({ length: 15 }, (_, i) => ({
  key: FIELD - 1n - BigInt(i),
  balance: (1n << 96n) - 1n - BigInt(i),
  nonce: BigInt(i),
  l1Owner: (1n << 160n) - 1n - BigInt(i),
}));
const state = State.ofGenesis({ accountDepth: DEPTH, accounts: ACCOUNTS });

const claim = (index: number, change: Inputs = {}): Inputs => ({ ...escapeClaimJob(state, index).input, ...change });

describe("EscapeClaim, for all inputs", () => {
  it("leaves the prover no choice", async () => {
    expect(await choicesAsWritten(instance, ["stateRoot"])).to.deep.equal([]);
  });
});

describe("EscapeClaim", () => {
  before(compiling(circuit));

  it("shows every account of the tree, and leaves no signal free", async () => {
    const escape = await circuit();
    for (let index = 0; index < 16; index++) {
      const witness = await escape.witness(claim(index));
      expectPublicInputsBound(escape, witness);
      if (index === 9) expect(choosableSignals(escape, witness)).to.deep.equal([]);
    }
  });

  it("refuses another owner, balance, root, index, key or nonce", async () => {
    const escape = await circuit();
    for (const index of [1, 6, 15]) {
      for (const signal of ["l1Owner", "balance", "stateRoot", "key", "nonce"]) {
        const value = claim(index)[signal] as bigint;
        const template = signal === "stateRoot" ? "EscapeClaim" : "IsChild";
        for (const other of [value + 1n, value + FIELD - 1n]) {
          await expectUnprovable(escape, claim(index, { [signal]: other % FIELD }), template);
        }
      }
      await expectUnprovable(escape, claim(index, { index: BigInt(index ^ 1) }), "IsChild");
      await expectUnprovable(escape, claim(index, { index: BigInt(index ^ 4) }), "IsChild");
    }
  });

  it("refuses owner and balance that flow into each other or out of other fields", async () => {
    const escape = await circuit();
    const { key, balance, nonce, l1Owner } = state.account(3);
    await expectUnprovable(escape, claim(3, { balance: l1Owner, l1Owner: balance }), "IsChild");
    await expectUnprovable(escape, claim(3, { key: balance, balance: key }), "IsChild");
    await expectUnprovable(escape, claim(3, { nonce: balance, balance: nonce }), "IsChild");
  });

  it("refuses an index beyond the tree that names the same account", async () => {
    const escape = await circuit();
    for (const alias of [16n, 32n, 1n << 15n, 1n << 16n, 1n << 40n, FIELD - 16n]) {
      await expectUnprovable(escape, claim(5, { index: (5n + alias) % FIELD }), "Num2Bits");
    }
    const witness = await escape.witness(claim(5));
    const forgeries: Record<string, bigint>[] = [
      { "bits[0]": 1n + 16n, index: 21n },
      { "bits[1]": 2n, "bits[2]": 0n },
      { "bits[3]": 2n, index: 21n },
    ];
    for (const edits of forgeries) {
      expect(escape.broken(escape.edit(witness, edits)), JSON.stringify(Object.keys(edits))).to.be.greaterThan(0);
    }
  });

  it("refuses an inner node as an account, and paths of others", async () => {
    const escape = await circuit();
    const leaves = [0, 1, 2, 3].map((index) => accountLeaf(state.account(index)));
    const [, inner] = state.path(0);
    expect(compress(leaves)).to.equal(inner![0]);
    // Four leaf hashes read as key, balance, nonce and owner: one level up the path has nowhere to end.
    const above = { key: leaves[0]!, balance: leaves[1]!, nonce: leaves[2]!, l1Owner: leaves[3]! };
    await expectUnprovable(escape, claim(0, { ...above, children: [inner!, [state.root, 0n, 0n, 0n]] }), "EscapeClaim");
    await expectUnprovable(
      escape,
      claim(0, { ...above, index: 0n, children: [[state.root, 0n, 0n, 0n], inner!] }),
      "IsChild",
    );
    await expectUnprovable(escape, claim(6, { children: state.path(9) }), "IsChild");
    await expectUnprovable(escape, claim(6, { children: [...state.path(6)].reverse() }), "IsChild");
    const [low, high] = state.path(6);
    await expectUnprovable(
      escape,
      claim(6, { children: [low!, [high![0]!, high![1]!, high![2]!, 5n]] }),
      "EscapeClaim",
    );
  });
});
