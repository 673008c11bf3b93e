export * from "./check.ts";
export * from "./preflight.ts";
