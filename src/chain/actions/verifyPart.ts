import { concat, type ContractTransactionReceipt, dataSlice } from "ethers";
import type { ProvenForest } from "../../protocol/forest.ts";
import { listedSlots, type SlotRange } from "../../protocol/parts.ts";
import { PROOF_BYTES } from "../../protocol/proof.ts";
import type { ChainClient } from "../client.ts";
import { ContractError } from "../errors.ts";
import { send, type From } from "../tx/index.ts";

/**
 * Has L1 verify a part of a forest, for a submission with `cuts`. By anyone, in any order.
 * @returns undefined if it was verified before
 */
export async function verifyPart(
  { parts, deployment }: ChainClient,
  sender: From,
  forest: ProvenForest,
  range: SlotRange,
): Promise<ContractTransactionReceipt | undefined> {
  const { first, end } = range;
  const { statement, keys, assigned, flags, rootCommitment, contents, betas, proofs } = forest;
  const listed = listedSlots(deployment.profile, range);
  const lists = {
    keys: listed.map((slot) => keys[slot]!),
    assigned: concat(listed.map((slot) => dataSlice(assigned, 2 * slot, 2 * slot + 2))),
    contents: listed.filter((slot) => slot !== 0).map((slot) => contents[slot - 1]!),
    betas: betas.slice(first, end),
    proofs: dataSlice(proofs, PROOF_BYTES * first, PROOF_BYTES * end),
  };
  try {
    return await send(
      "verifyPart",
      sender,
      parts.verifyPart.populateTransaction(
        statement,
        first,
        end,
        lists.keys,
        lists.assigned,
        [...flags],
        rootCommitment,
        lists.contents,
        lists.betas,
        lists.proofs,
      ),
    );
  } catch (error) {
    if (error instanceof ContractError && error.error === "AlreadyVerified") return undefined;
    throw error;
  }
}
