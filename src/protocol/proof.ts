import { MalformedError } from "./errors.ts";

/** A Groth16 proof as snarkjs writes it: projective coordinates in decimal. */
export interface Groth16Proof {
  readonly pi_a: readonly string[];
  readonly pi_b: readonly (readonly string[])[];
  readonly pi_c: readonly string[];
}

/** Bytes of an encoded proof. */
export const PROOF_BYTES = 256;

/** 256 bytes as hexadecimal, in the order of the EVM's pairing precompile. */
export function encodeProof({ pi_a, pi_b, pi_c }: Groth16Proof): string {
  const words = [pi_a[0], pi_a[1], pi_b[0]?.[1], pi_b[0]?.[0], pi_b[1]?.[1], pi_b[1]?.[0], pi_c[0], pi_c[1]];
  return `0x${words
    .map((word) =>
      BigInt(word ?? missing())
        .toString(16)
        .padStart(64, "0"),
    )
    .join("")}`;
}

/** The inverse of {@link encodeProof}. @throws {MalformedError} unless `encoded` is 256 bytes */
export function decodeProof(encoded: string): Groth16Proof {
  if (!/^0x[0-9a-fA-F]{512}$/.test(encoded)) {
    throw new MalformedError(
      "proof length",
      `${(encoded.length - 2) / 2} bytes`,
      `${PROOF_BYTES} bytes of hexadecimal`,
    );
  }
  const [ax, ay, bx1, bx0, by1, by0, cx, cy] = Array.from({ length: 8 }, (_, i) =>
    BigInt(`0x${encoded.slice(2 + 64 * i, 66 + 64 * i)}`).toString(),
  ) as [string, string, string, string, string, string, string, string];
  return {
    pi_a: [ax, ay, "1"],
    pi_b: [
      [bx0, bx1],
      [by0, by1],
      ["1", "0"],
    ],
    pi_c: [cx, cy, "1"],
  };
}

function missing(): never {
  throw new MalformedError("proof", "incomplete", "pi_a, pi_b and pi_c");
}
