import { z } from "zod";
import type { CircuitName } from "../../proving/circuitInstance.ts";
import { type Forest, nodeAt } from "../../protocol/nodes.ts";

/** Seconds that a proof of a circuit takes here, as measured. */
export type Rates = Readonly<Partial<Record<CircuitName, number>>>;

/** What the last proof counts: machines get slower and faster, and one slow proof says little. */
const NEWS = 0.2;

/** Rates after one more proof. @param seconds that it took beside all others that were made meanwhile */
export function learn(rates: Rates, circuit: CircuitName, seconds: number): Rates {
  const before = rates[circuit];
  return { ...rates, [circuit]: before === undefined ? seconds : before + NEWS * (seconds - before) };
}

/** Seconds of the proof of a slot; the slower circuit where it is not known which it will be. @param assumed */
export function secondsOf(rates: Rates, forest: Forest, slot: number, assumed: number): number {
  const { depth } = nodeAt(forest, slot);
  if (depth === 0) return rates.RootRollup ?? assumed;
  if (depth < forest.levels) return rates.MergeRollup ?? assumed;
  return Math.max(rates.BaseRollup ?? assumed, rates.OperationRollup ?? 0);
}

/** Seconds of the slowest proof of a forest: whoever promises a slot may be given that one. */
export function slowest(rates: Rates, forest: Forest, assumed: number): number {
  const first = [0, 1, forest.arity ** forest.levels];
  return Math.max(...first.map((slot) => secondsOf(rates, forest, slot, assumed)));
}

const stored = z.partialRecord(
  z.enum(["BaseRollup", "OperationRollup", "MergeRollup", "RootRollup"]),
  z.number().positive(),
);

export const encodeRates = (rates: Rates): string => JSON.stringify(rates);

/** What {@link encodeRates} has written; nothing if it was something else: then it is measured anew. */
export function decodeRates(encoded: string | undefined): Rates {
  if (encoded === undefined) return {};
  try {
    return stored.parse(JSON.parse(encoded));
  } catch {
    return {};
  }
}
