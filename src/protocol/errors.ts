/**
 * The root of every error that this code base throws on purpose.
 * `message` is one short line naming the thing, its value and what was expected; `details` holds the values for
 * programs.
 */
export class B52Error extends Error {
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.details = details;
  }
}

/** A number outside the range of the place it is meant for. */
export class OutOfRangeError extends B52Error {
  constructor(name: string, value: bigint | number, expected: string) {
    super(`${name} is ${value}, expected ${expected}`, { name, value, expected });
  }
}

/** A byte string or list of the wrong length or form. */
export class MalformedError extends B52Error {
  constructor(name: string, value: unknown, expected: string, options?: ErrorOptions) {
    super(`${name} is ${String(value)}, expected ${expected}`, { name, value, expected }, options);
  }
}
