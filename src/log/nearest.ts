import { closest, distance } from "fastest-levenshtein";

/** The nearest of the names, if it is near enough to be what was meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const found = closest(
    name.toLowerCase(),
    known.map((each) => each.toLowerCase()),
  );
  const original = known.find((each) => each.toLowerCase() === found);
  return distance(name.toLowerCase(), found) <= Math.max(2, name.length / 2) ? original : undefined;
}
