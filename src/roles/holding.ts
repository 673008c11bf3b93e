import { actionKey, type Wait } from "./action.ts";

/** What a role decides by, as far as it is put off. */
interface Deciding {
  readonly refused: ReadonlySet<string>;
}

/**
 * A role's `next` that leaves out actions of these kinds while they are held: whoever is cut off, or has no room to
 * write, promises nothing new, and goes on with what it has promised.
 */
export function holding<V extends Deciding, O, P, A extends { readonly kind: string }>(
  next: (view: V, own: O, policy: P) => A | Wait,
  kinds: readonly A["kind"][],
  isHeld: () => boolean,
): (view: V, own: O, policy: P) => A | Wait {
  return (view, own, policy) => {
    const refused = new Set(view.refused);
    for (;;) {
      const action = next({ ...view, refused }, own, policy);
      // A decision that comes back in spite of being refused cannot be left out.
      const key = actionKey(action);
      if (action.kind === "wait" || !kinds.includes(action.kind) || !isHeld()) return action;
      if (refused.has(key)) return { kind: "wait", until: undefined };
      refused.add(key);
    }
  };
}
