/** Something that values can be read from. */
export interface Reader {
  get(key: string): string | undefined;
}

/** What is written at once. */
export type Changes = ReadonlyMap<string, string | undefined>;
