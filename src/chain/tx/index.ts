export * from "./journal.ts";
export { NoBlobSignerError } from "./key.ts";
export { TxManager, type TxManagerOptions } from "./manager.ts";
export { planned, type PlanSender } from "./planned.ts";
export { send, senderOf, wanted } from "./send.ts";
export type { Call, From, Sender, Wanted } from "./sender.ts";
