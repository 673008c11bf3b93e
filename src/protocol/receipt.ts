import { type Signer, type TypedDataDomain, TypedDataEncoder, type TypedDataField, verifyTypedData } from "ethers";

/** One court on one chain. */
export interface Courthouse {
  readonly chainId: bigint;
  /** Address of the ProverCourt. */
  readonly court: string;
}

/**
 * A prover's word "I have what I need for this node". With it the court can slash in full if the proof does not come.
 */
export interface Receipt {
  readonly proposalId: bigint;
  readonly slot: number;
}

const RECEIPT_TYPES: Record<string, TypedDataField[]> = {
  Receipt: [
    { name: "proposalId", type: "uint256" },
    { name: "slot", type: "uint16" },
  ],
};

const domainOf = ({ chainId, court }: Courthouse): TypedDataDomain => ({
  name: "B52 ProverCourt",
  version: "1",
  chainId,
  verifyingContract: court,
});

/** What `ProverCourt.receiptHash` gives. */
export function receiptHash(courthouse: Courthouse, { proposalId, slot }: Receipt): string {
  return TypedDataEncoder.hash(domainOf(courthouse), RECEIPT_TYPES, { proposalId, slot });
}

/**
 * Signs with the L1 key of the prover's owner. Sign only after the reveal, and only with everything at hand that the
 * node's proof needs.
 */
export async function signReceipt(
  signer: Signer,
  courthouse: Courthouse,
  { proposalId, slot }: Receipt,
): Promise<string> {
  return signer.signTypedData(domainOf(courthouse), RECEIPT_TYPES, { proposalId, slot });
}

/**
 * Whether `owner`'s key signed. An owner that is a contract can be asked on L1 only. Malformed signatures give false,
 * never an error.
 */
export function verifyReceipt(
  courthouse: Courthouse,
  { proposalId, slot }: Receipt,
  owner: string,
  signature: string,
): boolean {
  try {
    return (
      verifyTypedData(domainOf(courthouse), RECEIPT_TYPES, { proposalId, slot }, signature).toLowerCase() ===
      owner.toLowerCase()
    );
  } catch {
    return false;
  }
}
