import { distinctProvers } from "../../protocol/holdings.ts";
import { cubeSquare } from "../../protocol/policies/scorePolicy.ts";
import type { Block } from "../exact/block.ts";
import { unitsOf } from "../fast/rules.ts";
import type { Offer, Play } from "./play.ts";

/**
 * What an honest proposer does who sees commits that promise more than its own block. It stays, because a promise may
 * be empty; it leaves, because its gas would be lost; or it bids up to what its block is worth to it, and stays.
 */
export type Rivals = "stay" | "leave" | "raise";

export const RIVALS: readonly Rivals[] = ["stay", "leave", "raise"];

/** Tokens that honest proposers bid, and the most that they raise that to. */
export const PRICE = 40;
export const MOST = 60;
/** So much more than what has to be beaten. */
const STEP = 1.01;

/** What a commit promises, as all can see it: its bid, and whom it names where that counts. */
function promiseOf(play: Play, transcript: readonly number[], burnBid: bigint): bigint {
  const { policy } = play.game.rules;
  const names = policy.usesBetas ? 1 : distinctProvers(transcript).length;
  return cubeSquare(names, burnBid);
}

/** The bid with which an honest proposer comes, tokens; undefined if it does not. */
export function answer(rivals: Rivals, play: Play, seen: readonly Block[], offer: Offer): number | undefined {
  const best = seen.reduce((most, { transcript, burnBid }) => {
    const promise = promiseOf(play, transcript, burnBid);
    return promise > most ? promise : most;
  }, 0n);
  const promised = (bid: number): bigint => promiseOf(play, play.transcriptOf(offer), unitsOf(bid));
  if (rivals === "stay" || promised(offer.bid) >= best) return offer.bid;
  if (rivals === "leave") return undefined;
  const raised = offer.bid * STEP * Math.sqrt(Number(best) / Number(promised(offer.bid)));
  return raised <= MOST ? raised : offer.bid;
}
