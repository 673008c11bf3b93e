import { encodeMessage, type Messages, sealEnvelope, type Topic } from "../gossip/index.ts";
import type { TalkingPorts } from "./ports.ts";

/** Tells all peers. Nobody hears its own messages. */
export async function broadcast<T extends Topic>(
  { gossip, identity }: Pick<TalkingPorts, "gossip" | "identity">,
  topic: T,
  message: Messages[T],
): Promise<void> {
  await gossip.publish(topic, sealEnvelope(identity, topic, encodeMessage(topic, message)));
}
