export * from "./errors.ts";
export * from "./options.ts";
export * from "./network.ts";
export type { AddressReport } from "./announcement.ts";
export type { GossipStats } from "./gossip.ts";
