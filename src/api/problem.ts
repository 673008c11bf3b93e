import { B52Error } from "../protocol/errors.ts";
import type { Problem } from "./schema/index.ts";

/** Kinds of problems, by the last part of their type. */
const KINDS = {
  "invalid-parameter": [400, "A parameter is not what is expected"],
  "not-found": [404, "There is no such thing"],
  "no-route": [404, "There is no such route"],
  "too-large": [413, "The request is too large"],
  "unsupported-media-type": [415, "The body is not JSON"],
  refused: [422, "The transaction is refused"],
  "too-many-transfers": [429, "Too many transactions are sent at once"],
  "too-many-downloads": [429, "Too many files are downloaded"],
  "too-many-streams": [429, "Too many streams are open"],
  "internal-error": [500, "The node has failed"],
  "not-ready": [503, "The node does not know L1 yet"],
  "network-down": [503, "The network does not take the transaction"],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemKind = keyof typeof KINDS;
export const PROBLEM_KINDS = Object.keys(KINDS) as ProblemKind[];

export const PROBLEM_TYPE = "application/problem+json";

/** What a request is answered with instead. */
export class ProblemError extends B52Error {
  readonly kind: ProblemKind;
  readonly problem: Problem;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: Partial<Pick<Problem, "parameter" | "found" | "expected" | "reason">> = {},
    options?: ErrorOptions,
  ) {
    super(detail, more, options);
    const [status, title] = KINDS[kind];
    this.kind = kind;
    this.problem = { type: `urn:b52:problem:${kind}`, title, status, detail, ...more };
  }
}

/** A parameter that is at fault. */
export function invalid(parameter: string, found: string, expected: string): ProblemError {
  const detail = `${parameter} is ${found}, expected ${expected}`;
  return new ProblemError("invalid-parameter", detail, { parameter, found, expected });
}

/** Something that is not there. */
export function notFound(what: string, parameter: string, found: string, expected: string): ProblemError {
  return new ProblemError("not-found", `${what} ${found} is not known here, expected ${expected}`, {
    parameter,
    found,
    expected,
  });
}
