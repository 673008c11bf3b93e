/** What every command gets besides its options. */
export interface CommandContext {
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  /** Says what is said when the user asks to stop, in place of a line on standard error. */
  readonly announceStop?: (announce: () => void) => void;
}
