import { createHash } from "node:crypto";
import { BoundedMap } from "../bounded.ts";
import { MAX_SEEN } from "../limits.ts";

/**
 * A message as it travels: a byte, then the envelope. gossipsub carries the same bytes once in minutes, and a message
 * that came too early for some peers has to be sent again; the byte counts such repetitions. What has been accepted
 * before is a duplicate for all who judge it, whatever the byte is, and goes no further.
 */
export class Frames {
  readonly #sent = new BoundedMap<string, number>(MAX_SEEN);

  /** The frame of an envelope, another one each time. */
  next(envelope: Uint8Array): Uint8Array {
    const id = hashOf(envelope).toString("hex");
    const times = this.#sent.get(id) ?? 0;
    this.#sent.set(id, times + 1);
    const frame = new Uint8Array(1 + envelope.length);
    frame[0] = times & 0xff;
    frame.set(envelope, 1);
    return frame;
  }
}

/** The envelope in a frame. */
export const envelopeOf = (frame: Uint8Array): Uint8Array => frame.subarray(1);

/** What gossipsub knows a frame by: the hash of its content. 20 bytes. */
export const frameId = (frame: Uint8Array): Uint8Array => hashOf(frame).subarray(0, 20);

const hashOf = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
