export * from "./keys.ts";
export * from "./keystore.ts";
