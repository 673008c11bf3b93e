import { B52Error } from "../protocol/errors.ts";

/** What the operating system says of a disk that is full, or of a user who may use no more of it. */
const FULL = ["ENOSPC", "EDQUOT"];

/** No space is left for a file or a folder. Nothing that was there before is gone. */
export class NoRoomError extends B52Error {
  constructor(path: string, cause: NodeJS.ErrnoException) {
    super(`there is no room for ${path} on its disk (${cause.code})`, { path }, { cause });
  }
}

/** What to throw when `path` could not be written: `error`, unless the disk is full. */
export const orNoRoom = (path: string, error: unknown): unknown =>
  FULL.includes((error as NodeJS.ErrnoException).code ?? "")
    ? new NoRoomError(path, error as NodeJS.ErrnoException)
    : error;
