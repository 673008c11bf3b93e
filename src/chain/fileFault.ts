/** What the operating system says of a path, for people. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "something above it is a file",
  EISDIR: "it is a folder",
  EACCES: "no permission",
  EPERM: "no permission",
};

/** Why a file could not be read or written. */
export const fileFault = ({ code, message }: NodeJS.ErrnoException): string => FAULTS[code ?? ""] ?? message;
