import { getAddress } from "ethers";
import { toHex32 } from "../../protocol/hex.ts";
import { encodeTransfer } from "../../protocol/messages.ts";
import { accountCount } from "../../protocol/profile.ts";
import { invalid, notFound } from "../problem.ts";
import { AccountBook, accountOf } from "../read/accounts.ts";
import { readBlock, readBlocks } from "../read/blocks.ts";
import { readExits, readOperations, readQueue } from "../read/bridge.ts";
import { pageOfList } from "../read/page.ts";
import { readProver, readProvers } from "../read/provers.ts";
import * as schema from "../schema/index.ts";
import { answers } from "./answers.ts";
import { at, type RouteContext, viewOf } from "./context.ts";

/** Routes about what is final, and who has brought it about. */
export function addChainRoutes(context: RouteContext): void {
  addBlockRoutes(context);
  addAccountRoutes(context);
  addProverRoutes(context);
  addBridgeRoutes(context);
}

function addBlockRoutes({ app, ports }: RouteContext): void {
  const { sql } = ports.index;
  app.get(
    "/v1/blocks",
    {
      schema: {
        ...{ tags: ["blocks"], summary: "Final blocks, the latest first" },
        ...{ querystring: schema.blocksQuery, response: answers(schema.blocks) },
      },
    },
    ({ query }) => ({ ...at(viewOf(ports)), ...readBlocks(sql, query) }),
  );

  app.get(
    "/v1/blocks/:height",
    {
      schema: {
        ...{ tags: ["blocks"], summary: "A final block" },
        ...{ params: schema.blockParams, response: answers(schema.blockAnswer, 404) },
      },
    },
    ({ params: { height } }) => {
      const finalBlock = readBlock(sql, height);
      if (finalBlock === undefined) throw notFound("block", "height", `${height}`, "a final one");
      return { ...at(viewOf(ports)), finalBlock };
    },
  );
}

function addAccountRoutes({ app, ports, pool }: RouteContext): void {
  const { synced } = ports;
  const book = new AccountBook(synced);
  const after = () => ({ after: { height: synced.head.height, stateRoot: toHex32(synced.head.stateRoot) } });

  app.get(
    "/v1/accounts",
    {
      schema: {
        ...{ tags: ["accounts"], summary: "Accounts of the L2 by index, maybe of one key or owner" },
        ...{ querystring: schema.accountsQuery, response: answers(schema.accounts) },
      },
    },
    async ({ query: { key, owner, ...query } }) => {
      const indexes = await book.find({
        ...(key !== undefined && { key: BigInt(key) }),
        ...(owner !== undefined && { l1Owner: BigInt(owner) }),
      });
      const items = pageOfList(query, indexes, (index) => accountOf(index, synced.state.account(index)));
      return { ...at(viewOf(ports)), ...after(), ...items };
    },
  );

  app.get(
    "/v1/accounts/:index",
    {
      schema: {
        ...{ tags: ["accounts"], summary: "An account of the L2" },
        ...{ params: schema.accountParams, response: answers(schema.accountAnswer, 404) },
      },
    },
    ({ params: { index } }) => {
      const count = accountCount(synced.state);
      if (index >= count) throw invalid("index", `${index}`, `1 to ${count - 1}`);
      const found = synced.state.account(index);
      if (found.key === 0n) throw notFound("account", "index", `${index}`, "one that a deposit has opened");
      const account = { ...accountOf(index, found), waiting: pool.waitingOf(index).length };
      return { ...at(viewOf(ports)), account, ...after() };
    },
  );

  app.get(
    "/v1/accounts/:index/transfers",
    {
      schema: {
        ...{ tags: ["accounts"], summary: "Signed transfers of an account that wait here for a block, by nonce" },
        ...{ params: schema.accountParams, response: answers(schema.accountTransfers) },
      },
    },
    ({ params: { index } }) => ({
      ...at(viewOf(ports)),
      transfers: pool.waitingOf(index).map(encodeTransfer),
      ...after(),
    }),
  );
}

function addProverRoutes({ app, ports }: RouteContext): void {
  const { sql } = ports.index;
  app.get(
    "/v1/provers",
    {
      schema: {
        ...{ tags: ["provers"], summary: "All provers with their record" },
        ...{ querystring: schema.proversQuery, response: answers(schema.provers) },
      },
    },
    ({ query }) => {
      const l1 = viewOf(ports);
      return { ...at(l1), ...readProvers(sql, l1, query) };
    },
  );

  app.get(
    "/v1/provers/:index",
    {
      schema: {
        ...{ tags: ["provers"], summary: "A prover with its record" },
        ...{ params: schema.proverParams, response: answers(schema.proverAnswer, 404) },
      },
    },
    ({ params: { index } }) => {
      const l1 = viewOf(ports);
      const prover = readProver(sql, l1, index);
      if (prover === undefined) throw notFound("prover", "index", `${index}`, `1 to ${l1.provers.length}`);
      return { ...at(l1), prover };
    },
  );
}

function addBridgeRoutes({ app, ports }: RouteContext): void {
  const { sql } = ports.index;
  app.get(
    "/v1/bridge",
    { schema: { tags: ["bridge"], summary: "How far the bridge's queue is", response: answers(schema.bridge) } },
    () => {
      const l1 = viewOf(ports);
      return { ...at(l1), ...readQueue(sql, l1.round.due) };
    },
  );

  app.get(
    "/v1/bridge/operations",
    {
      schema: {
        ...{ tags: ["bridge"], summary: "Deposits and forced operations, the latest first" },
        ...{ querystring: schema.operationsQuery, response: answers(schema.operations) },
      },
    },
    ({ query }) => {
      const l1 = viewOf(ports);
      const queue = readQueue(sql, l1.round.due);
      const { posted, settled } = queue;
      return { ...at(l1), ...readOperations(sql, query, queue), posted, settled };
    },
  );

  app.get(
    "/v1/exits",
    {
      schema: {
        ...{ tags: ["bridge"], summary: "Exits of final blocks, the latest first" },
        ...{ querystring: schema.exitsQuery, response: answers(schema.exits) },
      },
    },
    ({ query: { owner, ...query } }) => ({
      ...at(viewOf(ports)),
      ...readExits(sql, { ...query, ...(owner !== undefined && { owner: getAddress(owner.toLowerCase()) }) }),
    }),
  );
}
