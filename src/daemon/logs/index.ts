export * from "./nodeLog.ts";
