import { expect } from "chai";
import fc from "fast-check";
import { type SecretKey, secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { accountKeyOf } from "../../src/protocol/keys.ts";
import { type SignedTransfer, signTransfer } from "../../src/protocol/transfer.ts";
import { type Drop, Mempool, type MempoolOptions } from "../../src/roles/index.ts";
import { transferId } from "../../src/protocol/transferId.ts";
import { State } from "../../src/state/state.ts";

const ETHER = 10n ** 18n;
const CENT = ETHER / 100n;
const secrets: SecretKey[] = [1, 2, 3].map((i) => secretKeyFromSeed(`mempool ${i}`));
const accounts = secrets.map((secret) => ({ key: accountKeyOf(secret), balance: 10n * ETHER, nonce: 1n, l1Owner: 1n }));
const state = (): State => State.ofGenesis({ accountDepth: 4, accounts });

const transfer = (from: number, nonce: bigint, fee: bigint, amount = ETHER, secret = secrets[from - 1]!) =>
  signTransfer(secret, 7n, { from, to: 1, amount, fee }, nonce);

function poolOf(options: MempoolOptions = {}) {
  const drops: Drop[] = [];
  const pool = new Mempool({ ...options, onDrop: (drop) => drops.push(drop) });
  return { pool, drops, reasons: () => drops.map(({ reason }) => reason) };
}

const kept = (transfers: readonly SignedTransfer[]) => transfers.map(({ from, nonce, fee }) => [from, nonce, fee]);

describe("mempool", () => {
  it("orders by fees between accounts, and by nonces within one", () => {
    const { pool } = poolOf();
    const all = [
      transfer(1, 2n, 9n * CENT),
      transfer(2, 1n, 3n * CENT),
      transfer(1, 1n, CENT),
      transfer(3, 1n, 2n * CENT),
    ];
    for (const one of all) expect(pool.add(one, state())).to.equal(undefined);
    // The run of account 1 pays 5 on average, though it begins with 1.
    expect(kept(pool.pending())).to.deep.equal([
      [1, 1n, CENT],
      [1, 2n, 9n * CENT],
      [2, 1n, 3n * CENT],
      [3, 1n, 2n * CENT],
    ]);
    expect(pool.size).to.equal(4);
  });

  it("looks up no other accounts for what comes when it is full", () => {
    const { pool, reasons } = poolOf({ maxTransfers: 3 });
    const looked: number[] = [];
    const counting = (of: State): State =>
      Object.assign(Object.create(of) as State, {
        account(index: number) {
          looked.push(index);
          return of.account(index);
        },
      });
    const full = counting(state());
    for (const from of [1, 2]) pool.add(transfer(from, 1n, 2n * CENT), full);
    pool.add(transfer(2, 2n, 3n * CENT), full);
    looked.length = 0;
    for (let i = 0; i < 5; i++)
      expect(pool.add(transfer(3, 1n, CENT, ETHER + BigInt(i) * CENT), full)).to.equal("pool full");
    expect(new Set(looked)).to.deep.equal(new Set([3]));
    expect(pool.add(transfer(3, 1n, 4n * CENT), full)).to.equal(undefined);
    expect(reasons().at(-1)).to.equal("pool full");
    expect(kept(pool.pending()).map(([from]) => from)).to.deep.equal([3, 2, 2]);
    expect(new Set(looked)).to.deep.equal(new Set([3]));
  });

  it("knows after a block that what has waited for a nonce waits no longer", () => {
    const { pool } = poolOf({ maxTransfers: 2 });
    pool.add(transfer(2, 2n, 3n * CENT), state());
    pool.add(transfer(1, 1n, 2n * CENT), state());
    const [first, second, third] = accounts;
    const next = State.ofGenesis({ accountDepth: 4, accounts: [first!, { ...second!, nonce: 2n }, third!] });
    pool.revise(next);
    expect(pool.add(transfer(3, 1n, CENT), next)).to.equal("pool full");
    expect(pool.add(transfer(3, 1n, 4n * CENT), next)).to.equal(undefined);
    expect(kept(pool.pending()).map(([from]) => from)).to.deep.equal([3, 2]);
  });

  it("says of every transfer that it does not take why", () => {
    const { pool, reasons } = poolOf({ minFee: CENT, maxPerAccount: 2 });
    const known = transfer(1, 1n, 10n * CENT);
    pool.add(known, state());
    const refused: [SignedTransfer, string][] = [
      [known, "known already"],
      [transfer(1, 1n, CENT / 2n), "fee too low"],
      [transfer(4, 1n, CENT, ETHER, secrets[0]), "sender unknown"],
      [transfer(2, 1n, CENT, ETHER, secrets[0]), "another key"],
      [transfer(1, 0n, 20n * CENT), "nonce used"],
      [transfer(2, 1n, CENT, 10n * ETHER), "balance too low"],
      [transfer(1, 1n, 10n * CENT, 2n * ETHER), "rival pays as much"],
      [transfer(1, 1n, (11n * 10n * CENT) / 10n - CENT / 10n, 2n * ETHER), "rival pays as much"],
    ];
    for (const [one, reason] of refused) expect(pool.add(one, state()), reason).to.equal(reason);
    expect(reasons()).to.deep.equal(refused.map(([, reason]) => reason));
    pool.add(transfer(1, 2n, CENT), state());
    expect(pool.add(transfer(1, 3n, CENT), state())).to.equal("too many of the account");
    expect(kept(pool.pending())).to.deep.equal([
      [1, 1n, 10n * CENT],
      [1, 2n, CENT],
    ]);
  });

  it("replaces a rival by one that pays a tenth more, and says so", () => {
    const { pool, drops } = poolOf();
    const [first, second] = [transfer(1, 1n, 10n * CENT), transfer(1, 1n, 11n * CENT)];
    pool.add(first, state());
    expect(pool.add(second, state())).to.equal(undefined);
    expect(drops).to.deep.equal([{ transfer: first, reason: "replaced by a rival" }]);
    expect(pool.pending()).to.deep.equal([second]);
    expect(pool.size).to.equal(1);
  });

  it("makes room for what pays more, from the end of an account's queue", () => {
    const { pool, drops } = poolOf({ maxTransfers: 2 });
    const [cheap, dear] = [transfer(1, 1n, CENT), transfer(1, 2n, 2n * CENT)];
    pool.add(cheap, state());
    pool.add(dear, state());
    expect(pool.add(transfer(2, 1n, 2n * CENT), state())).to.equal("pool full");
    // The first of account 1 pays least, but the second waits for it: the last one goes.
    expect(pool.add(transfer(2, 1n, 3n * CENT), state())).to.equal(undefined);
    expect(drops.at(-1)).to.deep.equal({ transfer: dear, reason: "pool full" });
    expect(pool.size).to.equal(2);
  });

  it("lets nothing in that its account cannot pay together with what comes before", () => {
    const { pool } = poolOf();
    expect(pool.add(transfer(1, 1n, CENT, 6n * ETHER), state())).to.equal(undefined);
    expect(pool.add(transfer(1, 2n, CENT, 4n * ETHER), state())).to.equal("balance too low");
    expect(pool.add(transfer(1, 2n, CENT, 3n * ETHER), state())).to.equal(undefined);
    expect(pool.add(transfer(1, 9n, 1_000n * ETHER), state())).to.equal("balance too low");
    // A rival takes the place of what it is compared with.
    expect(pool.add(transfer(1, 2n, 2n * CENT, 3n * ETHER), state())).to.equal(undefined);
  });

  it("keeps no room for what waits for a nonce that is not there", () => {
    const { pool, drops } = poolOf({ maxTransfers: 2 });
    const [waits, follows] = [transfer(1, 3n, 9n * CENT), transfer(2, 2n, 9n * CENT)];
    expect(pool.add(waits, state())).to.equal(undefined);
    expect(pool.add(transfer(2, 1n, 2n * CENT), state())).to.equal(undefined);
    expect(pool.add(transfer(3, 2n, 99n * CENT), state()), "waits as well").to.equal("pool full");
    expect(pool.add(transfer(3, 1n, CENT), state())).to.equal(undefined);
    expect(drops.at(-1)).to.deep.equal({ transfer: waits, reason: "pool full" });
    expect(pool.add(follows, state())).to.equal(undefined);
    expect(kept(pool.pending())).to.deep.equal([
      [2, 1n, 2n * CENT],
      [2, 2n, 9n * CENT],
    ]);
  });

  it("forgets after a block what can no longer be included, and keeps the rest", () => {
    const { pool, reasons } = poolOf();
    for (const nonce of [1n, 2n, 3n]) pool.add(transfer(1, nonce, CENT), state());
    const later = state();
    later.setAccount(1, { ...later.account(1), nonce: 3n });
    pool.revise(later);
    expect(kept(pool.pending())).to.deep.equal([[1, 3n, CENT]]);
    expect(reasons()).to.deep.equal(["nonce used", "nonce used"]);
  });

  it("tells what a block includes from what was overtaken by a rival, where the block is known", () => {
    const { pool, drops } = poolOf();
    const [included, overtaken, waits] = [1n, 2n, 3n].map((nonce) => transfer(1, nonce, CENT)) as [
      ...[SignedTransfer, SignedTransfer, SignedTransfer],
    ];
    for (const each of [included, overtaken, waits]) pool.add(each, state());
    expect(pool.of(1).length).to.equal(3);
    const rival = transfer(1, 2n, 2n * CENT);
    const block = new Set([included, rival].map(transferId));
    const later = state();
    later.setAccount(1, { ...later.account(1), nonce: 3n });
    pool.revise(later, (id) => block.has(id));
    expect(drops).to.deep.equal([
      { transfer: included, reason: "included" },
      { transfer: overtaken, reason: "overtaken by a rival" },
    ]);
    expect([pool.of(1).length, pool.of(2).length]).to.deep.equal([1, 0]);
  });

  it("lets no fee behind a gap pay for what is in front of it", () => {
    const { pool } = poolOf();
    for (const one of [transfer(1, 1n, 1n), transfer(1, 3n, 99n * CENT), transfer(2, 1n, CENT)]) pool.add(one, state());
    expect(kept(pool.pending())).to.deep.equal([
      [2, 1n, CENT],
      [1, 1n, 1n],
    ]);
    pool.add(transfer(1, 2n, CENT), state());
    expect(kept(pool.pending()).slice(0, 3)).to.deep.equal([
      [1, 1n, 1n],
      [1, 2n, CENT],
      [1, 3n, 99n * CENT],
    ]);
  });

  it("lets go of what an account can no longer pay, and of nothing that it still can", () => {
    const { pool, drops } = poolOf();
    const [dear, cheap, last] = [
      transfer(1, 1n, CENT, 6n * ETHER),
      transfer(1, 2n, CENT, ETHER),
      transfer(1, 3n, CENT, 2n * ETHER),
    ];
    for (const one of [dear, cheap, last]) expect(pool.add(one, state())).to.equal(undefined);
    const later = state();
    later.setAccount(1, { ...later.account(1), balance: 2n * ETHER });
    pool.revise(later);
    expect(drops.map(({ transfer: { nonce }, reason }) => [nonce, reason])).to.deep.equal([
      [1n, "balance too low"],
      [3n, "balance too low"],
    ]);
    expect(pool.pending()).to.deep.equal([cheap]);
  });

  it("keeps one of each account and nonce, loses none without a reason, and stays within its limits", () => {
    const fees = [CENT, 2n * CENT, 4n * CENT];
    const all = [1, 2, 3].flatMap((from) =>
      [1n, 2n, 3n].flatMap((nonce) => fees.map((fee) => transfer(from, nonce, fee))),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(all.length - 1), { maxLength: 40 }), (order) => {
        const { pool, drops } = poolOf({ maxTransfers: 5, maxPerAccount: 3 });
        for (const i of order) pool.add(all[i]!, state());
        const pending = pool.transfers;
        expect(pending.length).to.equal(pool.size);
        expect(pool.size).to.be.at.most(5);
        expect(new Set(pending.map(({ from, nonce }) => `${from} ${nonce}`)).size).to.equal(pending.length);
        expect(order.length).to.equal(pending.length + drops.length);
      }),
      { seed: 0xb52, numRuns: 100 },
    );
  });
});
