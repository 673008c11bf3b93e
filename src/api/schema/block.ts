import { z } from "zod";
import {
  address,
  answer,
  bid,
  bps,
  count,
  hash,
  height,
  nativeWei,
  origin,
  page,
  pageQuery,
  proposalId,
  round,
  score,
  seconds,
  wei,
  heightParam,
} from "./values.ts";

export const paid = z.object({
  proposalId,
  proposer: address,
  place: count.describe("0: the winner."),
  burnt: bid,
  reward: nativeWei.describe("Wei of the native token for its proposer."),
  fees: wei.describe("Wei of the rollup's asset for its proposer; 0 for an uncle."),
});

export const block = z.object({
  height,
  proposalId,
  parent: proposalId.nullable(),
  round,
  proposer: address,
  burnBid: bid,
  proverShareBps: bps,
  committedAt: seconds,
  score,
  provers: count.describe("Distinct provers that promised a node and proved it."),
  stateRoot: hash,
  operations: count,
  transfers: count,
  blobs: z.array(hash).describe("Versioned hashes."),
  isReadable: z.boolean().describe("Whether its transfers are known here: nobody may have its blobs any more."),
  minted: nativeWei,
  burnt: nativeWei,
  paid: z.array(paid).describe("The winner and its uncles."),
  origin,
});

export const blockParams = z.object({ height: heightParam });
export const blockAnswer = answer({ finalBlock: block });
export const blocksQuery = z.strictObject(pageQuery);
export const blocks = page(block);
