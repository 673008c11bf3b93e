export * from "./duties.ts";
export * from "./errors.ts";
export * from "./lock.ts";
export * from "./nodeDatabase.ts";
