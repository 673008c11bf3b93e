/** One part of the set-up that can be skipped when its inputs have not changed. */
export interface SetupStep {
  readonly title: string;
  /** Whether there is nothing to do. Cheap: loads no compiler. */
  isDone(): Promise<boolean>;
  run(options: SetupStepOptions): Promise<void>;
}

export interface SetupStepOptions {
  readonly signal?: AbortSignal | undefined;
  /** One short line about how far the step is. */
  readonly report: (line: string) => void;
}
