export * from "./archive.ts";
export * from "./beacon.ts";
export * from "./blob.ts";
export * from "./errors.ts";
export * from "./folder.ts";
export * from "./kzg.ts";
export * from "./sidecar.ts";
export * from "./source.ts";
