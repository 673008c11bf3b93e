/** What every command gets besides its options. */
export interface CommandContext {
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  /** Says what is said when the user asks to stop, in place of a line on standard error. */
  readonly announceStop?: (announce: () => void) => void;
  /** Gives the command so many milliseconds to stop in order, in place of five seconds. */
  readonly allowStop?: (ms: number) => void;
}
