import { decodeRevert } from "./revert.ts";

/** Runs a read-only call. @throws ContractError when a contract refuses it */
export async function ask<T>(call: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (failure) {
    throw decodeRevert(call, failure) ?? failure;
  }
}
