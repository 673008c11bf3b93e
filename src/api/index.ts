export * from "./api.ts";
export * from "./index/chainIndex.ts";
export type { ApiOptions, ApiPorts, Peer } from "./ports.ts";
