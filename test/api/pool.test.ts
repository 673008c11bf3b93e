import { expect } from "chai";
import { TransferPool } from "../../src/api/pool.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { accountKeyOf } from "../../src/protocol/keys.ts";
import { type SignedTransfer, signTransfer } from "../../src/protocol/transfer.ts";
import { transferId } from "../../src/protocol/transferId.ts";
import { State } from "../../src/state/state.ts";

const secrets = [1, 2].map((i) => secretKeyFromSeed(`pool ${i}`));
const stateAt = (...nonces: readonly [bigint, bigint]): State =>
  State.ofGenesis({
    accountDepth: 4,
    accounts: secrets.map((secret, i) => ({
      ...{ key: accountKeyOf(secret), balance: 10n ** 20n, nonce: nonces[i]!, l1Owner: 1n },
    })),
  });
const state = stateAt(1n, 1n);
const transferOf = (from: number, fee: bigint): SignedTransfer =>
  signTransfer(secrets[from - 1]!, 7n, { from, to: 1, amount: 1n, fee }, 1n);

describe("the API's pool of transfers", () => {
  it("knows what waits, and why the rest has left", () => {
    const heard: [id: string, reason: string | undefined][] = [];
    const pool = new TransferPool({}, (id, reason) => heard.push([id, reason]));
    const [first, better] = [transferOf(1, 1_000n), transferOf(1, 2_000n)];
    expect(pool.add(first, state)).to.equal(undefined);
    expect(pool.add(first, state)).to.equal("known already");
    expect(pool.find(transferId(first))).to.deep.equal({ transfer: first, reason: undefined });
    expect(pool.add(better, state)).to.equal(undefined);
    expect(pool.find(transferId(first))).to.deep.equal({ transfer: first, reason: "replaced by a rival" });
    expect(pool.waitingOf(1)).to.deep.equal([better]);
    pool.revise(stateAt(2n, 1n), (id) => id === transferId(better));
    expect(pool.waitingOf(1)).to.deep.equal([]);
    expect(heard).to.deep.equal([
      [transferId(first), undefined],
      [transferId(first), "replaced by a rival"],
      [transferId(better), undefined],
      [transferId(better), "included"],
    ]);
  });

  it("forgets nothing that waits, however much has come and gone meanwhile", function () {
    this.timeout(60_000);
    const pool = new TransferPool({ replacementBps: 0n }, () => undefined);
    const waiting = (): number[] => [1, 2].map((index) => pool.waitingOf(index).length);
    const waits = transferOf(1, 1_000n);
    const one = transferOf(2, 0n);
    expect(pool.add(waits, state)).to.equal(undefined);
    // Nobody looks at signatures here: they were checked before.
    const emptied = stateAt(1n, 2n);
    let taken = 0;
    for (let s = 0n; taken <= 65_536; s++) {
      for (let fee = 0n; fee < 2_047n; fee++)
        if (pool.add({ ...one, fee, signature: { ...one.signature, s } }, state) === undefined) taken++;
      if (taken <= 65_536) pool.revise(emptied);
    }
    expect(pool.find(transferId(waits))).to.deep.equal({ transfer: waits, reason: undefined });
    expect(waiting()).to.deep.equal([1, 1]);
    pool.revise(stateAt(2n, 2n));
    expect(waiting()).to.deep.equal([0, 0]);
    expect(pool.find(transferId(waits))?.reason).to.equal("nonce used");
  });
});
