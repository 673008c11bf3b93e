/**
 * What a node does with a message. ACCEPT: takes it and tells its peers. IGNORE: drops it; the sender may be honest,
 * and only late, early, repeating itself, or too much for us. REJECT: drops it; its sender has forged it, or not looked
 * at what it passes on.
 */
export type Verdict = Accepted | Refused;

export interface Accepted {
  readonly verdict: "ACCEPT";
}

export interface Refused {
  readonly verdict: "IGNORE" | "REJECT";
  /** A few plain words: the same ones for the same fault. */
  readonly reason: string;
  /** Whether it may be welcome in a moment, when this node has heard or read what the sender knows. */
  readonly isEarly?: true;
}

export const ACCEPT: Accepted = { verdict: "ACCEPT" };

export const ignore = (reason: string): Refused => ({ verdict: "IGNORE", reason });

/** For what this node may only not know yet. */
export const postpone = (reason: string): Refused => ({ verdict: "IGNORE", reason, isEarly: true });

export const reject = (reason: string): Refused => ({ verdict: "REJECT", reason });
