import type { Signer } from "ethers";
import { partsOf, type PartLimits, planCuts } from "../../protocol/parts.ts";
import type { ChainClient } from "../client.ts";
import { submitProof, type SubmitProofParameters, type SubmitProofReturn } from "./submitProof.ts";
import { verifyPart } from "./verifyPart.ts";

/**
 * {@link submitProof}, in as many transactions as the forest takes: one if it fits. By anyone. After a failure it goes
 * on where it stopped: parts that L1 has verified already, whoever sent them, are left out.
 */
export async function submitInParts(
  client: ChainClient,
  signer: Signer,
  submission: Omit<SubmitProofParameters, "cuts">,
  limits?: PartLimits,
): Promise<SubmitProofReturn> {
  const { profile } = client.deployment;
  const cuts = planCuts(profile, limits);
  for (const range of cuts.length === 0 ? [] : partsOf(profile, cuts)) {
    await verifyPart(client, signer, submission.forest, range);
  }
  return submitProof(client, signer, { ...submission, cuts });
}
