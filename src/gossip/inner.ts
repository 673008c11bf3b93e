import { isPublicKey } from "../protocol/eddsa.ts";
import { verifyTransfer } from "../protocol/transfer.ts";
import { verifyVote } from "../protocol/vote.ts";
import type { Messages } from "./messages.ts";
import type { Topic } from "./topics.ts";
import { isProof } from "./validators/proof.ts";

/** Topics whose messages have an inner check: arithmetic on curves, once a message. */
export type InnerTopic = Exclude<Topic, "proposals">;

/** A message whose envelope is good, and which nothing but costly arithmetic can refuse. */
export type InnerCheck = { [T in InnerTopic]: { readonly topic: T; readonly message: Messages[T] } }[InnerTopic];

/** What is wrong with a message in itself, whatever else is known; undefined for nothing. */
export function innerFault(domain: bigint, { topic, message }: InnerCheck): string | undefined {
  switch (topic) {
    case "transactions":
      if (!isPublicKey(message.sender)) return "sender's key is no public key";
      return verifyTransfer(domain, message) ? undefined : "bad transfer signature";
    case "votes":
      return verifyVote(message) ? undefined : "bad vote signature";
    case "proofs":
      return isProof(message.proof) ? undefined : "proof is no three points";
  }
}
