import { gossipView } from "../../roles/index.ts";
import { validateTransaction } from "../../gossip/validators/transaction.ts";
import { innerFault, type RollupView } from "../../gossip/index.ts";
import { B52Error } from "../../protocol/errors.ts";
import { decodeTransfer } from "../../protocol/messages.ts";
import { type SignedTransfer, unpackTransfer } from "../../protocol/transfer.ts";
import { transferId } from "../../protocol/transferId.ts";
import { invalid, notFound, ProblemError } from "../problem.ts";
import { readCommits } from "../read/proposals.ts";
import { readBodies, readTransfer, readTransfers } from "../read/transfers.ts";
import * as schema from "../schema/index.ts";
import { answers } from "./answers.ts";
import { at, type RouteContext, viewOf } from "./context.ts";
import { Allowance } from "../allowance.ts";
import type { z } from "zod";

type Lifecycle = z.infer<typeof schema.lifecycle>;
type Reason = (typeof schema.REASONS)[number];

const fieldsOf = ({ from, to, amount, fee, nonce }: SignedTransfer) => ({
  ...{ from, to, amount: amount.toString(), fee: fee.toString(), nonce: nonce.toString() },
});

/** Routes about transfers, which are the transactions of this L2. */
export function addTransactionRoutes(context: RouteContext): void {
  const { app, ports } = context;
  const { sql } = ports.index;

  app.get(
    "/v1/transactions",
    {
      schema: {
        ...{ tags: ["transactions"], summary: "Transfers of final blocks, the latest first" },
        ...{ querystring: schema.transactionsQuery, response: answers(schema.transactions) },
      },
    },
    ({ query }) => ({ ...at(viewOf(ports)), ...readTransfers(sql, query) }),
  );

  app.get(
    "/v1/transactions/:id",
    {
      schema: {
        ...{ tags: ["transactions"], summary: "A transfer, and where in its life it is" },
        ...{ params: schema.transactionParams, response: answers(schema.transactionAnswer, 404) },
      },
    },
    ({ params: { id } }) => {
      const transaction = lifecycleOf(context, id);
      if (transaction === undefined)
        throw notFound("transaction", "id", id, "one that waits here, was revealed, or is final");
      return { ...at(viewOf(ports)), transaction };
    },
  );

  addSendRoute(context);
}

function addSendRoute({ app, ports, pool, options }: RouteContext): void {
  const allowance = new Allowance(options.transfersPerSecond);
  const unsent = new Set<string>();
  app.post(
    "/v1/transactions",
    {
      schema: {
        ...{ tags: ["transactions"], summary: "Send a signed transfer to the network" },
        ...{ body: schema.sendBody, response: answers(schema.sent, 413, 415, 422, 429) },
      },
    },
    async ({ body }) => {
      const l1 = viewOf(ports);
      const transfer = transferIn(body.transfer);
      const { deployment } = ports.client;
      const { chainId, contracts, domain, profile } = deployment;
      const rollup: RollupView = { chainId, rollup: contracts.rollup, domain, profile, minBid: 0n };
      const { state } = ports.synced;
      const verdict = validateTransaction(
        transfer,
        gossipView(l1, new Map(), rollup, () => state),
      );
      if (verdict.verdict !== "ACCEPT") throw refused(verdict.reason as Reason);
      // What was refused up to here costs next to nothing, and must not use up what others may send.
      if (!allowance.take())
        throw new ProblemError("too-many-transfers", `${options.transfersPerSecond} transfers were sent in a second`);
      const fault = innerFault(domain, { topic: "transactions", message: transfer });
      if (fault !== undefined) throw refused(fault as Reason);
      const id = transferId(transfer);
      const reason = pool.add(transfer, state);
      // It was taken before, and not sent.
      if (reason !== undefined && !(reason === "known already" && unsent.has(id))) throw refused(reason);
      try {
        await ports.send(transfer);
        unsent.delete(id);
      } catch (error) {
        if (!(error instanceof B52Error)) throw error;
        if (unsent.size >= MAX_UNSENT) unsent.clear();
        unsent.add(id);
        throw new ProblemError("network-down", `${error.message}: send it again later`, {}, { cause: error });
      }
      return { ...at(l1), transaction: { id, ...fieldsOf(transfer) } };
    },
  );
}

const MAX_UNSENT = 4_096;

function transferIn(encoded: string): SignedTransfer {
  try {
    return decodeTransfer(encoded.toLowerCase());
  } catch (error) {
    if (!(error instanceof B52Error)) throw error;
    throw invalid("transfer", error.message, "178 bytes as `encodeTransfer` makes them, see docs/encodings.md");
  }
}

const refused = (reason: Reason): ProblemError =>
  new ProblemError("refused", `the transfer is refused: ${reason}`, { parameter: "transfer", reason });

/** Where in its life a transfer is; undefined for one that nobody has shown here. */
function lifecycleOf({ ports, pool }: RouteContext, id: string): Lifecycle | undefined {
  const l1 = viewOf(ports);
  const { sql } = ports.index;
  const final = readTransfer(sql, id);
  if (final !== undefined) return { ...final, state: "final", confirmations: [], reason: null };
  const bodies = readBodies(sql, id);
  const names = new Set(bodies.map(({ proposal }) => proposal));
  const confirmations = readCommits(l1)
    .open.filter(({ proposalId }) => names.has(proposalId))
    .map(({ proposalId, rank, of, state }) => ({ proposalId, rank, of, isProven: state === "proven" }));
  const pooled = pool.find(id);
  if (pooled === undefined && bodies.length === 0) return undefined;
  const isProven = confirmations.some((each) => each.isProven);
  const state = isProven ? "proven" : confirmations.length > 0 ? "revealed" : pooled?.reason ? "dropped" : "waiting";
  const known = pooled === undefined ? revealedAs(bodies[0]!.packed) : fieldsOf(pooled.transfer);
  const reason = state === "dropped" ? pooled!.reason! : null;
  return { id, ...known, state, confirmations, final: null, reason };
}

function revealedAs(packed: string) {
  const { from, to, amount, fee } = unpackTransfer(BigInt(`0x${packed}`))!;
  return { from, to, amount: amount.toString(), fee: fee.toString(), nonce: null };
}
