import type { SignedTransfer } from "../protocol/transfer.ts";

/** The next transfers of an account that pay most on average, and those behind them. */
interface Queue {
  /** In the order of their nonces, without gaps. */
  readonly transfers: readonly SignedTransfer[];
  /** How many are taken already. */
  from: number;
  /** How many are taken together next. */
  count: number;
  /** Sum of their fees. */
  fees: bigint;
}

/**
 * What a block is filled from so that its fees are as high as can be: of each account in the order of its nonces, and
 * between accounts the run of transfers first that pays most on average. So a low fee in front of high ones does not
 * hide them. Every transfer takes one place, whatever it pays.
 * @param queues of each account in the order of the nonces
 */
export function feeOrder(queues: Iterable<readonly SignedTransfer[]>): SignedTransfer[] {
  const heap = new Heap();
  for (const transfers of queues)
    if (transfers.length > 0) heap.push(bestRun({ transfers, from: 0, count: 0, fees: 0n }));
  const order: SignedTransfer[] = [];
  for (let best = heap.pop(); best !== undefined; best = heap.pop()) {
    const { transfers, from, count } = best;
    order.push(...transfers.slice(from, from + count));
    best.from += count;
    if (best.from < transfers.length) heap.push(bestRun(best));
  }
  return order;
}

/** The shortest of the runs with the highest average. */
function bestRun(queue: Queue): Queue {
  const { transfers, from } = queue;
  let sum = 0n;
  queue.count = 0;
  queue.fees = 0n;
  for (let i = from; i < transfers.length; i++) {
    sum += transfers[i]!.fee;
    const count = i - from + 1;
    if (queue.count === 0 || sum * BigInt(queue.count) > queue.fees * BigInt(count))
      [queue.count, queue.fees] = [count, sum];
  }
  return queue;
}

/** Whether one run pays more on average; of equal ones the account with the lower index comes first. */
function isBefore(a: Queue, b: Queue): boolean {
  const [x, y] = [a.fees * BigInt(b.count), b.fees * BigInt(a.count)];
  return x !== y ? x > y : a.transfers[0]!.from < b.transfers[0]!.from;
}

/** A binary heap, the best on top. */
class Heap {
  readonly #queues: Queue[] = [];

  push(queue: Queue): void {
    const queues = this.#queues;
    let at = queues.push(queue) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(queue, queues[above]!)) break;
      queues[at] = queues[above]!;
      at = above;
    }
    queues[at] = queue;
  }

  pop(): Queue | undefined {
    const queues = this.#queues;
    const [top] = queues;
    const last = queues.pop();
    if (last === undefined || queues.length === 0) return top;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= queues.length) break;
      if (below + 1 < queues.length && isBefore(queues[below + 1]!, queues[below]!)) below++;
      if (!isBefore(queues[below]!, last)) break;
      queues[at] = queues[below]!;
      at = below;
    }
    queues[at] = last;
    return top;
  }
}
