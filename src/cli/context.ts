/** What every command gets besides its options. */
export interface CommandContext {
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
}
