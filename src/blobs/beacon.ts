import { setImmediate } from "node:timers/promises";
import { getBytes, isHexString } from "ethers";
import { z } from "zod";
import { endpointOf } from "../chain/url.ts";
import { BLOB_BYTES } from "./blob.ts";
import { BlobSourceError, BlobUnavailableError, WrongBlobError } from "./errors.ts";
import { fetchBytes } from "./http.ts";
import { versionedHashOf } from "./kzg.ts";
import { authenticate, type BlobName, type BlobSource } from "./source.ts";

const decimal = z.string().regex(/^\d+$/).transform(BigInt);
const blob = z.string().refine((text) => isHexString(text, BLOB_BYTES), `expected ${BLOB_BYTES} bytes as hexadecimal`);

const genesis = z.object({ data: z.object({ genesis_time: decimal }) });
const spec = z.object({ data: z.object({ SECONDS_PER_SLOT: decimal }) });
const blobs = z.object({ data: z.array(blob) });
const sidecars = z.object({ data: z.array(z.object({ blob, kzg_commitment: z.string() })) });

/** Slots in which one blob is looked for: those of the longest reveal window that makes sense. */
const MAX_SLOTS = 1_024n;

/** Slots begin at `genesis`, one each so many seconds. */
interface SlotClock {
  readonly genesis: bigint;
  readonly seconds: bigint;
}

/**
 * A consensus node. Since EIP-7594 an ordinary one keeps an eighth of the columns and cannot give whole blobs: it takes
 * a supernode, or one that puts blobs together. They are kept for 4,096 epochs, about 18 days.
 */
export class BeaconNode implements BlobSource {
  readonly #endpoint: ReturnType<typeof endpointOf>;
  #clock: Promise<SlotClock> | undefined;
  /** Whether the node serves `blobs`, as of Fulu, and not `blob_sidecars` alone. */
  #servesBlobs = true;

  /** @throws {NodeAddressError} */
  constructor(url: string) {
    this.#endpoint = endpointOf(url, "the address of the beacon node");
  }

  get name(): string {
    return `the beacon node ${this.#endpoint.name}`;
  }

  async get(name: BlobName, signal?: AbortSignal): Promise<Uint8Array> {
    const { versionedHash, notBefore, notAfter } = name;
    const clock = await this.#slotClock(signal);
    const slotAt = (time: bigint): bigint => (time - clock.genesis) / clock.seconds;
    const first = slotAt(notBefore);
    let other: string | undefined;
    // Most are asked for right after they came.
    for (let slot = slotAt(notAfter); slot >= first && slot > slotAt(notAfter) - MAX_SLOTS; slot--) {
      for (const found of await this.#inSlot(slot, versionedHash, signal)) {
        // Lets the caller's time run out between many that do not fit.
        await setImmediate(undefined, { signal });
        try {
          return await authenticate(getBytes(found), versionedHash, this.name);
        } catch (error) {
          if (!(error instanceof WrongBlobError)) throw error;
          other = error.message;
        }
      }
    }
    throw new BlobUnavailableError(versionedHash, [
      `${this.name} does not have it in slots ${first} to ${slotAt(notAfter)}`,
      ...(other === undefined ? [] : [other]),
    ]);
  }

  async check(signal?: AbortSignal): Promise<void> {
    await this.#slotClock(signal);
  }

  async #slotClock(signal: AbortSignal | undefined): Promise<SlotClock> {
    this.#clock ??= Promise.all([
      this.#ask("eth/v1/beacon/genesis", genesis, signal),
      this.#ask("eth/v1/config/spec", spec, signal),
    ]).then(([begin, rules]) => {
      if (begin === undefined || rules === undefined)
        throw new BlobSourceError(this.name, "does not tell its genesis and its slots", "a consensus node's REST API");
      return { genesis: begin.data.genesis_time, seconds: rules.data.SECONDS_PER_SLOT };
    });
    return this.#clock.catch((error: unknown) => {
      this.#clock = undefined;
      throw error;
    });
  }

  /** Blobs of a slot that may be the one, as hexadecimal: a node may know the route, and give all of the slot. */
  async #inSlot(slot: bigint, versionedHash: string, signal: AbortSignal | undefined): Promise<string[]> {
    if (this.#servesBlobs) {
      const path = `eth/v1/beacon/blobs/${slot}?versioned_hashes=${versionedHash}`;
      const found = await this.#ask(path, blobs, signal);
      // A node that knows the route, and has no block in the slot, says 404 as well.
      if (found !== undefined) return found.data;
    }
    const found = await this.#ask(`eth/v1/beacon/blob_sidecars/${slot}`, sidecars, signal).catch((error: unknown) => {
      if (this.#servesBlobs && error instanceof BlobSourceError) return undefined;
      throw error;
    });
    const matches = (found?.data ?? []).filter(
      ({ kzg_commitment }) => isHexString(kzg_commitment, 48) && versionedHashOf(kzg_commitment) === versionedHash,
    );
    if (matches.length > 0) this.#servesBlobs = false;
    return matches.map(({ blob }) => blob);
  }

  /** @returns undefined for 404 @throws {BlobSourceError} */
  async #ask<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
    const bytes = await fetchBytes(this.#endpoint, path, { signal, accept: "application/json" });
    if (bytes === undefined) return undefined;
    let json: unknown;
    try {
      json = JSON.parse(Buffer.from(bytes).toString("utf8"));
    } catch (cause) {
      throw new BlobSourceError(this.name, "does not answer in JSON", "a consensus node's REST API", { cause });
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new BlobSourceError(
      this.name,
      `answers something else (${issue?.path.join(".")}: ${issue?.message})`,
      "a consensus node's REST API",
    );
  }
}
