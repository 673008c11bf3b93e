import { partsOf, type PartLimits, planCuts } from "../../protocol/parts.ts";
import type { ChainClient } from "../client.ts";
import type { From } from "../tx/index.ts";
import { submitProof, type SubmitProofParameters, type SubmitProofReturn } from "./submitProof.ts";
import { verifyPart } from "./verifyPart.ts";

/**
 * {@link submitProof}, in as many transactions as the forest takes: one if it fits. By anyone. After a failure it goes
 * on where it stopped: parts that L1 has verified already, whoever sent them, are left out.
 */
export async function submitInParts(
  client: ChainClient,
  sender: From,
  submission: Omit<SubmitProofParameters, "cuts">,
  limits?: PartLimits,
): Promise<SubmitProofReturn> {
  const { profile } = client.deployment;
  const cuts = planCuts(profile, limits);
  for (const range of cuts.length === 0 ? [] : partsOf(profile, cuts)) {
    await verifyPart(client, sender, submission.forest, range);
  }
  return submitProof(client, sender, { ...submission, cuts });
}
