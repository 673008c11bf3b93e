import { actionKey, type Wait } from "../roles/index.ts";

interface Refusing {
  readonly refused: ReadonlySet<string>;
}

/**
 * Plays like `next`, but never does what `isLeftOut` names: it goes on with what comes after. For provers that
 * withhold, proposers that do not reveal, and whoever else a story needs.
 */
export function without<V extends Refusing, O, P, A extends { readonly kind: string }>(
  next: (view: V, own: O, policy: P) => A | Wait,
  isLeftOut: (action: A, view: V) => boolean,
): (view: V, own: O, policy: P) => A | Wait {
  return (view, own, policy) => {
    const refused = new Set(view.refused);
    for (;;) {
      const action = next({ ...view, refused }, own, policy);
      if (action.kind === "wait" || !isLeftOut(action as A, view)) return action;
      refused.add(actionKey(action));
    }
  };
}
