export * from "./configuration.ts";
export * from "./errors.ts";
export * from "./read.ts";
export * from "./settings.ts";
export * from "./show.ts";
export * from "./values.ts";
