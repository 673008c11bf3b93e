import { toHex32 } from "../protocol/hex.ts";
import { B52Error } from "../protocol/errors.ts";

/** A block's data on L1 do not lead to the state root that was proven. Either the data or this program is damaged. */
export class UnusableBlockError extends B52Error {
  readonly height: number;

  constructor(height: number, proposalId: bigint, cause: B52Error) {
    super(
      `height ${height} (proposal ${toHex32(proposalId)}) cannot be replayed from L1: ${cause.name}: ${cause.message}`,
      { height, proposalId },
      { cause },
    );
    this.height = height;
  }
}

/** A node that does not give all data of a block. */
export class MissingDataError extends B52Error {
  constructor(what: string, proposalId: bigint) {
    super(
      `the node's logs have no ${what} of proposal ${toHex32(proposalId)}, expected all that was revealed: it is ` +
        "behind, or drops old logs (ask it again, or another one: option rpc)",
      { what, proposalId },
    );
  }
}

/** A node that does not tell of every decided height. */
export class MissingHeightError extends B52Error {
  constructor(height: number, expected: number) {
    super(
      `the next decided height in the node's logs is ${height}, expected ${expected}: it drops old logs, or the ` +
        "deployment is newer",
      {
        height,
        expected,
      },
    );
  }
}

/**
 * A node does not have a block that was there before, and no other block in its place: so nothing says that L1 dropped
 * it.
 */
export class NodeBehindError extends B52Error {
  constructor(block: number, latest: number, location: string) {
    super(
      `the node does not have block ${block} of L1, which was there before, and its latest is ${latest}: it is ` +
        "behind, ask it again or another one " +
        `(a development chain that was taken back: let it grow that far, or remove ${location})`,
      { block, latest, location },
    );
  }
}

/**
 * L1 has dropped a height that cannot be taken back, as it came with a snapshot or what it overwrote is forgotten, and
 * has not decided the same again.
 */
export class TooDeepReorganisationError extends B52Error {
  constructor(height: number, location: string, isOfSnapshot: boolean) {
    super(
      `L1 does not have height ${height} any more, and what was before it is ` +
        `${isOfSnapshot ? "not here, as it came with a snapshot" : "forgotten"}: wait until L1 has it again, or ` +
        `remove ${location} and start anew${isOfSnapshot ? ", with an older snapshot or all blobs" : ""}`,
      { height, location, isOfSnapshot },
    );
  }
}
