export * from "./account.ts";
export * from "./store.ts";
export * from "./overlay.ts";
export * from "./tree.ts";
export * from "./state.ts";
export * from "./admission.ts";
export * from "./executor.ts";
export * from "./select.ts";
