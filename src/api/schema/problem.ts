import { z } from "zod";

/** What is not answered, as RFC 9457 has it. */
export const problem = z
  .object({
    type: z.string().describe("Names the kind of problem for ever, see docs/api.md."),
    title: z.string().describe("The same for each problem of the kind."),
    status: z.int().describe("Of HTTP."),
    detail: z.string().describe("What was found, and what was expected."),
    parameter: z.string().optional().describe("The parameter that is at fault."),
    found: z.string().optional(),
    expected: z.string().optional(),
    reason: z.string().optional().describe("Why a transaction is refused: one of the reasons that docs/api.md lists."),
  })
  .describe("A problem document (RFC 9457).");

export type Problem = z.infer<typeof problem>;
