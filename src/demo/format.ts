import type { Draft } from "../block/draft.ts";
import { formatEther } from "ethers";

/** Wei that are shown: a millionth of a token. */
const SHOWN = 10n ** 12n;

/** Wei as a readable number of tokens, to the nearest millionth. */
export function tokens(wei: bigint): string {
  return `${formatEther(((wei + SHOWN / 2n) / SHOWN) * SHOWN).replace(/\.0$/, "")} B52`;
}

/** "1 block", "2 blocks". */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** A score, and what of it the size of the block is, where that is more than 1. */
export function scoreText(score: bigint, sizeFactor: bigint): string {
  return `score ${score.toLocaleString("en")}${sizeFactor > 1n ? ` (x ${sizeFactor} for its size)` : ""}`;
}

/** Rounded to a tenth of a percent. */
export function percent(part: bigint, whole: bigint): string {
  return `${Number((2_000n * part + whole) / (2n * whole)) / 10} %`;
}

/** Seconds in days, or in minutes if they are no whole days. */
export function duration(seconds: bigint): string {
  const [value, unit] = seconds % 86_400n === 0n ? [seconds / 86_400n, "day"] : [(seconds + 59n) / 60n, "minute"];
  return count(Number(value), unit);
}

/** What a reveal puts on L1. */
export function publicData({ executed, blobs }: Pick<Draft, "executed" | "blobs">): string {
  const parts = [
    ...(blobs.length > 0 || executed.l1OpCount === 0 ? [count(blobs.length, "blob")] : []),
    ...(executed.l1OpCount > 0 ? [count(executed.l1OpCount, "operation")] : []),
  ];
  return `${parts.join(" and ")} on L1`;
}
