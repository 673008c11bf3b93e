import { ProblemError } from "../problem.ts";
import type { TransferPool } from "../pool.ts";
import type { ApiOptions, ApiPorts } from "../ports.ts";
import type { L1View } from "../../roles/index.ts";
import type { problem } from "../schema/index.ts";
import type { ApiServer } from "../server.ts";
import type { EventStream } from "../stream.ts";

/** What the routes answer from. */
export interface RouteContext {
  readonly app: ApiServer;
  readonly ports: ApiPorts;
  readonly pool: TransferPool;
  readonly stream: EventStream;
  readonly options: Required<Omit<ApiOptions, "allowOrigin">> & Pick<ApiOptions, "allowOrigin">;
}

/** L1 as it was read last. @throws {ProblemError} before the first time */
export function viewOf({ reader }: Pick<ApiPorts, "reader">): L1View {
  if (reader.latest === undefined)
    throw new ProblemError("not-ready", "L1 was not read yet, expected a first look: come again in some seconds");
  return reader.latest;
}

/** What every answer begins with. */
export const at = ({ block, now }: L1View) => ({
  block: { number: block.number, hash: block.hash, timestamp: Number(now) },
});

export type ProblemSchema = typeof problem;
