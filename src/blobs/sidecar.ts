import { encodeBlob } from "./blob.ts";
import { Kzg, versionedHashOf } from "./kzg.ts";
import type { BlobSidecar } from "../chain/blobSidecar.ts";

/** Everything that sending a blob takes, in either wrapper. @param coefficients trailing zeros may be left out */
export async function makeSidecar(coefficients: readonly bigint[]): Promise<BlobSidecar> {
  const kzg = await Kzg.load();
  const blob = encodeBlob(coefficients);
  const commitment = kzg.commit(coefficients);
  return {
    versionedHash: versionedHashOf(commitment),
    blob,
    commitment,
    proof: kzg.proveBlob(coefficients, blob, commitment),
    cellProofs: await kzg.proveCells(coefficients),
  };
}
