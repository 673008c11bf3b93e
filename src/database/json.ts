/** JSON, with bigints as digits and an n. No other string of what is encoded may look like that. */
export const encode = (value: object): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each));

export const decode = (encoded: string): unknown =>
  JSON.parse(encoded, (_, each: unknown) =>
    typeof each === "string" && /^-?\d+n$/.test(each) ? BigInt(each.slice(0, -1)) : each,
  );
