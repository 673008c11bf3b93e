import { B52Error } from "../protocol/errors.ts";

/** A circuit or key file that is cut off, damaged or of another kind. */
export class FileMalformedError extends B52Error {
  constructor(file: string, type: string, reason: string) {
    super(`${file} is not a usable ${type} file: ${reason}`, { file, type, reason });
  }
}

/** A file that cannot be read or written: missing, no permission, disk full. */
export class FileAccessError extends B52Error {
  constructor(action: "read" | "write", file: string, cause: unknown) {
    super(`cannot ${action} ${file}: ${reasonOf(cause)}`, { action, file }, { cause });
  }
}

/** A proving key whose bytes are not those that its manifest was written for. */
export class KeyTamperedError extends B52Error {
  constructor(file: string, what: string, value: unknown, expected: unknown) {
    super(`${file} does not match its manifest: ${what} is ${String(value)}, expected ${String(expected)}`, {
      file,
      what,
      value,
      expected,
    });
  }
}

/** A key whose delta is gamma or its negative: phase 2 was skipped, so anyone can forge its proofs. */
export class KeyForgeableError extends B52Error {
  constructor(key: string) {
    super(`${key} has delta equal to gamma up to sign, expected a phase 2 contribution: its proofs can be forged`, {
      key,
    });
  }
}

/** A verifying key with a point off its curve, outside the prime-order group, or at infinity. */
export class KeyPointError extends B52Error {
  constructor(key: string, point: string) {
    super(`${key} has an unusable ${point}, expected a point of the prime-order group other than infinity`, {
      key,
      point,
    });
  }
}

/** Keys of one deployment that do not come from the same powers of tau. */
export class KeysNotSharedError extends B52Error {
  constructor(first: string, second: string) {
    super(`${second} and ${first} differ in alpha, beta or gamma, expected keys from the same powers of tau`, {
      first,
      second,
    });
  }
}

/** Two circuits with one delta, up to its sign: the private points of one complete forged proofs of the other. */
export class DeltaSharedError extends B52Error {
  constructor(first: string, second: string) {
    super(`${second} and ${first} have the same delta, expected a phase 2 of its own for every circuit`, {
      first,
      second,
    });
  }
}

/** Development keys, whose secrets are public, on a network that is not a local one. */
export class DevelopmentKeysError extends B52Error {
  constructor(circuit: string, chainId: bigint, local: readonly bigint[]) {
    super(
      `the key of ${circuit} is a development key and chain ${chainId} is not local, expected chain ` +
        `${local.join(" or ")}`,
      {
        circuit,
        chainId,
      },
    );
  }
}

/** A prepared key that is cut off or changed. It can be made again from its `.zkey`. */
export class PreparedKeyError extends B52Error {
  constructor(file: string, reason: string) {
    super(`${file} is not a usable prepared key: ${reason}`, { file, reason });
  }
}

/** A machine that does not run the kernels, though they are asked for. */
export class KernelsError extends B52Error {
  constructor(reason: string) {
    super(`the prover's kernels do not run here: ${reason}`, { reason });
  }
}

/** Work that its caller cancelled. */
export class CancelledError extends B52Error {
  constructor(what: string, cause?: unknown) {
    super(`${what} was cancelled`, { what }, { cause });
  }
}

/** A key that could not be written. */
export class KeyBuildError extends B52Error {
  constructor(circuit: string, cause: unknown) {
    super(`no development key for ${circuit}: ${reasonOf(cause)}`, { circuit }, { cause });
  }
}

/** A proof that could not be made: the witness is impossible, or an artefact is unusable. */
export class ProvingError extends B52Error {
  constructor(circuit: string, node: string, cause: unknown) {
    super(`no ${proofOf(circuit, node)}: ${reasonOf(cause)}`, { circuit, node }, { cause });
  }
}

/** More proofs asked for than the pool lets wait. */
export class ProverBusyError extends B52Error {
  constructor(circuit: string, node: string, limit: number) {
    super(`no ${proofOf(circuit, node)}: the prover pool already has ${limit} proofs in hand, its limit`, {
      circuit,
      node,
      limit,
    });
  }
}

/** A proof asked from a pool that was closed. */
export class ProverClosedError extends B52Error {
  constructor(circuit: string, node: string) {
    super(`no ${proofOf(circuit, node)}: the prover pool is closed`, { circuit, node });
  }
}

/** The first line of what went wrong, without the prefixes that circom's runtime adds when it wraps an error. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text
    .trim()
    .split("\n", 1)[0]!
    .replace(/^(Error: )+/, "");
}

/** A proof as messages call it. @param node empty for one that stands alone */
export function proofOf(circuit: string, node: string): string {
  return node === "" ? `${circuit} proof` : `${circuit} proof of ${node}`;
}
