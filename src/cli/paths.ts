import { resolve } from "node:path";

/** A path as the caller meant it: the launcher runs the command line at the top of the project. */
export const callerPath = (path: string): string => resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
