import type * as actions from "../../src/chain/actions/index.ts";
import { ContractError } from "../../src/chain/errors.ts";
import type { Economics } from "../../src/deploy/economics.ts";
import { type Flags, hasFlag, packFlags } from "../../src/protocol/flags.ts";
import type { Profile } from "../../src/protocol/profile.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import type { Transcript } from "../../src/protocol/transcript.ts";
import type { Draw, MadeUpBlock } from "../../src/sim/madeUpBlock.ts";
import { Random } from "../../src/sim/random.ts";
import { FIELD } from "../../src/sim/trapdoor.ts";
import type { Block } from "../../src/simulation/exact/block.ts";

/** One block on L1 and in the simulator. */
export interface Twin {
  readonly made: MadeUpBlock;
  readonly commitment: actions.Commitment;
  readonly block: Block;
}

export interface TwinOptions {
  readonly profile: Profile;
  readonly economics: Partial<Economics>;
  readonly provers: number;
  readonly seats: number;
}

export interface Offer {
  readonly seat: number;
  readonly burnBid: bigint;
  readonly shareBps: number;
  readonly transcript: Transcript;
  readonly parent?: Twin;
  readonly txCount?: number;
}

export const drawOf = (roundSeed: bigint): Draw => ({
  roundSeed,
  betaOf: (prover) => 1n + (new Random(`beta/${roundSeed}/${prover}`).word() % (FIELD - 1n)),
});

export const onHeld = (flags: Flags, { held }: Block): Flags =>
  packFlags(held.length, {
    voted: (slot) => held[slot] !== 0 && hasFlag(flags, "voted", slot),
    delivered: (slot) => held[slot] !== 0 && hasFlag(flags, "delivered", slot),
  });

/** Whether L1 takes a move; it may refuse for one reason. */
export const accepted = (refusal: string, move: Promise<unknown>): Promise<boolean> =>
  move.then(
    () => true,
    (failure: unknown) => {
      unless(refusal)(failure);
      return false;
    },
  );

export const unless =
  (...errors: readonly string[]) =>
  (failure: unknown): undefined => {
    if (!(failure instanceof ContractError) || !errors.includes(failure.error)) throw failure;
  };

export const TOKEN = 10n ** 18n / BID_UNIT;
