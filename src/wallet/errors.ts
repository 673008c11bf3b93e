import { toHex32 } from "../protocol/hex.ts";
import { B52Error } from "../protocol/errors.ts";
import { formatDuration, formatMoment } from "./time.ts";

/** A keystore must never be written over: it may be the only copy of a key. */
export class KeystoreExistsError extends B52Error {
  constructor(path: string) {
    super(`${path} exists already, expected a new file: a wallet is never written over`, { path });
  }
}

/** A keystore that is missing or damaged. */
export class KeystoreFileError extends B52Error {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} is not a usable wallet: ${reason}`, { path, reason }, options);
  }
}

export class WrongPasswordError extends B52Error {
  constructor(path: string) {
    super(`the password does not open ${path}`, { path });
  }
}

/** An amount that the L2 has no number for. Nothing is ever rounded for the user. */
export class UnrepresentableAmountError extends B52Error {
  constructor(name: string, amount: string, below: string, above: string | undefined) {
    const fault =
      above === undefined
        ? `is more than an account can hold, expected at most ${below}`
        : `has more digits than the L2 keeps, expected ${below} or ${above}, the nearest`;
    super(`${name} ${amount} ${fault}`, { name, amount, below, above });
  }
}

/** An amount of nothing, where that has no use. */
export class NoAmountError extends B52Error {
  constructor(amount: string, smallest: string) {
    super(`amount is ${amount}, expected at least ${smallest}`, { amount, smallest });
  }
}

/** A forced operation that would change nothing when its turn comes. */
export class VoidOperationError extends B52Error {
  constructor(reason: Error, fee: string) {
    super(
      `${reason.message}: the operation would have no effect, and its fee of ${fee} be lost (--anyway posts it ` +
        "all the same)",
      { fee },
      { cause: reason },
    );
  }
}

/** The wallet has no account on the L2. */
export class NoAccountError extends B52Error {
  constructor(key: bigint) {
    super(
      `no account of the L2 has this wallet's key ${toHex32(key)}, expected one: make a deposit, and wait for the ` +
        "block with it",
      { key },
    );
  }
}

/** The account is somebody else's. */
export class NotOwnAccountError extends B52Error {
  constructor(index: number, what: "key" | "L1 owner", value: string, expected: string, hint = "") {
    super(`${what} of account ${index} is ${value}, expected this wallet's ${expected}${hint}`, {
      index,
      what,
      value,
      expected,
    });
  }
}

/** The wallet has the key of an account, and somebody else owns it on L1. */
export class ForeignOwnerError extends NotOwnAccountError {
  constructor(index: number, owner: string, expected: string) {
    super(
      index,
      "L1 owner",
      owner,
      expected,
      `: what is in it can be taken out from there (--account ${index} uses it all the same)`,
    );
  }
}

/** A transfer that is to replace a published one pays too little for proposers to prefer it. */
export class ReplacementFeeError extends B52Error {
  constructor(nonce: bigint, fee: string, replaced: string, needed: string) {
    super(
      `fee of the transfer is ${fee}, expected at least ${needed}: it replaces the one with nonce ${nonce}, ` +
        `whose fee is ${replaced}`,
      {
        nonce,
        fee,
        replaced,
        needed,
      },
    );
  }
}

/** The L1 address has too little for what is asked. */
export class InsufficientFundsError extends B52Error {
  constructor(what: string, balance: string, needed: string) {
    super(`the wallet has ${balance} on L1, expected at least ${needed} for ${what}`, { what, balance, needed });
  }
}

/** All accounts of the tree are taken. */
export class NoFreeAccountError extends B52Error {
  constructor(accounts: number) {
    super(`all ${accounts - 1} accounts of the L2 are taken, expected a free one`, { accounts });
  }
}

/** L1's withdrawals root of a block is not the one that follows from the block's data on L1. */
export class WrongExitsError extends B52Error {
  constructor(height: number, root: bigint, expected: bigint) {
    super(`the exits of height ${height} have the root ${toHex32(root)}, expected ${toHex32(expected)}`, {
      height,
      root,
      expected,
    });
  }
}

/** What waits at a follower is not to be had. */
export class ReadApiError extends B52Error {
  constructor(name: string, cause: Error) {
    const reason = cause.message.split("\n", 1)[0]!;
    super(`${name} does not tell which transfers wait: ${reason}, expected a follower's read API`, { name }, { cause });
  }
}

/** The chain has been frozen. */
export class ChainEndedError extends B52Error {
  constructor() {
    super("the chain has ended, expected one that still makes blocks: b52 escape takes out what the wallet has in it");
  }
}

/** The chain lives: nobody may end it yet. */
export class ChainAliveError extends B52Error {
  /**
   * @param lastAdvance L1 time of the last final block, or of the rollup's start
   * @param height of the last final block, 0 if there is none
   * @param advanced whether that was made final just now: nobody had done it
   */
  constructor(lastAdvance: bigint, from: bigint, now: bigint, height: number, advanced: boolean) {
    const block = advanced ? `height ${height}, which was proven and waited for that,` : `height ${height}`;
    const last = height === 0 ? "the rollup, which has no block yet, was started" : `${block} became final`;
    const claims = advanced ? "; exits of that block can be claimed now (b52 wallet claim)" : "";
    super(
      `${last} on ${formatMoment(lastAdvance)}, expected no block until ${formatMoment(from)}: ` +
        `the chain can be ended in ${formatDuration(from - now)}${claims}`,
      {
        lastAdvance,
        from,
        now,
        height,
        advanced,
      },
    );
  }
}
