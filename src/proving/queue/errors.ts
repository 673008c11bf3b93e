import { B52Error } from "../../protocol/errors.ts";
import { ProvingError } from "../errors.ts";

/** A job that is not for this worker, not from a prover that it knows, or not as it was sealed. */
export class SealedJobError extends B52Error {
  constructor(id: string, reason: string) {
    super(`job ${id} cannot be opened: ${reason}`, { id, reason });
  }
}

/** A file that should hold a key of the queue and does not. It is not shown. */
export class TransportKeyError extends B52Error {
  constructor(path: string, found: string) {
    super(`${path} holds no key of the queue: it is ${found}, expected 64 hexadecimal digits`, { path });
  }
}

/** Redis does not answer. */
export class QueueUnavailableError extends B52Error {
  constructor(place: string, reason: string) {
    super(`Redis at ${place} does not answer: ${reason}, expected a server that this machine can reach`, {
      place,
      reason,
    });
  }
}

/** Workers give proofs that are none. */
export class WrongProofError extends ProvingError {
  constructor(circuit: string, node: string, tries: number) {
    super(circuit, node, `workers have given ${tries} that do not verify, expected a valid one`);
  }
}
