import { NoRoomError } from "../chain/noRoom.ts";
import { DiskFullError, DiskLowError } from "../database/index.ts";
import { StoreFullError } from "../state/store.ts";

/** What each part of the data folder says while there is no room on its disk. */
export const CROWDED = [DiskLowError, DiskFullError, StoreFullError, NoRoomError] as const;

export const isOneOf = <E extends Error>(
  types: readonly (abstract new (...args: never) => E)[],
  error: unknown,
): error is E => types.some((type) => error instanceof type);
