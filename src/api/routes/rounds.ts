import { toHex32 } from "../../protocol/hex.ts";
import { slotCount } from "../../protocol/nodes.ts";
import { shownPhase } from "../../protocol/phase.ts";
import type { RoundState } from "../../chain/index.ts";
import { notFound } from "../problem.ts";
import { finalHeight, parentOf, readRounds } from "../read/blocks.ts";
import { forestReader } from "../read/forest.ts";
import { pageOfList } from "../read/page.ts";
import { readCommits, readProposal, readProposals, readVotes } from "../read/proposals.ts";
import * as schema from "../schema/index.ts";
import { answers } from "./answers.ts";
import { at, type RouteContext, viewOf } from "./context.ts";

const KNOWN = "a proposal that was revealed, or that may still win";

/** Routes about the contest. */
export function addRoundRoutes({ app, ports }: RouteContext): void {
  const { sql } = ports.index;
  const { profile } = ports.client.deployment;

  app.get(
    "/v1/round",
    { schema: { tags: ["rounds"], summary: "The open round and its windows", response: answers(schema.presentRound) } },
    () => {
      const l1 = viewOf(ports);
      return { ...at(l1), ...roundOf(l1.round), finalHeight: finalHeight(sql) };
    },
  );

  app.get(
    "/v1/rounds",
    {
      schema: {
        ...{ tags: ["rounds"], summary: "All rounds, the latest first" },
        ...{ querystring: schema.roundsQuery, response: answers(schema.rounds) },
      },
    },
    ({ query }) => ({ ...at(viewOf(ports)), ...readRounds(sql, query) }),
  );

  app.get(
    "/v1/commits",
    {
      schema: {
        ...{ tags: ["rounds"], summary: "Commits, ranked by what they can still reach" },
        response: answers(schema.commits),
      },
    },
    () => {
      const l1 = viewOf(ports);
      return { ...at(l1), ...readCommits(l1) };
    },
  );

  app.get(
    "/v1/proposals",
    {
      schema: {
        ...{ tags: ["rounds"], summary: "Proposals that may still win: commits, then those that were heard of" },
        ...{ querystring: schema.proposalsQuery, response: answers(schema.proposals) },
      },
    },
    ({ query }) => {
      const l1 = viewOf(ports);
      return { ...at(l1), ...pageOfList(query, readProposals(l1, ports.hearing), (each) => each) };
    },
  );

  app.get(
    "/v1/proposals/:proposalId",
    {
      schema: {
        ...{ tags: ["rounds"], summary: "A proposal, also of a round that is over" },
        ...{ params: schema.proposalParams, response: answers(schema.proposalAnswer, 404) },
      },
    },
    ({ params: { proposalId } }) => {
      const l1 = viewOf(ports);
      const proposal = readProposal(sql, l1, ports.hearing, proposalId);
      if (proposal === undefined) throw notFound("proposal", "proposalId", proposalId, KNOWN);
      return { ...at(l1), proposal };
    },
  );

  app.get(
    "/v1/proposals/:proposalId/votes",
    {
      schema: {
        ...{ tags: ["rounds"], summary: "Votes for a proposal that were heard" },
        ...{ params: schema.proposalParams, querystring: schema.votesQuery, response: answers(schema.votes) },
      },
    },
    ({ params: { proposalId }, query }) => {
      const l1 = viewOf(ports);
      return { ...at(l1), ...pageOfList(query, readVotes(l1, ports.hearing, proposalId), (each) => each) };
    },
  );

  app.get(
    "/v1/proposals/:proposalId/forest",
    {
      schema: {
        ...{ tags: ["rounds"], summary: "The nodes of a commit, and what is known of each" },
        ...{ params: schema.proposalParams, querystring: schema.forestQuery, response: answers(schema.forest, 404) },
      },
    },
    ({ params: { proposalId }, query }) => {
      const l1 = viewOf(ports);
      const nodeAt = forestReader(profile, sql, l1, ports.hearing, proposalId);
      if (nodeAt === undefined) throw notFound("forest of proposal", "proposalId", proposalId, "one that is committed");
      const slots = slotCount(profile);
      const all = Array.from({ length: slots }, (_, slot) => slot);
      const { arity, levels } = profile;
      return { ...at(l1), ...pageOfList(query, all, nodeAt), arity, levels, slots };
    },
  );
}

function roundOf(state: RoundState) {
  const { round, commitRound, roundNumber, parent, stateRoot, advanceDue, ranked, due } = state;
  const edges = [state.opens, state.proposalEnds, state.revealEnds, state.provingEnds, state.acceptanceEnds];
  const windowAt = (i: number) => ({ from: Number(edges[i]!), until: Number(edges[i + 1]!) });
  const windows = { proposal: windowAt(0), reveal: windowAt(1), prove: windowAt(2), deliver: windowAt(3) };
  return {
    ...{ phase: shownPhase(state), round, commitRound: commitRound ?? null, number: roundNumber.toString() },
    windows: round.attempt === 0 ? null : windows,
    ...{ parent: parentOf(toHex32(parent)), stateRoot: toHex32(stateRoot), advanceDue },
    ...{ candidates: ranked, operationsDue: due.count },
  };
}
