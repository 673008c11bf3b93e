import { B52Error } from "../protocol/errors.ts";

/** A move that the rules do not take now. */
export class IllegalMoveError extends B52Error {
  constructor(move: string, found: string, expected: string) {
    super(`cannot ${move}: ${found}, expected ${expected}`, { move, found, expected });
  }
}

/** A configuration that says nothing that can be simulated. */
export class SimulationConfigError extends B52Error {
  constructor(name: string, value: unknown, expected: string) {
    super(`${name} is ${shown(value)}, expected ${expected}`, { name, value, expected });
  }
}

/** A number between quotes in a file looks like one that is allowed. */
const shown = (value: unknown): string =>
  typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))
    ? `the text "${value}"`
    : String(value);

/** No case of a configuration can be simulated. */
export class ContradictionError extends B52Error {
  /** @param reasons which values cannot be together; without one, a sweep leaves them all out */
  constructor(reasons: readonly string[]) {
    const why = reasons[0] ?? "the sweep has none with these values; b52 simulate run takes them";
    const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more like this)` : "";
    super(`there is no case to simulate: ${why}${more}`, { reasons });
  }
}
