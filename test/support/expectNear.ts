import { expect } from "chai";

/** Two numbers that are not whole: Hardhat's `closeTo` refuses them. */
export function expectNear(actual: number, expected: number, tolerance: number, message = "number"): void {
  expect(Math.abs(actual - expected), `${message} is ${actual}, expected ${expected}`).to.be.at.most(tolerance);
}
