import type { z } from "zod";
import { PROBLEM_TYPE } from "../problem.ts";
import { problem } from "../schema/index.ts";

/** Statuses of problems that any route may have. */
type Status = 404 | 413 | 415 | 422 | 429;

const told = (description: string) => ({ description, content: { [PROBLEM_TYPE]: { schema: problem } } });

const DESCRIPTIONS: Readonly<Record<Status, string>> = {
  404: "There is no such thing.",
  413: "The body is too large.",
  415: "The body is not JSON.",
  422: "The transaction is refused; `reason` says why.",
  429: "Too much is asked for at once.",
};

/** What a route answers: what it is for, and what may be wrong. */
export function answers<T extends z.ZodType>(schema: T, ...statuses: Status[]) {
  const others = Object.fromEntries(statuses.map((status) => [status, told(DESCRIPTIONS[status])]));
  return {
    200: { description: "What was asked for.", content: { "application/json": { schema } } },
    400: told("A parameter is not what is expected; the problem names it."),
    ...others,
    503: told("The node does not know L1 yet."),
  } as unknown as { 200: T };
}
