import type { Signer } from "ethers";
import {
  type Certificate,
  type GossipRoute,
  type Identity,
  MAX_CERTIFICATE_SECONDS,
  type NetworkKey,
  signCertificate,
} from "../../gossip/index.ts";

/** Less than the longest: whoever is behind by less takes it, too. */
const LIFE = MAX_CERTIFICATE_SECONDS - 3_600n;

/** A node's identity, whose certificate is signed anew long before it expires. */
export class NodeIdentity implements Identity {
  readonly key: NetworkKey;
  readonly #signer: Signer;
  readonly #route: GossipRoute;
  #certificate: Certificate;

  private constructor(key: NetworkKey, signer: Signer, route: GossipRoute, certificate: Certificate) {
    this.key = key;
    this.#signer = signer;
    this.#route = route;
    this.#certificate = certificate;
  }

  /** @param now L1 time, Unix seconds */
  static async create(key: NetworkKey, signer: Signer, route: GossipRoute, now: bigint): Promise<NodeIdentity> {
    const certificate = await signCertificate(signer, route, { networkKey: key.publicKey, expiry: now + LIFE });
    return new NodeIdentity(key, signer, route, certificate);
  }

  get certificate(): Certificate {
    return this.#certificate;
  }

  get domain(): bigint {
    return this.#route.domain;
  }

  /** Signs a new certificate if half of the life of this one is over. */
  async renew(now: bigint): Promise<void> {
    if (this.#certificate.expiry - now > LIFE / 2n) return;
    const expiry = now + LIFE;
    this.#certificate = await signCertificate(this.#signer, this.#route, { networkKey: this.key.publicKey, expiry });
  }
}
