export * from "./claims.ts";
export * from "./keys.ts";
export * from "./keystore.ts";
export * from "./seat.ts";
export * from "./stake.ts";
export * from "./standing.ts";
export * from "./tokens.ts";
