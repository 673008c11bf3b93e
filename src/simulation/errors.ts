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
    super(`${name} is ${String(value)}, expected ${expected}`, { name, value, expected });
  }
}
