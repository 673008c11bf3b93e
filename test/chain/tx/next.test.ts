import { expect } from "chai";
import { feesFor } from "../../../src/chain/tx/fees.ts";
import type { Attempt, Fees, Intent, TransactionRow } from "../../../src/chain/tx/journal.ts";
import { next, type TransactionView } from "../../../src/chain/tx/next.ts";

const GWEI = 10n ** 9n;
const DEADLINE = 2_000n;
const intent: Intent = {
  ...{ call: "commit", to: "0xB", data: "0x", value: 0n, gasLimit: 100_000n },
  ...{ blobHashes: [], deadline: DEADLINE },
};
const blobs: Intent = { ...intent, blobHashes: ["0x01"], slots: 4 };
const FEES: Fees = { maxFeePerGas: 21n * GWEI, maxPriorityFeePerGas: GWEI };
const BLOB_FEES: Fees = { ...FEES, maxFeePerBlobGas: GWEI };
const attempt: Attempt = { hash: "0xa1", fees: FEES, block: 10, answer: "taken", isCancellation: false };

const waiting: TransactionRow = { id: "1", chainId: 1n, sender: "0xA", intent, state: "waiting", attempts: [] };
const pending: TransactionRow = { ...waiting, state: "pending", nonce: 7, attempts: [attempt] };
const pendingBlobs: TransactionRow = { ...pending, intent: blobs, attempts: [{ ...attempt, fees: BLOB_FEES }] };
const inclusion = { hash: "0xa1", block: { number: 11, hash: "0xb11" }, isReverted: false };
const mined: TransactionRow = { ...pending, state: "mined", inclusion };

const at = (number: number, change: Partial<TransactionView> = {}): TransactionView => ({
  block: { number, timestamp: 1_000n },
  count: 7,
  market: { baseFee: 10n * GWEI, tip: GWEI, blobFee: 1n },
  balance: 10n ** 20n,
  others: [],
  confirmations: 4,
  ...change,
});
const late = { block: { number: 11, timestamp: DEADLINE } };
const wait = { kind: "wait" };
const become = (row: TransactionRow) => ({ kind: "become", row });

describe("what comes next for a transaction", () => {
  it("that was never sent: the first free nonce, at twice the base fee and the tip", () => {
    expect(next(waiting, at(10))).to.deep.equal({ kind: "send", nonce: 7, fees: FEES });
    const others = [pending, { ...pending, id: "3", nonce: 9 }];
    expect(next({ ...waiting, id: "2" }, at(10, { others })), "a gap is filled").to.deep.include({ nonce: 8 });
    const above = [{ ...pending, nonce: 8 }];
    expect(next({ ...waiting, id: "2" }, at(10, { others: above })), "from the first one on").to.deep.include({
      nonce: 7,
    });
  });

  it("that is too dear: it waits for another block, and not beyond its deadline", () => {
    const poor = { ...waiting, intent: { ...intent, worth: 100_000n * 12n * GWEI } };
    expect(next(poor, at(10))).to.deep.equal(wait);
    const cheaper = { baseFee: 9n * GWEI, tip: GWEI, blobFee: 1n };
    const fees = { maxFeePerGas: 12n * GWEI, maxPriorityFeePerGas: GWEI };
    expect(next(poor, at(11, { market: cheaper }))).to.deep.equal({ kind: "send", nonce: 7, fees });
    expect(next(poor, at(11, late))).to.deep.equal(become({ ...poor, state: "expired" }));
    expect(next(poor, at(11, { block: { number: 11, timestamp: DEADLINE - 1n } })), "a second before").to.deep.equal(
      next(poor, at(11)),
    );
  });

  it("of an address with a pending one of the other kind: it waits", () => {
    const plain = { ...waiting, id: "2" };
    expect(next(plain, at(10, { others: [pendingBlobs] }))).to.deep.equal(wait);
    expect(next({ ...plain, intent: blobs }, at(10, { others: [pending] }))).to.deep.equal(wait);
    expect(next(plain, at(10, { others: [{ ...pendingBlobs, state: "mined" }] }))).to.deep.include({ kind: "send" });
  });

  it("that a node has: nothing within the block, then an eighth more of both fees, at least", () => {
    expect(next(pending, at(10))).to.deep.equal(wait);
    const raised = { maxFeePerGas: (21n * GWEI * 9n) / 8n, maxPriorityFeePerGas: (GWEI * 9n) / 8n };
    expect(next(pending, at(11))).to.deep.equal({ kind: "send", nonce: 7, fees: raised });
    const market = { baseFee: 500n * GWEI, tip: GWEI, blobFee: 1n };
    const priority = (GWEI * 9n) / 8n;
    expect(next(pending, at(11, { market })), "or what the market asks for").to.deep.equal({
      ...{ kind: "send", nonce: 7 },
      fees: { maxFeePerGas: 1_000n * GWEI + priority, maxPriorityFeePerGas: priority },
    });
  });

  it("that is worth no more: it is only sent again, once a block", () => {
    const poor = { ...pending, intent: { ...intent, worth: 100_000n * 22n * GWEI } };
    expect(next(poor, at(11))).to.deep.equal({ kind: "repeat" });
    expect(next(poor, at(10))).to.deep.equal(wait);
  });

  it("that no node has answered to: it is sent again at once; if outbid, with more in the next block", () => {
    const { answer: _answer, ...silent } = attempt;
    expect(next({ ...pending, attempts: [silent] }, at(10))).to.deep.equal({ kind: "repeat" });
    const outbid = { ...pending, attempts: [{ ...attempt, answer: "underpriced" as const }] };
    expect(next(outbid, at(10))).to.deep.equal(wait);
    expect(next(outbid, at(11))).to.deep.include({ kind: "send", nonce: 7 });
  });

  it("that is too late: it is outbid by one that does nothing, which climbs the same ladder", () => {
    const cancel = next(pending, at(11, late));
    const fees = { maxFeePerGas: (21n * GWEI * 9n) / 8n, maxPriorityFeePerGas: (GWEI * 9n) / 8n };
    expect(cancel).to.deep.equal({ kind: "cancel", nonce: 7, fees });
    const cancelling = { ...pending, attempts: [attempt, { ...attempt, hash: "0xa2", fees, isCancellation: true }] };
    expect(next(cancelling, at(10, { block: { number: 10, timestamp: DEADLINE } }))).to.deep.equal(wait);
    expect(next(cancelling, at(11, late))).to.deep.include({ kind: "cancel" });
    const done = { ...inclusion, hash: "0xa2" };
    expect(next(cancelling, at(12, { count: 8, inclusion: done }))).to.deep.equal(
      become({ ...cancelling, inclusion: done, state: "expired" }),
    );
    expect(next(cancelling, at(12, { count: 8, inclusion })), "unless the first one was quicker").to.deep.equal(
      become({ ...cancelling, inclusion, state: "mined" }),
    );
  });

  it("that is too late when another is wanted: that one takes the nonce, for more", () => {
    const fresh = { ...waiting, id: "2", intent: { ...intent, deadline: DEADLINE + 500n } };
    const fees = { maxFeePerGas: (21n * GWEI * 9n) / 8n, maxPriorityFeePerGas: (GWEI * 9n) / 8n };
    expect(next(fresh, at(11, { ...late, others: [pending] }))).to.deep.equal({ kind: "send", nonce: 7, fees });
    const taker = { ...fresh, state: "pending" as const, nonce: 7, attempts: [{ ...attempt, hash: "0xa3", fees }] };
    expect(next(pending, at(12, { ...late, others: [taker] })), "and the late one rests").to.deep.equal(wait);
  });

  it("with blobs: it is never outbid, and sent again only if it was dropped", () => {
    expect(next(pendingBlobs, at(15, { isKnown: true }))).to.deep.equal(wait);
    expect(next(pendingBlobs, at(15, { isKnown: false }))).to.deep.equal({ kind: "repeat" });
    expect(next(pendingBlobs, at(11, { ...late, isKnown: true }))).to.deep.equal(wait);
    expect(next(pendingBlobs, at(11, { ...late, isKnown: false }))).to.deep.equal(
      become({ ...pendingBlobs, state: "expired" }),
    );
  });

  it("with blobs, after a late one that is still there: it takes the nonce for twice all three fees", () => {
    const fresh = { ...waiting, id: "2", intent: { ...blobs, deadline: DEADLINE + 500n } };
    const action = next(fresh, at(11, { ...late, others: [pendingBlobs] })) as { nonce: number; fees: Fees };
    expect(action.nonce).to.equal(7);
    expect(action.fees.maxFeePerGas >= 2n * BLOB_FEES.maxFeePerGas).to.equal(true);
    expect(action.fees.maxPriorityFeePerGas).to.equal(2n * GWEI);
    expect(action.fees.maxFeePerBlobGas).to.equal(2n * GWEI);
  });

  it("whose nonce is used by nothing known: believed after two more blocks, then sent with another", () => {
    const lost = { ...pending, lostAt: 11 };
    expect(next(pending, at(11, { count: 8 }))).to.deep.equal(become(lost));
    expect(next(lost, at(12, { count: 8 }))).to.deep.equal(wait);
    expect(next(lost, at(12, { count: 8, inclusion })), "a node that was behind").to.deep.include({ kind: "become" });
    expect(next(lost, at(13, { count: 8 }))).to.deep.equal(become(waiting));
    expect(next(lost, at(13, { count: 7 })), "and free again").to.deep.equal(become(pending));
    const late13 = { block: { number: 13, timestamp: DEADLINE }, count: 8 };
    expect(next(lost, at(13, late13))).to.deep.equal(become({ ...lost, state: "expired" }));
  });

  it("that the node signs and did not tell: it is not sent again, for it may be what used the nonce", () => {
    const { hash: _hash, ...nameless } = attempt;
    const row = { ...pending, attempts: [nameless], lostAt: 11 };
    expect(next(row, at(13, { count: 8 }))).to.deep.equal(become({ ...row, state: "refused" }));
  });

  it("that is mined: done after its confirmations, and sent again at once if its block is dropped", () => {
    expect(next(pending, at(11, { count: 8, inclusion }))).to.deep.equal(become(mined));
    expect(next(pending, at(11, { count: 8, inclusion, confirmations: 1 })), "the block is enough").to.deep.equal(
      become({ ...mined, state: "done" }),
    );
    expect(next(mined, at(13, { count: 8, inclusion }))).to.deep.equal(wait);
    expect(next(mined, at(14, { count: 8, inclusion }))).to.deep.equal(become({ ...mined, state: "done" }));
    const moved = { ...inclusion, block: { number: 12, hash: "0xb12" } };
    expect(next(mined, at(14, { count: 8, inclusion: moved }))).to.deep.equal(become({ ...mined, inclusion: moved }));
    const { answer: _answer, ...again } = attempt;
    const dropped = { ...pending, attempts: [again] };
    expect(next(mined, at(9))).to.deep.equal(become(dropped));
    expect(next(dropped, at(9))).to.deep.equal({ kind: "repeat" });
  });
});

describe("fees of a transaction", () => {
  const market = { baseFee: 10n * GWEI, tip: GWEI, blobFee: 1n };
  const balance = 10n ** 20n;

  it("climb by an eighth with each block, whatever happens, until they are worth it no more", () => {
    const worth = 100_000n * 200n * GWEI;
    let floor: Fees | undefined;
    let steps = 0;
    for (;;) {
      const fees = feesFor(market, { intent: { ...intent, worth }, floor, balance });
      if (fees === undefined) break;
      if (floor !== undefined) {
        expect(fees.maxFeePerGas * 8n >= floor.maxFeePerGas * 9n).to.equal(true);
        expect(fees.maxPriorityFeePerGas * 8n >= floor.maxPriorityFeePerGas * 9n).to.equal(true);
      }
      expect(fees.maxFeePerGas * intent.gasLimit <= worth).to.equal(true);
      expect(fees.maxPriorityFeePerGas <= fees.maxFeePerGas).to.equal(true);
      floor = fees;
      steps++;
    }
    expect(steps).to.equal(20);
  });

  it("climb from nothing, too", () => {
    const floor = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    const free = { baseFee: 0n, tip: 0n, blobFee: 0n };
    const fees = feesFor(free, { intent, floor, balance })!;
    expect(fees.maxPriorityFeePerGas).to.equal(1n);
    expect(fees.maxFeePerGas >= 1n).to.equal(true);
  });

  it("take no tip from a node that no block's maker asks for", () => {
    const fees = feesFor({ ...market, tip: 10n ** 18n }, { intent, balance })!;
    expect(fees.maxPriorityFeePerGas).to.equal(5n * GWEI);
  });

  it("of blobs stay within what they are worth", () => {
    const worth = 100_000n * 13n * GWEI + 131_072n * 3n;
    const fees = feesFor(market, { intent: { ...blobs, worth }, balance })!;
    expect(fees.maxFeePerGas * 100_000n + 131_072n * fees.maxFeePerBlobGas! <= worth).to.equal(true);
    expect(feesFor(market, { intent: { ...blobs, worth: worth / 2n }, balance })).to.equal(undefined);
  });
});
