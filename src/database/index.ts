export * from "./duties.ts";
export * from "./errors.ts";
export * from "./freeSpace.ts";
export * from "./jobs.ts";
export * from "./lease.ts";
export * from "./lock.ts";
export * from "./nodeDatabase.ts";
export * from "./transactions.ts";
