import { B52Error } from "../protocol/errors.ts";

/** A source of blobs that cannot be used. */
export class BlobSourceError extends B52Error {
  constructor(source: string, fault: string, expected: string, options?: ErrorOptions) {
    super(`${source} ${fault}, expected ${expected}`, { source, fault, expected }, options);
  }
}

/** Nobody who was asked has a blob. */
export class BlobUnavailableError extends B52Error {
  /** Why each source does not have it. */
  readonly failures: readonly string[];

  constructor(versionedHash: string, failures: readonly string[]) {
    super(
      `blob ${versionedHash} is not to be had (${failures.join("; ")}), expected it from one of them: ` +
        "name another source (options beacon and archives; an archive may be the folder blobs in the data folder of " +
        "a program, as ~/.b52/proposer/blobs); L1 itself keeps blobs for about 18 days",
      { versionedHash, failures },
    );
    this.failures = failures;
  }
}

/** A source has given something else. */
export class WrongBlobError extends B52Error {
  /** @param found its versioned hash, or why it has none */
  constructor(source: string, versionedHash: string, found: string, options?: ErrorOptions) {
    super(
      `${source} gives another blob: ${found}, expected ${versionedHash}`,
      { source, versionedHash, found },
      options,
    );
  }
}
