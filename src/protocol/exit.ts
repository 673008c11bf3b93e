import { MalformedError, OutOfRangeError } from "./errors.ts";
import { assertUint, TAG } from "./field.ts";
import { AMOUNT_MANTISSA_BITS, decodeFloat, encodeFloat } from "./float.ts";
import type { Forest } from "./nodes.ts";
import { hashMany } from "./poseidon.ts";
import { baseCount, exitsPerBase, type Profile } from "./profile.ts";

/** What an L1 address gets out of the L2. */
export interface Exit {
  /** An address as a number. */
  readonly l1Owner: bigint;
  /** Wei. */
  readonly amount: bigint;
}

/** An exit in the block that it belongs to. */
export interface PlacedExit extends Exit {
  /** {@link exitPosition} */
  readonly position: number;
  /** The leaf. It tells the encodings of one amount apart, which `amount` does not. */
  readonly packed: bigint;
}

/** Where an exit lies. */
export interface ExitPlace {
  /** Index of the base node. */
  readonly base: number;
  /** The place in the node that caused it. */
  readonly leaf: number;
}

/** What shows that a leaf belongs to a block's withdrawalsRoot. */
export interface ExitPath {
  /** All leaves of the base node. */
  readonly leaves: readonly bigint[];
  /** Roots of the base node and its siblings, of their parent and its siblings, and so on: lowest level first. */
  readonly children: readonly (readonly bigint[])[];
}

const OWNER_BITS = 160;
const PACKED_BITS = 192;
const LEAF_BITS = 16;

/** 192 bits: `amount (32) << 160 | l1Owner (160)`. @throws {OutOfRangeError | NotRepresentableError} */
export function packExit({ l1Owner, amount }: Exit): bigint {
  return exitLeaf(encodeFloat(amount, AMOUNT_MANTISSA_BITS), l1Owner);
}

/** The leaf for an amount that is encoded already. */
export function exitLeaf(encodedAmount: bigint, l1Owner: bigint): bigint {
  return (
    (assertUint(encodedAmount, 32, "encoded amount") << BigInt(OWNER_BITS)) | assertUint(l1Owner, OWNER_BITS, "l1Owner")
  );
}

/** The inverse of {@link packExit}; 0 gives undefined: no exit. */
export function unpackExit(packed: bigint): Exit | undefined {
  assertUint(packed, PACKED_BITS, "packed exit");
  if (packed === 0n) return undefined;
  return {
    l1Owner: BigInt.asUintN(OWNER_BITS, packed),
    amount: decodeFloat(packed >> BigInt(OWNER_BITS), AMOUNT_MANTISSA_BITS),
  };
}

/** One number for each exit of a block: `base << 16 | leaf`. */
export function exitPosition({ base, leaf }: ExitPlace): number {
  return Number((assertUint(base, 32, "base") << BigInt(LEAF_BITS)) | assertUint(leaf, LEAF_BITS, "leaf"));
}

/** The inverse of {@link exitPosition}. */
export function exitPlace(position: number): ExitPlace {
  assertUint(position, 32 + LEAF_BITS, "position");
  return { base: Math.floor(position / 2 ** LEAF_BITS), leaf: position % 2 ** LEAF_BITS };
}

/** The exits among the leaves of all base nodes, by position. */
export function placeExits(bases: readonly (readonly bigint[])[]): PlacedExit[] {
  return bases.flatMap((leaves, base) =>
    leaves.flatMap((packed, leaf) => {
      const exit = unpackExit(packed);
      return exit === undefined ? [] : [{ ...exit, position: exitPosition({ base, leaf }), packed }];
    }),
  );
}

/** What a base node shows of its exits. @param leaves one for each place, unused ones 0 */
export function withdrawalsRootOf(leaves: readonly bigint[]): bigint {
  return hashMany(TAG.withdrawals, leaves);
}

type Sizes = Forest & Pick<Profile, "transfersPerBase" | "operationsPerBase">;

/**
 * What a block shows of its exits on L1, from all of them.
 * @throws {OutOfRangeError} if one lies where no block has any
 */
export function blockWithdrawalsRoot(
  profile: Sizes,
  exits: readonly Pick<PlacedExit, "position" | "packed">[],
): bigint {
  return layersOf(profile, leavesOf(profile, exits)).at(-1)![0]!;
}

/**
 * What a prover shows ExitClaim about the exit at `position`.
 * @param exits all of the block
 * @throws {MalformedError} if none of them lies there @throws {OutOfRangeError} if one lies where no block has any
 */
export function exitPath(
  profile: Sizes,
  exits: readonly Pick<PlacedExit, "position" | "packed">[],
  position: number,
): ExitPath {
  if (!exits.some((exit) => exit.position === position))
    throw new MalformedError("position", position, "one of an exit");
  const leaves = leavesOf(profile, exits);
  const { base } = exitPlace(position);
  const children = layersOf(profile, leaves)
    .slice(0, -1)
    .map((layer, height) => {
      const index = Math.floor(base / profile.arity ** height);
      const first = index - (index % profile.arity);
      return layer.slice(first, first + profile.arity);
    });
  return { leaves: leaves[base]!, children };
}

/** The leaves of all base nodes. */
function leavesOf(profile: Sizes, exits: readonly Pick<PlacedExit, "position" | "packed">[]): bigint[][] {
  const bases = baseCount(profile);
  const width = exitsPerBase(profile);
  const leaves = Array.from({ length: bases }, () => new Array<bigint>(width).fill(0n));
  for (const { position, packed } of exits) {
    const { base, leaf } = exitPlace(position);
    if (base >= bases) throw new OutOfRangeError("base of an exit", base, `0 to ${bases - 1}`);
    if (leaf >= width) throw new OutOfRangeError("leaf of an exit", leaf, `0 to ${width - 1}`);
    leaves[base]![leaf] = assertUint(packed, PACKED_BITS, "packed exit");
  }
  return leaves;
}

/** Withdrawals roots of all nodes, base nodes first, the root last. */
function layersOf({ arity }: Forest, leaves: readonly (readonly bigint[])[]): bigint[][] {
  const layers = [leaves.map(withdrawalsRootOf)];
  while (layers.at(-1)!.length > 1) {
    const below = layers.at(-1)!;
    layers.push(
      Array.from({ length: below.length / arity }, (_, i) =>
        hashMany(TAG.withdrawals, below.slice(i * arity, (i + 1) * arity)),
      ),
    );
  }
  return layers;
}
