/** An event of the rollup, the registry or the court, with its arguments by name. */
export interface L1Event {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export type EventArgs = L1Event["args"];
