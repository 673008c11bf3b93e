import fc from "fast-check";
import { SUBGROUP_ORDER } from "../../../src/protocol/field.ts";
import { type Accounts, BALANCE_LIMIT, EMPTY, wei } from "./encodings.ts";
import { LOW_ORDER } from "../support/points.ts";
import { plus, pointOf } from "./signatures.ts";

/** Levels of the account tree, and those of its crown. */
export const DEPTH = 2;
export const CROWN = 1;
const PLACES = 4 ** DEPTH;

/**
 * Secrets and points of the accounts that are in use, by index from 1 on. The last point has a part of order 8, as no
 * wallet would give itself: 8 A is without it, so the secret signs for it all the same.
 */
const SECRETS = Array.from({ length: 6 }, (_, i) => SUBGROUP_ORDER / BigInt(i + 3));
const ORDER_8 = LOW_ORDER.find(({ order }) => order === 8)!.point;
export const OWNED = SECRETS.map((secret, i) => ({
  secret,
  point: i < SECRETS.length - 1 ? pointOf(secret) : plus(pointOf(secret), ORDER_8),
}));

/** Where a rule ends, more often than elsewhere. */
const balance = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, BALANCE_LIMIT - 1n, BALANCE_LIMIT - 2n) },
  { weight: 6, arbitrary: fc.bigInt(10n ** 15n, 10n ** 20n) },
);

/** Six accounts in use and ten that are not; one in six has no owner on L1. */
export const accounts: fc.Arbitrary<Accounts> = fc
  .array(
    fc.record({
      balance,
      nonce: fc.oneof(fc.bigInt(0n, 5n), fc.bigInt(0n, 2n ** 64n)),
      l1Owner: fc.oneof(
        { weight: 1, arbitrary: fc.constant(0n) },
        { weight: 5, arbitrary: fc.bigInt(1n, 2n ** 160n - 1n) },
      ),
    }),
    { minLength: OWNED.length, maxLength: OWNED.length },
  )
  .map((used) => [
    EMPTY,
    ...used.map((account, i) => ({ ...account, key: OWNED[i]!.point.y })),
    ...Array.from({ length: PLACES - 1 - used.length }, () => EMPTY),
  ]);

/** An index of an account in use. */
export const inUse = fc.integer({ min: 1, max: OWNED.length });

/** An index that is not in use, or not of this tree. */
export const elsewhere = fc.oneof(
  fc.integer({ min: OWNED.length + 1, max: PLACES - 1 }),
  fc.constantFrom(PLACES, PLACES + 1, PLACES + 7, 4 ** 8 - 1, 2 ** 15 + 1),
);

/** The index with a bit beyond the tree, whose low bits name the same leaf. */
export const aliased = (index: number): number => index + PLACES;

/** One of some faults in two cases of five, none in the others. */
export const faultOf = <T>(faults: readonly T[]): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: fc.constantFrom(...faults) });

/** A packed number of at most so many wei: the largest one that can be said, or a part of it. */
export function packedUpTo(most: bigint, mantissaBits: number, part: number): bigint {
  const target = (most * BigInt(part)) / 100n;
  let exponent = 0n;
  while (target / 10n ** exponent >= 2n ** BigInt(mantissaBits)) exponent++;
  return (target / 10n ** exponent) * 32n + exponent;
}

/** The smallest packed amount that exceeds a number of wei. */
export function packedBeyond(most: bigint): bigint {
  let packed = packedUpTo(most, 27, 100);
  while (wei(packed) <= most) packed += 32n;
  return packed;
}

/** The seed of all runs, printed in the tests' names; another one for a longer search. */
export const SEED = Number(process.env["B52_ORACLE_SEED"] ?? 52);
/** Cases a test. */
export const RUNS = Number(process.env["B52_ORACLE_RUNS"] ?? 100);
