import { toHex32 } from "../protocol/hex.ts";
import { B52Error } from "../protocol/errors.ts";

/** The key that a prover runs with is not in the registry. */
export class NotRegisteredError extends B52Error {
  constructor(address: string, key: bigint) {
    super(
      `the prover key ${toHex32(key)} of ${address} is not registered, expected a registered one with a stake: ` +
        "b52 stake register",
      { address, key },
    );
  }
}

/** A proposer has nothing deposited, so that it cannot bid. */
export class NoSeatError extends B52Error {
  constructor(address: string) {
    super(`${address} has no seat, expected a deposit that covers its bids: b52 seat take`, { address });
  }
}

/** A role that signs has no key. */
export class NoKeyError extends B52Error {
  constructor(role: string) {
    super(`the ${role} has no key, expected a keystore: b52 key new makes one`, { role });
  }
}

/** This machine's circuits are not those that the rollup verifies. */
export class OtherKeysError extends B52Error {
  constructor(found: string, expected: string) {
    super(
      `the verifying keys of this machine have the hash ${found}, expected ${expected} as the rollup has it: ` +
        "use the version of the program that the rollup was deployed with",
      { found, expected },
    );
  }
}

/** A prover hands its proofs over, and nobody may open them. */
export class NoWorkersError extends B52Error {
  constructor() {
    super(
      "the setting queue is given and queueWorkers is empty, expected the keys of the workers that make the proofs: " +
        "b52 prove-worker key shows them",
    );
  }
}
