export * from "./log.ts";
export * from "./plural.ts";
export * from "./printable.ts";
export * from "./reminders.ts";
