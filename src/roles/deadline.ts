import { type From, wanted } from "../chain/index.ts";
import type { L1View } from "./l1View.ts";

/**
 * The same sender, for what nobody wants any more once a part of the round is over: then its nonce is free for what
 * comes next.
 * @param ends of the parts within which L1 takes it, Unix seconds; the first that is to come counts
 */
export function before(from: From, { now }: Pick<L1View, "now">, ...ends: readonly bigint[]): From {
  const deadline = ends.find((end) => end > now);
  return deadline === undefined ? from : wanted(from, { deadline });
}
