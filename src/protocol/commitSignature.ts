import { keccak256, type Signer, type TypedDataDomain, type TypedDataField } from "ethers";
import { packTerms, type Terms } from "./terms.ts";
import { encodeTranscript, type Transcript } from "./transcript.ts";

/** Where a signed commit may go: one relay and one rollup on one chain. */
export interface CommitRoute {
  readonly chainId: bigint;
  readonly relay: string;
  readonly rollup: string;
}

/** A commit that its proposer lets anybody send. */
export interface RelayedCommit {
  readonly proposer: string;
  readonly terms: Terms;
  readonly orderCommitment: string;
  readonly transcript: Transcript;
  /** The round that the commit is for. A round id alone would not do: it comes back after a failed attempt. */
  readonly roundNumber: bigint;
}

/** EIP-712 typed data, as ethers takes it. */
export interface TypedCommit {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly value: Record<string, unknown>;
}

const COMMIT_TYPES = {
  Commit: [
    { name: "rollup", type: "address" },
    { name: "proposer", type: "address" },
    { name: "terms", type: "uint256" },
    { name: "orderCommitment", type: "bytes32" },
    { name: "transcriptHash", type: "bytes32" },
    { name: "roundNumber", type: "uint256" },
  ],
};

/** What `CommitRelay.digestOf` hashes. */
export function typedCommit({ chainId, relay, rollup }: CommitRoute, commit: RelayedCommit): TypedCommit {
  const { proposer, terms, orderCommitment, transcript, roundNumber } = commit;
  return {
    domain: { name: "B52 CommitRelay", version: "1", chainId, verifyingContract: relay },
    types: COMMIT_TYPES,
    value: {
      rollup,
      proposer,
      terms: packTerms(terms),
      orderCommitment,
      transcriptHash: keccak256(encodeTranscript(transcript)),
      roundNumber,
    },
  };
}

/** Signs a commit, with the proposer's key or the key of the owner of its wallet. */
export async function signCommit(signer: Signer, route: CommitRoute, commit: RelayedCommit): Promise<string> {
  const { domain, types, value } = typedCommit(route, commit);
  return signer.signTypedData(domain, types, value);
}
