import { concat, keccak256 } from "ethers";
import { OutOfRangeError } from "./errors.ts";
import { toHex32 } from "./hex.ts";

/** Contents that are hashed together: the first group is of slots 1 to 32. */
const CONTENTS_PER_GROUP = 32;
/** Groups whose hashes are hashed together. */
const GROUPS_PER_SECTION = 8;

/** Some contents of a forest as L1 takes them; the fields of the Solidity struct of that name. */
export interface ContentGroups {
  /** Of each section, keccak256 of the hashes of its groups. */
  readonly sections: readonly string[];
  /** Bit s: whether section s is opened. */
  readonly openedSections: bigint;
  /** Of each group of the opened sections, keccak256 of its contents, section by section. */
  readonly groups: readonly string[];
  /** Bit i: whether the group of `groups[i]` is opened. */
  readonly openedGroups: bigint;
  /** All contents of each opened group, group by group. */
  readonly contents: readonly bigint[];
}

/** What L1 keeps of the contents of a candidate: keccak256 of the sections' hashes. @param contents of slots 1.. */
export function hashContents(contents: readonly bigint[]): string {
  return keccak256(concat(sectionsOf(contents).map(hashSection)));
}

/**
 * The contents of some slots, with what shows that they are among `contents`.
 * @param contents of slots 1..
 * @throws {OutOfRangeError} for a slot without a content
 */
export function openContents(contents: readonly bigint[], slots: Iterable<number>): ContentGroups {
  const sections = sectionsOf(contents);
  const wanted = new Set<Group>();
  for (const slot of slots) {
    if (!(slot >= 1 && slot <= contents.length)) {
      throw new OutOfRangeError("slot to open", slot, `1 to ${contents.length}`);
    }
    const group = Math.floor((slot - 1) / CONTENTS_PER_GROUP);
    wanted.add(sections[Math.floor(group / GROUPS_PER_SECTION)]![group % GROUPS_PER_SECTION]!);
  }
  const isOpened = sections.map((section) => section.some((group) => wanted.has(group)));
  const groups = sections.filter((_, section) => isOpened[section]).flat();
  return {
    sections: sections.map(hashSection),
    openedSections: bitmap(isOpened),
    groups: groups.map(hashGroup),
    openedGroups: bitmap(groups.map((group) => wanted.has(group))),
    contents: groups.filter((group) => wanted.has(group)).flat(),
  };
}

type Group = readonly bigint[];

const sectionsOf = (contents: readonly bigint[]): Group[][] =>
  pieces(pieces(contents, CONTENTS_PER_GROUP), GROUPS_PER_SECTION);

function pieces<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(size * i, size * (i + 1)));
}

/** Bit i: whether `bits[i]` is. */
const bitmap = (bits: readonly boolean[]): bigint =>
  bits.reduce((sum, isSet, i) => (isSet ? sum | (1n << BigInt(i)) : sum), 0n);

const hashGroup = (contents: Group): string => keccak256(concat(contents.map(toHex32)));
const hashSection = (groups: readonly Group[]): string => keccak256(concat(groups.map(hashGroup)));
