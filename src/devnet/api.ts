import { hexlify } from "ethers";
import { z } from "zod";
import { encodeMessage } from "../gossip/index.ts";
import { B52Error } from "../protocol/errors.ts";
import type { TrafficPorts } from "./traffic.ts";

const ANSWER_MS = 5_000;

const problem = z.object({ detail: z.string(), reason: z.string().optional() });
const accountAnswer = z.object({
  account: z.object({ nonce: z.string().transform(BigInt), waiting: z.number() }),
});

/** A follower's API does not answer as it says. */
export class ApiAnswerError extends B52Error {
  constructor(path: string, found: string, options?: ErrorOptions) {
    super(`the follower's API at ${path} answers ${found}`, { path }, options);
  }
}

/** What the traffic takes of a follower's API. @param base where it is, as long as it runs */
export function apiOf(base: () => string | undefined): Pick<TrafficPorts, "send" | "account"> {
  const ask = async (path: string, signal: AbortSignal, body?: object): Promise<Response> => {
    const url = base();
    if (url === undefined) throw new ApiAnswerError(path, "nothing: it does not run");
    return fetch(`${url}${path}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      ...(body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
  };
  return {
    async send(transfer, signal) {
      const path = "/v1/transactions";
      const answer = await ask(path, signal, { transfer: hexlify(encodeMessage("transactions", transfer)) });
      if (answer.ok) return undefined;
      const { detail, reason } = problem.parse(await answer.json());
      return reason ?? detail;
    },
    async account(index, signal) {
      const path = `/v1/accounts/${index}`;
      const answer = await ask(path, signal);
      if (!answer.ok) throw new ApiAnswerError(path, `${answer.status}: ${await answer.text()}`);
      const { account } = accountAnswer.parse(await answer.json());
      // What waits of an account follows on its nonce.
      return { nextNonce: account.nonce + BigInt(account.waiting), waiting: account.waiting };
    },
  };
}
