import { expect } from "chai";
import fc from "fast-check";
import type { SignedTransfer } from "../../src/protocol/transfer.ts";
import { feeOrder } from "../../src/roles/feeOrder.ts";

const queueOf = (from: number, fees: readonly number[]): SignedTransfer[] =>
  fees.map((fee, i) => ({ from, nonce: BigInt(i), fee: BigInt(fee) }) as SignedTransfer);
const order = (...queues: readonly (readonly number[])[]): string[] =>
  feeOrder(queues.map((fees, i) => queueOf(i + 1, fees))).map(({ from, fee }) => `${from}:${fee}`);

/** The most that `places` transfers can pay, by trying everything. */
function mostFees(queues: readonly (readonly number[])[], places: number): number {
  const [first, ...others] = queues;
  if (first === undefined || places === 0) return 0;
  let best = 0;
  for (let taken = 0, sum = 0; taken <= Math.min(first.length, places); sum += first[taken++] ?? 0)
    best = Math.max(best, sum + mostFees(others, places - taken));
  return best;
}

describe("the order of the highest fees", () => {
  it("has a low fee in front of high ones pay for itself", () => {
    expect(order([1, 9], [4])).to.deep.equal(["1:1", "1:9", "2:4"]);
    expect(order([1, 6], [4])).to.deep.equal(["2:4", "1:1", "1:6"]);
    expect(order([5, 1, 1, 10], [3, 3])).to.deep.equal(["1:5", "1:1", "1:1", "1:10", "2:3", "2:3"]);
    expect(order([], [2], [2]), "equal ones in the order of their accounts").to.deep.equal(["2:2", "3:2"]);
    expect(order()).to.deep.equal([]);
  });

  it("keeps all, and the nonces of each account in order", () => {
    const anyQueues = fc.array(fc.array(fc.nat(9), { maxLength: 6 }), { maxLength: 6 });
    fc.assert(
      fc.property(anyQueues, (queues) => {
        const ordered = feeOrder(queues.map((fees, i) => queueOf(i + 1, fees)));
        expect(ordered.length).to.equal(queues.flat().length);
        for (const [i, fees] of queues.entries())
          expect(ordered.filter(({ from }) => from === i + 1).map(({ fee }) => Number(fee))).to.deep.equal(fees);
      }),
      { seed: 0xb52, numRuns: 500 },
    );
  });

  it("pays as much as any order can wherever a run ends, and little less in between", () => {
    const anyQueues = fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    let [got, best] = [0, 0];
    fc.assert(
      fc.property(anyQueues, fc.integer({ min: 1, max: 8 }), (queues, places) => {
        const ordered = feeOrder(queues.map((fees, i) => queueOf(i + 1, fees)));
        got += ordered.slice(0, places).reduce((sum, { fee }) => sum + Number(fee), 0);
        best += mostFees(queues, places);
        // With one transfer an account the order is the best for every number of places.
        const singles = queues.map(([fee]) => [fee!]);
        const flat = feeOrder(singles.map((fees, i) => queueOf(i + 1, fees))).slice(0, places);
        expect(flat.reduce((sum, { fee }) => sum + Number(fee), 0)).to.equal(mostFees(singles, places));
      }),
      { seed: 0xb52, numRuns: 400 },
    );
    expect(got / best).to.be.greaterThan(0.97);
  });

  it("orders 16,384 transfers of as many accounts in a moment", () => {
    const queues = Array.from({ length: 16_384 }, (_, i) => queueOf(i + 1, [(i * 7_919) % 1_000]));
    const begun = performance.now();
    const ordered = feeOrder(queues);
    const seconds = (performance.now() - begun) / 1_000;
    expect(ordered.every(({ fee }, i) => i === 0 || fee <= ordered[i - 1]!.fee)).to.equal(true);
    expect(seconds).to.be.lessThan(5);
  });
});
