import type { From, Sender } from "./sender.ts";

/** A sender for what is to be done once, however often it is begun. */
export interface PlanSender extends Sender {
  /**
   * @param make finds out what is to be sent, and refuses what cannot be; its outcome is kept as JSON with bigints
   * @returns what was planned before, if anything of it was sent: L1 is another one by now
   */
  planned<T>(make: () => Promise<T>): Promise<T>;
}

/**
 * What is to be sent, decided before anything is. Who begins anew after it was killed goes on with the same plan, so
 * that what was sent of it is found again: a plan made anew would reckon with what the first one has changed.
 */
export const planned = <T>(from: From, make: () => Promise<T>): Promise<T> =>
  "planned" in from ? (from as PlanSender).planned(make) : make();
