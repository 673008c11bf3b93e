/** Nothing to do before a moment, or before something is heard. */
export interface Wait {
  readonly kind: "wait";
  /** L1 time, Unix seconds; undefined: until something is heard. */
  readonly until: bigint | undefined;
}

export const waitUntil = (until: bigint): Wait => ({ kind: "wait", until });

/**
 * The first of `candidates` that was not refused a moment ago; if there is none, a wait until the first moment that one
 * of them names.
 * @param candidates in the order of their urgency, waits among them
 * @param refused keys of actions that failed and are to be tried later, see {@link actionKey}
 * @param now moments that have passed are none to wait for
 */
export function firstOf<A extends { readonly kind: string }>(
  candidates: Iterable<A | Wait>,
  refused: ReadonlySet<string>,
  now: bigint,
): A | Wait {
  let until: bigint | undefined;
  for (const candidate of candidates) {
    if (candidate.kind !== "wait") {
      if (!refused.has(actionKey(candidate))) return candidate;
      continue;
    }
    const moment = (candidate as Wait).until;
    if (moment !== undefined && moment > now && (until === undefined || moment < until)) until = moment;
  }
  return { kind: "wait", until };
}

/** What an action is known by: the same action has the same key. */
export const actionKey = (action: object): string =>
  JSON.stringify(action, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
