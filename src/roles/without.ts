import { actionKey, type Wait } from "./action.ts";

/** What a role decides by, as far as it is put off. */
interface Deciding {
  readonly refused: ReadonlySet<string>;
}

/** How a role of one kind decides. */
type Next<V, O, P, A> = (view: V, own: O, policy: P) => A | Wait;

/**
 * Plays like `next`, but never does what `isLeftOut` names: it goes on with what comes after. For provers that
 * withhold, proposers that do not reveal, and whoever else plays differently.
 */
export function without<V extends Deciding, O, P, A extends { readonly kind: string }>(
  next: Next<V, O, P, A>,
  isLeftOut: (action: A, view: V) => boolean,
): Next<V, O, P, A> {
  return (view, own, policy) => {
    const refused = new Set(view.refused);
    for (;;) {
      const action = next({ ...view, refused }, own, policy);
      if (action.kind === "wait" || !isLeftOut(action as A, view)) return action;
      const key = actionKey(action);
      // A decision that comes back in spite of being refused cannot be left out.
      if (refused.has(key)) return { kind: "wait", until: undefined };
      refused.add(key);
    }
  };
}

/**
 * A role's `next` that leaves out actions of these kinds while they are held: whoever is cut off, has no room to write,
 * or sees an L1 of long ago, promises nothing new, and goes on with what it has promised.
 */
export const holding = <V extends Deciding, O, P, A extends { readonly kind: string }>(
  next: Next<V, O, P, A>,
  kinds: readonly A["kind"][],
  isHeld: (view: V) => boolean,
): Next<V, O, P, A> => without(next, ({ kind }, view) => kinds.includes(kind) && isHeld(view));
