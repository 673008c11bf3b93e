export * from "./connection.ts";
export * from "./errors.ts";
export * from "./proveWorker.ts";
export * from "./queueProver.ts";
export * from "./sealedJob.ts";
export * from "./transportKey.ts";
