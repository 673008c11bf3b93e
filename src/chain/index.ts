export * from "./actions/index.ts";
export * from "./client.ts";
export * from "./deployment.ts";
export * from "./errors.ts";
export type { PostedOperation } from "./posted.ts";
export * from "./provider.ts";
export { decodeRevert } from "./revert.ts";
export { shortUrl } from "./url.ts";
export type { Patience } from "./waiting.ts";
