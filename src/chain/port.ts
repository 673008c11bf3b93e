/** Why a program cannot listen where it is to, by what the system calls it. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has the port",
  EADDRNOTAVAIL: "the address is not one of this machine",
  EACCES: "this user may not use the port",
};

/** Why a port cannot be had, for people. @param code of the system's error @param message where it is another one */
export const portTrouble = (code: string | undefined, message: string): string => REASONS[code ?? ""] ?? message;
