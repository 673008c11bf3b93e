import { B52Error } from "../../protocol/errors.ts";

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

/** A worker's proof that is none. */
export class WrongProofError extends B52Error {
  constructor(circuit: string, node: string, tries: number) {
    super(`workers have given ${tries} ${circuit} proofs of ${node} that do not verify, expected a valid one`, {
      circuit,
      node,
      tries,
    });
  }
}
