import type { GossipRoute } from "./certificate.ts";
import type { GateOptions } from "./gate.ts";
import type { Topic } from "./topics.ts";
import type { Verdict } from "./verdict.ts";
import type { GossipView } from "./view.ts";

/** How a node listens, whatever the transport. */
export interface PeerOptions extends GateOptions {
  /** For reports. */
  readonly name: string;
  readonly route: GossipRoute;
  /** What this node knows at the moment at which a message comes. */
  readonly view: () => GossipView | Promise<GossipView>;
  /** Every verdict on every message from a peer, once. */
  readonly onVerdict?: (verdict: Verdict, topic: Topic | undefined) => void;
}
