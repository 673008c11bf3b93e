import {
  blockWithdrawalsRoot,
  exitPath,
  exitPosition,
  exitsPerBase,
  packExit,
  placeExits,
} from "../../src/protocol/index.ts";
import { SIZES, sizesOf } from "./blocks.ts";
import type { Case } from "./case.ts";
import { OWNER } from "./operations.ts";

export const EXITS = [
  { l1Owner: OWNER, amount: 10n ** 18n },
  { l1Owner: 2n ** 160n - 1n, amount: (2n ** 27n - 1n) * 10n ** 31n },
  { l1Owner: 1n, amount: 0n },
];

/** Every exit of some blocks, with what shows it. */
export function exits(): Case[] {
  return SIZES.flatMap((profile) => {
    const width = exitsPerBase(profile);
    const leaves = Array.from({ length: profile.arity ** profile.levels }, () => new Array<bigint>(width).fill(0n));
    EXITS.forEach((exit, i) => (leaves[(i + 1) % leaves.length]![(i * (width - 1)) % width] = packExit(exit)));
    const placed = placeExits(leaves);
    return placed.map(({ l1Owner, amount, position, packed }) => {
      const path = exitPath(profile, placed, position);
      return {
        ...sizesOf(profile),
        exitsPerBase: width,
        l1Owner,
        amount,
        packed,
        base: position >> 16,
        leaf: position & 0xffff,
        position: exitPosition({ base: position >> 16, leaf: position & 0xffff }),
        leaves: path.leaves,
        children: path.children,
        withdrawalsRoot: blockWithdrawalsRoot(profile, placed),
      };
    });
  });
}
