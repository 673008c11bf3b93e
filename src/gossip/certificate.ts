import { Signature, type Signer, type TypedDataDomain, type TypedDataField, verifyTypedData } from "ethers";
import { assertUint } from "../protocol/field.ts";
import { MAX_CERTIFICATE_SECONDS, MAX_CERTIFICATES } from "./limits.ts";
import { ACCEPT, ignore, reject, type Verdict } from "./verdict.ts";

/** The rollup that a network key is for. */
export interface GossipRoute {
  readonly chainId: bigint;
  /** Address. */
  readonly rollup: string;
  /** Of the rollup. */
  readonly domain: bigint;
}

/** Says that a network key speaks for an L1 address. */
export interface Certificate {
  /** Address, with its checksum. */
  readonly owner: string;
  /** Ed25519 public key, 32 bytes as hexadecimal. */
  readonly networkKey: string;
  /** Unix seconds. */
  readonly expiry: bigint;
  /** The owner's, 65 bytes as hexadecimal. */
  readonly signature: string;
}

const CERTIFICATE_TYPES = {
  NetworkKey: [
    { name: "domain", type: "uint256" },
    { name: "networkKey", type: "bytes32" },
    { name: "expiry", type: "uint64" },
  ],
};

/** EIP-712 typed data, as ethers takes it. */
export interface TypedCertificate {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly value: Record<string, unknown>;
}

/** What an owner signs. @throws {OutOfRangeError} if the expiry does not fit 64 bits */
export function typedCertificate(
  { chainId, rollup, domain }: GossipRoute,
  { networkKey, expiry }: Pick<Certificate, "networkKey" | "expiry">,
): TypedCertificate {
  return {
    domain: { name: "B52 Gossip", version: "1", chainId, verifyingContract: rollup },
    types: CERTIFICATE_TYPES,
    value: { domain, networkKey, expiry: assertUint(expiry, 64, "expiry") },
  };
}

/** Lets a network key speak for the signer until `expiry`. */
export async function signCertificate(
  signer: Signer,
  route: GossipRoute,
  key: Pick<Certificate, "networkKey" | "expiry">,
): Promise<Certificate> {
  const { domain, types, value } = typedCertificate(route, key);
  const { networkKey, expiry } = key;
  const signature = await signer.signTypedData(domain, types, value);
  return { owner: await signer.getAddress(), networkKey, expiry, signature };
}

/** Checks certificates, and remembers the last good ones: recovering an address costs more than all else. */
export class CertificateChecker {
  readonly #route: GossipRoute;
  readonly #good = new Set<string>();

  constructor(route: GossipRoute) {
    this.#route = route;
  }

  /** @param now L1 time, Unix seconds */
  check(certificate: Certificate, now: bigint): Verdict {
    const { owner, networkKey, expiry, signature } = certificate;
    if (expiry <= now) return ignore("certificate expired");
    // Peers that have read a later block of L1 take it already, and pass it on: it is no fault of theirs.
    if (expiry - now > MAX_CERTIFICATE_SECONDS) return ignore("certificate lives too long");
    const id = [owner, networkKey, expiry, signature].join();
    if (this.#good.has(id)) return ACCEPT;
    if (recover(this.#route, certificate) !== owner) return reject("certificate is not the owner's");
    if (this.#good.size >= MAX_CERTIFICATES) this.#good.delete(this.#good.values().next().value!);
    this.#good.add(id);
    return ACCEPT;
  }
}

/** The address that signed; undefined if the signature is malformed, or one of the two forms that are not canonical. */
function recover(route: GossipRoute, certificate: Certificate): string | undefined {
  const { domain, types, value } = typedCertificate(route, certificate);
  try {
    if (Signature.from(certificate.signature).serialized !== certificate.signature) return undefined;
    return verifyTypedData(domain, types, value, certificate.signature);
  } catch {
    return undefined; // ethers throws for whatever is no signature
  }
}
