import { ContractError } from "../../src/chain/errors.ts";

/** Lets pass that L1 refused something for one of these reasons. */
export const unless =
  (...errors: readonly string[]) =>
  (failure: unknown): void => {
    if (!(failure instanceof ContractError) || !errors.includes(failure.error)) throw failure;
  };
