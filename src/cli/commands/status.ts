import { toHex32 } from "../../protocol/hex.ts";
import { Command, Option } from "commander";
import type { RoundState } from "../../chain/actions/getRoundState.ts";
import { shownPhase } from "../../protocol/phase.ts";
import { roundOf, type Round } from "../../protocol/round.ts";
import type { CommandContext } from "../context.ts";
import { deploymentOption, jsonOption, parseProver, rpcOption } from "../options.ts";
import { type EngineChoice, environmentEngine } from "../../proving/engineChoice.ts";
import { KernelsError } from "../../proving/errors.ts";
import { identifiedOperator } from "../operator.ts";
import { createOutput, type Output } from "../output.ts";
import { callerPath } from "../paths.ts";
import { rankingTable } from "../rankingTable.ts";
import { type RollupFlags, withRollup } from "../rollup.ts";

interface StatusFlags extends Omit<RollupFlags, "rpc"> {
  readonly rpc?: string;
  readonly prover?: true | EngineChoice;
  readonly keystore?: string;
  readonly passwordFile?: string;
  readonly json?: true;
}

/** For readers: until when, or what comes next. */
function phaseOf(state: RoundState, now: bigint): string {
  if (shownPhase(state) === "Waiting") return "Waiting: the first commit opens the first round";
  const { proposalEnds, revealEnds, provingEnds, acceptanceEnds } = state;
  const edges = { Proposing: proposalEnds, Revealing: revealEnds, Proving: provingEnds, Delivering: acceptanceEnds };
  const ends = (edges as Partial<Record<string, bigint>>)[state.phase];
  if (ends !== undefined) return `${state.phase}, ${ends - now} s more`;
  return state.phase === "Expired" ? "Expired: the next commit opens another attempt" : state.phase;
}

const nameOf = ({ height, attempt }: Round): string => `height ${height}, attempt ${attempt}`;

/**
 * Until a round's commits are revealed, a commit to the next height is taken and names one of them as its parent. Where
 * there is none it cannot become anything: the round will fail, and with it what was committed for the height after.
 * @param parents commits of the open round that may still be proven
 */
function commitsLine(state: RoundState, commits: number, parents: number, now: bigint): string {
  const { commitRound, round, phase, revealEnds } = state;
  if (commitRound === undefined) return `${commits}`;
  if (phase !== "Revealing" || parents > 0) return `${commits}, taken for ${nameOf(commitRound)}`;
  const again = nameOf({ ...round, attempt: round.attempt + 1 });
  return (
    `${commits}, none for height ${commitRound.height} to build on: the first commit in ${revealEnds - now} s or ` +
    `later opens ${again}`
  );
}

/** @param queued all operations that no final block has */
function operationsLine({ commitRound, due, commitDue }: RoundState, queued: number): string {
  return (
    `${queued} queued, ${due.count} of them due` +
    (commitRound ? `, ${commitDue.count} for ${nameOf(commitRound)}` : "")
  );
}

const MISSING_OPTION = { code: "commander.missingMandatoryOptionValue" };

/** What makes proofs, and why. Takes some seconds the first time, when the kernels are compiled. */
async function showProver(asked: EngineChoice | undefined, output: Output): Promise<void> {
  const { prover, reason } = await proverOf(asked);
  output.print(`prover      ${prover}: ${reason}`);
  output.result({ prover, reason });
}

async function proverOf(asked: EngineChoice | undefined): Promise<{ prover: string; reason: string }> {
  const isAsked = "asked for by --prover or B52_PROVER";
  if (typeof asked === "object") {
    const { assertRapidsnark } = await import("../../proving/rapidsnark.ts");
    await assertRapidsnark(asked.rapidsnark);
    return { prover: `rapidsnark at ${asked.rapidsnark}`, reason: isAsked };
  }
  if (asked === "snarkjs") return { prover: asked, reason: isAsked };
  const { chooseEngine } = await import("../../proving/groth16/engine.ts");
  const engine = await chooseEngine();
  if (engine.name === "kernels") return { prover: "kernels", reason: "this machine multiplies exactly" };
  if (asked === "kernels") throw new KernelsError(engine.reason);
  return { prover: "snarkjs", reason: engine.reason };
}

/** What an operator has on L1. */
async function showStanding(
  flags: StatusFlags & RollupFlags & { readonly keystore: string },
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const identity = await identifiedOperator(flags, signal);
  const { earningsOf, standingLines, standingOf } = await import("../../operator/index.ts");
  await withRollup(flags, output, signal, async (client) => {
    const standing = await standingOf(client, identity);
    const earned = standing.prover && (await earningsOf(client, standing.prover.index));
    for (const line of standingLines(standing, client.deployment.asset, earned)) output.print(line);
    output.result({ ...standing, ...(earned && { earned }) });
  });
}

export const statusCommand = ({ signal }: CommandContext): Command =>
  new Command("status")
    .description("Show what the rollup accepts now, and until when, and which commits lead.")
    .addOption(rpcOption("an Ethereum node of the chain that the rollup is on"))
    .addOption(deploymentOption("what `b52 deploy` wrote"))
    .addOption(
      new Option(
        "--prover [name]",
        "say instead what makes proofs on this machine, and why: by itself, or when asked so",
      ).argParser(parseProver),
    )
    .addOption(
      new Option(
        "--keystore <file>",
        "say instead what this operator has: ether, tokens, stake, seat, what it has earned and not claimed",
      ).argParser(callerPath),
    )
    .addOption(
      new Option("--password-file <file>", "of a keystore that does not say whose it is").argParser(callerPath),
    )
    .addOption(jsonOption())
    .action(async (flags: StatusFlags, command: Command) => {
      const output = createOutput(flags.json === true);
      if (flags.prover !== undefined)
        return showProver(flags.prover === true ? environmentEngine() : flags.prover, output);
      const rpc = flags.rpc ?? command.error("error: required option '--rpc <url>' not specified", MISSING_OPTION);
      const { keystore } = flags;
      if (keystore !== undefined) return showStanding({ ...flags, rpc, keystore }, output, signal);
      const { getCommits } = await import("../../chain/actions/getCommits.ts");
      const { rankCommits } = await import("../../chain/actions/rankCommits.ts");
      const { getSizeFactors } = await import("../../chain/actions/getSizeFactors.ts");
      const { getRoundState } = await import("../../chain/actions/getRoundState.ts");
      const { knownBlock } = await import("../../chain/head.ts");
      const { EXPONENT_ONE } = await import("../../protocol/policies/dynamicScore.ts");
      await withRollup({ ...flags, rpc }, output, signal, async (client) => {
        const [state, block] = await Promise.all([getRoundState(client), knownBlock(client.provider, "latest")]);
        const [commits, ranking, { posted }] = await Promise.all([
          getCommits(client, state.round),
          rankCommits(client),
          client.bridge.queue(),
        ]);
        const factors = await getSizeFactors(
          client,
          ranking.map(({ proposalId }) => proposalId),
        );
        const ranked = ranking.map((commit, i) => ({ ...commit, sizeFactor: factors[i] }));
        const now = BigInt(block.timestamp);
        const parents = ranked.filter(
          ({ commitment }) => roundOf(commitment.terms.roundId).height === state.round.height,
        ).length;
        const queued = Number(posted) - state.due.first;
        output.print(`phase       ${phaseOf(state, now)}`);
        output.print(`round       ${nameOf(state.round)}`);
        output.print(`commits     ${commitsLine(state, commits.length, parents, now)}`);
        output.print(`candidates  ${state.ranked}`);
        output.print(`operations  ${operationsLine(state, queued)}`);
        output.print(
          `builds on   ${state.parent === 0n ? "genesis" : `proposal ${toHex32(state.parent)}`}` +
            (state.advanceDue ? ", final with the next action" : ""),
        );
        output.print(`state root  ${toHex32(state.stateRoot)}`);
        if (state.parentRef !== 0)
          output.print(`parent      seat ${state.parentRef}: commits to this round were made for it`);
        if (state.exponent !== 0) output.print(`exponent    ${state.exponent / EXPONENT_ONE}`);
        if (state.roundSeed !== 0n) output.print(`round seed  ${toHex32(state.roundSeed)}`);
        for (const line of rankingTable(ranked)) output.print(line);
        output.result({
          ...state,
          phase: shownPhase(state),
          timestamp: now,
          commits: commits.length,
          parents,
          queued,
          ranking: ranked.map(({ commitment: { proposer, terms, committedAt }, ...reach }) => {
            const { roundId, ...offer } = terms;
            return { round: roundOf(roundId), proposer, ...offer, committedAt, ...reach };
          }),
        });
      });
    });
