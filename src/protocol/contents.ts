import { concat, keccak256 } from "ethers";
import { OutOfRangeError } from "./errors.ts";
import { toHex32 } from "./hex.ts";

/** Contents that are hashed together: the first group is of slots 1 to 64. */
export const CONTENTS_PER_GROUP = 64;

/** Some contents of a forest as L1 takes them; the fields of the Solidity struct of that name. */
export interface ContentGroups {
  /** Of each group, keccak256 of its contents. */
  readonly hashes: readonly string[];
  /** Bit g: whether group g is opened. */
  readonly opened: bigint;
  /** All contents of each opened group, group by group. */
  readonly contents: readonly bigint[];
}

/** What L1 keeps of the contents of a candidate: keccak256 of the groups' hashes. @param contents of slots 1.. */
export function hashContents(contents: readonly bigint[]): string {
  return keccak256(concat(groupsOf(contents).map(hashGroup)));
}

/**
 * The contents of some slots, with what shows that they are among `contents`.
 * @param contents of slots 1..
 * @throws {OutOfRangeError} for a slot without a content
 */
export function openContents(contents: readonly bigint[], slots: Iterable<number>): ContentGroups {
  const groups = groupsOf(contents);
  const wanted = new Set<number>();
  for (const slot of slots) {
    if (!(slot >= 1 && slot <= contents.length)) {
      throw new OutOfRangeError("slot to open", slot, `1 to ${contents.length}`);
    }
    wanted.add(Math.floor((slot - 1) / CONTENTS_PER_GROUP));
  }
  return {
    hashes: groups.map(hashGroup),
    opened: [...wanted].reduce((opened, group) => opened | (1n << BigInt(group)), 0n),
    contents: groups.filter((_, group) => wanted.has(group)).flat(),
  };
}

function groupsOf(contents: readonly bigint[]): (readonly bigint[])[] {
  const count = Math.ceil(contents.length / CONTENTS_PER_GROUP);
  return Array.from({ length: count }, (_, group) =>
    contents.slice(CONTENTS_PER_GROUP * group, CONTENTS_PER_GROUP * (group + 1)),
  );
}

const hashGroup = (contents: readonly bigint[]): string => keccak256(concat(contents.map(toHex32)));
