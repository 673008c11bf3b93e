import { z } from "zod";
import { toHex32 } from "../../protocol/hex.ts";
import { keptSnapshots } from "../../sync/archive.ts";
import { Downloads } from "../downloads.ts";
import { notFound } from "../problem.ts";
import { finalHeight } from "../read/blocks.ts";
import * as schema from "../schema/index.ts";
import { originHeaders } from "../server.ts";
import { answers } from "./answers.ts";
import { at, type RouteContext, viewOf } from "./context.ts";

/** What the numbers of answers count. */
const UNITS = {
  wei: "of the rollup's asset, of which the token has 10^decimals",
  nativeWei: "of the native token: 10^-18",
  bid: "BID_UNIT: 10^14 wei of the native token",
  seconds: "Unix seconds of L1's blocks",
};

/** Routes about the node itself, and the stream of what happens. */
export function addNodeRoutes(context: RouteContext): void {
  const { app, ports } = context;
  const { sql } = ports.index;

  app.get(
    "/v1/status",
    {
      schema: { tags: ["node"], summary: "The rollup, and how far it is known here", response: answers(schema.status) },
    },
    () => {
      const { chainId, domain, contracts, asset, profile, genesis, started } = ports.client.deployment;
      return {
        ...at(viewOf(ports)),
        version: ports.version,
        rollup: {
          ...{ chainId: chainId.toString(), domain: toHex32(domain), contracts, asset, profile, started },
          genesis: { root: toHex32(genesis.root), supply: genesis.supply.toString() },
        },
        ...{ finalHeight: finalHeight(sql), syncedHeight: ports.synced.head.height, units: UNITS },
      };
    },
  );

  app.get(
    "/v1/peers",
    { schema: { tags: ["node"], summary: "Nodes that are connected", response: answers(schema.peers) } },
    async () => {
      const peers = await ports.peers();
      const items = peers.map(({ addresses, agent, ...peer }) => ({
        ...{ id: peer.id, direction: peer.direction, score: peer.score },
        ...{ addresses: [...addresses], agent: agent ?? null },
      }));
      return { ...at(viewOf(ports)), items };
    },
  );

  addArchiveRoutes(context);
  addEventRoute(context);
}

function addArchiveRoutes({ app, ports, options }: RouteContext): void {
  const downloads = new Downloads(options);
  const { sql } = ports.index;
  app.get(
    "/v1/archive",
    { schema: { tags: ["archive"], summary: "How far back this node reaches", response: answers(schema.archive) } },
    async () => {
      const snapshots = await keptSnapshots(ports.snapshots);
      const reach = sql.get<{ first: number | null; unreadable: number }>(
        `SELECT (SELECT MIN(height) FROM contents WHERE height > COALESCE(
             (SELECT MAX(height) FROM contents WHERE is_readable = 0), 0)) AS first,
           (SELECT COUNT(*) FROM contents WHERE is_readable = 0) AS unreadable`,
      )!;
      return {
        ...at(viewOf(ports)),
        ...{ firstHeight: reach.first, lastHeight: finalHeight(sql), unreadable: reach.unreadable },
        snapshots: snapshots.map(({ height, bytes, writtenAt }) => ({ height, bytes, writtenAt })),
      };
    },
  );

  app.get(
    "/v1/archive/snapshots/:height",
    {
      schema: {
        ...{ tags: ["archive"], summary: "A copy of the L2, as `./b52 sync --snapshot` takes it" },
        ...{ params: schema.blockParams, response: answers(z.any().describe("See docs/decisions/sync.md."), 404, 429) },
      },
    },
    async ({ params: { height } }, reply) => {
      const found = (await keptSnapshots(ports.snapshots)).find((each) => each.height === height);
      if (found === undefined)
        throw notFound("snapshot of height", "height", `${height}`, "one that /v1/archive lists");
      return reply.type("application/json").send(downloads.begin(found.path));
    },
  );
}

function addEventRoute({ app, ports, stream, options }: RouteContext): void {
  app.get(
    "/v1/events",
    {
      // What has no body would wait for the end of what never ends.
      exposeHeadRoute: false,
      schema: {
        ...{ tags: ["events"], summary: "What happens, as server-sent events" },
        headers: schema.eventsHeaders,
        response: {
          ...answers(schema.streamEvent, 429),
          200: {
            description: "The name of each event is the `type` of its data.",
            content: { "text/event-stream": { schema: schema.streamEvent } },
          },
        },
      },
    },
    (request, reply) => {
      const { block } = viewOf(ports);
      stream.requireRoom();
      reply.hijack();
      stream.add(reply.raw, originHeaders(options.allowOrigin), request.headers["last-event-id"], block);
    },
  );
}
