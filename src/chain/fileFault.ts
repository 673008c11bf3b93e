/** What the operating system says of a path, for people: what is there, and what was expected. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "something above it is a file, expected a folder",
  EISDIR: "it is a folder, expected a file",
  EACCES: "no permission, expected one to use it",
  EPERM: "no permission, expected one to use it",
};

/** Why a file could not be read or written. */
export const fileFault = ({ code, message }: NodeJS.ErrnoException): string => FAULTS[code ?? ""] ?? message;
