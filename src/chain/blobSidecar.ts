/** A blob with everything that sending it takes. Computed before it is needed: that takes seconds for a full one. */
export interface BlobSidecar {
  /** 32 bytes as hexadecimal: what L1 shows of it. */
  readonly versionedHash: string;
  /** 131,072 bytes. */
  readonly blob: Uint8Array;
  /** 48 bytes as hexadecimal, like all points of KZG here. */
  readonly commitment: string;
  /** For the wrapper of EIP-4844. */
  readonly proof: string;
  /** For the wrapper of EIP-7594: 128 points, back to back. */
  readonly cellProofs: string;
}
