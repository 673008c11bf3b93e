import { concat, type ContractTransactionReceipt } from "ethers";
import { openContents } from "../../protocol/contents.ts";
import type { SlotProof } from "../../protocol/forest.ts";
import { childSlots } from "../../protocol/nodes.ts";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";
import { openingOf, type Commitment } from "./commitment.ts";

export interface HandInParameters {
  readonly commitment: Commitment;
  /** Content of slots 1.., in slot order. */
  readonly contents: readonly bigint[];
  /** Of slots from 1 on, each at most once. One without a worker's key shows the votes for its children alone. */
  readonly proofs: readonly SlotProof[];
}

/** Shows L1 the proofs of some nodes alone, in the acceptance window of a revealed proposal. By anyone. */
export async function handIn(
  { court, deployment: { profile } }: ChainClient,
  sender: From,
  { commitment, contents, proofs }: HandInParameters,
): Promise<ContractTransactionReceipt> {
  const ordered = [...proofs].sort((a, b) => a.slot - b.slot);
  const nodes = ordered.map(({ slot, workerKey, beta, mask }) => ({ slot, isAnonymous: workerKey === 0n, beta, mask }));
  const opened = openedContents(
    contents,
    ordered.flatMap(({ slot }) => [slot, ...childSlots(profile, slot)]),
  );
  const bytes = concat(ordered.map(({ proof }) => proof));
  return send(
    "handIn",
    sender,
    court.handIn.populateTransaction(openingOf(commitment), commitment.transcript, opened, nodes, bytes),
  );
}

/** The contents of some slots as the contract takes them. */
export function openedContents(contents: readonly bigint[], slots: readonly number[]) {
  const opened = openContents(contents, slots);
  const { sections, groups, contents: shown } = opened;
  return { ...opened, sections: [...sections], groups: [...groups], contents: [...shown] };
}
