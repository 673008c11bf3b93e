import { expect } from "chai";
import type { Inputs, TestCircuit } from "./testCircuit.ts";

/** Expects that inputs have no witness, and that the named template is the one that refuses them. */
export async function expectUnprovable(circuit: TestCircuit, inputs: Inputs, template: string): Promise<void> {
  let message: string | undefined;
  try {
    await circuit.witness(inputs);
  } catch (error) {
    message = String((error as Error).message);
  }
  expect(message, "these inputs have a witness").to.not.equal(undefined);
  expect(message).to.match(/Assert Failed/);
  // The innermost template comes first.
  expect(/template (\w+?)_\d+ line/.exec(message!)?.[1]).to.equal(template);
}
