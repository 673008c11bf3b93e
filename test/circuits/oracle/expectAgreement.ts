import { expect } from "chai";
import { accountBus } from "../../../src/proving/inputs.ts";
import type { Inputs, TestCircuit } from "../support/testCircuit.ts";
import { CROWN, DEPTH } from "./arbitraries.ts";
import { type Accounts, field, layers, path } from "./encodings.ts";

/** The nodes of the crown's lowest level. */
export const crownOf = (accounts: Accounts): bigint[] => layers(accounts)[DEPTH - CROWN]!;

/**
 * The accounts' signals as a prover sees them.
 * @param between the accounts after the sender's update, true or claimed
 */
export function accountInputs(accounts: Accounts, between: Accounts, from: number, to: number): Inputs {
  const [first, second] = [from % accounts.length, to % accounts.length];
  const { balance, ...receiver } = between[second]!;
  return {
    crown: crownOf(accounts),
    sender: accountBus(accounts[first]!),
    senderChildren: path(accounts, first, DEPTH - CROWN),
    receiver: accountBus({ ...receiver, balance: field(balance) }),
    receiverChildren: path(between, second, DEPTH - CROWN),
  };
}

/** Outputs by name, those of an array as its elements. */
export type Outputs = Readonly<Record<string, bigint | readonly bigint[]>>;

/** The circuit's outputs for these inputs, undefined if there is no witness. */
export async function outputsOf(circuit: TestCircuit, inputs: Inputs, like: Outputs): Promise<Outputs | undefined> {
  let witness: bigint[];
  try {
    witness = await circuit.witness(inputs);
  } catch (error) {
    expect(String(error)).to.match(/Assert Failed/);
    return undefined;
  }
  expect(circuit.broken(witness)).to.equal(0);
  return Object.fromEntries(
    Object.entries(like).map(([name, value]) => [
      name,
      typeof value === "bigint"
        ? circuit.read(witness, name)
        : value.map((_, i) => circuit.read(witness, `${name}[${i}]`)),
    ]),
  );
}
