import { nearest } from "../../log/nearest.ts";
import { B52Error } from "../../protocol/errors.ts";

/** Something is set that this program does not know, or that the role does not have. */
export class UnknownSettingError extends B52Error {
  /** @param where it stands, e.g. `the file node.json` */
  constructor(name: string, where: string, known: readonly string[], others: Readonly<Record<string, string>> = {}) {
    const belongs = others[name];
    const guess = nearest(name, known);
    const hint =
      belongs !== undefined
        ? `it is a setting of the ${belongs}`
        : guess === undefined
          ? "b52 node config lists what there is"
          : `did you mean ${guess}? b52 node config lists what there is`;
    super(`${where} has the setting ${name}, which is unknown: ${hint}`, { name, where, nearest: guess });
  }
}

/** A setting has a value that it cannot have. */
export class SettingError extends B52Error {
  /** @param found as people may see it */
  constructor(name: string, where: string, found: string, expected: string, options?: ErrorOptions) {
    super(`the setting ${name} is ${found} (${where}): ${expected}`, { name, where, found, expected }, options);
  }
}

/** A setting that must have a value has none. */
export class MissingSettingError extends B52Error {
  constructor(name: string, flag: string, variable: string) {
    super(`the setting ${name} has no value, expected one: --${flag}, ${variable}, or ${name} in the file`, { name });
  }
}

/** The file of settings cannot be read. */
export class ConfigFileError extends B52Error {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} is no usable file of settings: ${reason}, expected a JSON object`, { path, reason }, options);
  }
}
