export * from "./errors.ts";
export * from "./logs/index.ts";
export * from "./settings/index.ts";
export * from "./startNode.ts";
export * from "./watch/metrics.ts";
