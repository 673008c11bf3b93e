export * from "./archive.ts";
export * from "./database.ts";
export * from "./errors.ts";
export * from "./genesis.ts";
export * from "./journal.ts";
export * from "./snapshot.ts";
export * from "./sync.ts";
export * from "./syncedState.ts";
