import { AMOUNT_MANTISSA_BITS, decodeFloat, FIELD } from "../../../src/protocol/index.ts";
import { accountBus } from "../../../src/proving/inputs.ts";
import type { PlainTree } from "./plainTree.ts";
import type { Inputs } from "./testCircuit.ts";

/** An operation's words field by field, in range or not. */
export interface RawOperation {
  readonly from?: bigint;
  readonly to?: bigint;
  /** As it is encoded. */
  readonly amount?: bigint;
  readonly l1Owner?: bigint;
  readonly key?: bigint;
}

/** What an operation may do to the accounts at the low bits of its indexes. */
export const EFFECTS = ["nothing", "moves", "leaves", "opens", "adds", "returns"] as const;
export type Effect = (typeof EFFECTS)[number];

/** What one operation did. */
export interface Step {
  /** Signals of the gadget, crown excepted. */
  readonly signals: Inputs;
  readonly executed: bigint;
  readonly exit: bigint;
}

export function rawWords({ from = 0n, to = 0n, amount = 0n, l1Owner = 0n, key = 0n }: RawOperation): [bigint, bigint] {
  return [
    (from << 224n) | (to << 208n) | (amount << 176n) | (l1Owner << 16n) | (key >> 240n),
    key & ((1n << 240n) - 1n),
  ];
}

/**
 * Does to `tree` what the test says that an operation does, true or not: bookkeeping without rules.
 * @returns what a prover who claims that would put into the circuit
 */
export function carryOut(
  tree: PlainTree,
  [word0, word1]: readonly [bigint, bigint],
  effect: Effect,
  crownDepth: number,
): Step {
  const places = 4 ** tree.depth;
  const from = Number(word0 >> 224n) % places;
  const to = Number((word0 >> 208n) & 0xffffn) % places;
  const encoded = (word0 >> 176n) & 0xffff_ffffn;
  const amount = decodeFloat(encoded, AMOUNT_MANTISSA_BITS);
  const l1Owner = (word0 >> 16n) & ((1n << 160n) - 1n);
  const key = (((word0 & 0xffffn) << 240n) | word1) % FIELD;

  const sender = tree.account(from);
  const senderChildren = tree.path(from).slice(0, tree.depth - crownDepth);
  if (effect === "moves" || effect === "leaves") tree.set(from, { ...sender, balance: sender.balance - amount });
  const receiver = tree.account(to);
  const receiverChildren = tree.path(to).slice(0, tree.depth - crownDepth);
  if (effect === "moves" || effect === "adds") tree.set(to, { ...receiver, balance: receiver.balance + amount });
  if (effect === "opens") tree.set(to, { key, balance: amount, nonce: 0n, l1Owner });

  return {
    signals: {
      word0,
      word1,
      sender: accountBus(sender),
      senderChildren,
      receiver: accountBus(receiver),
      receiverChildren,
    },
    executed: word0 === 0n ? 0n : 1n,
    exit: effect === "leaves" || effect === "returns" ? (encoded << 160n) | l1Owner : 0n,
  };
}

/** Inputs of the gadget for one operation. @param tree before it; stays as it is */
export function gadgetCase(tree: PlainTree, words: readonly [bigint, bigint], effect: Effect, crownDepth: number) {
  const after = tree.clone();
  const step = carryOut(after, words, effect, crownDepth);
  const inputs: Inputs = { ...step.signals, crown: tree.crown(crownDepth) };
  return { inputs, executed: step.executed, exit: step.exit, nextCrown: after.crown(crownDepth), after };
}
