import type { ChainClient } from "../client.ts";
import { readLane, roundNumberOf, type Lane } from "../lane.ts";

/** A proposer's lane for heights of the parity of `height`. */
export async function getLane({ rollup }: ChainClient, proposer: string, height: number): Promise<Lane> {
  const [lane, head] = await Promise.all([rollup.laneOf(proposer, height), rollup.head()]);
  return readLane(lane, roundNumberOf(head));
}
