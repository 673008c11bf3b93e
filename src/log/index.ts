export * from "./log.ts";
export * from "./plural.ts";
