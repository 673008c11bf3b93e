import { type BaseContract, getAddress, type Log, type LogDescription } from "ethers";
import type { ChainClient } from "../../chain/index.ts";
import { toHex32 } from "../../protocol/hex.ts";
import { proposalId } from "../../protocol/proposal.ts";
import { roundOf } from "../../protocol/round.ts";
import { unpackTerms } from "../../protocol/terms.ts";
import type { StreamEvent } from "../schema/index.ts";
import type { Sql } from "./sql.ts";
import { decodeFlags, encodeFlags } from "./flags.ts";
import { LOGS_PER_BLOCK } from "./tables.ts";
import { addWork } from "./work.ts";

export type RecorderPorts = Pick<ChainClient, "deployment" | "rollup" | "registry" | "court" | "bridge">;

type Args = Readonly<Record<string, unknown>>;

/** Where a log is, for its row. */
interface Place {
  readonly at: number;
  readonly block: number;
  readonly tx: string;
  readonly maxSlots: number;
}

const big = (args: Args, name: string): bigint => args[name] as bigint;
const text = (args: Args, name: string): string => args[name] as string;
const decimal = (args: Args, name: string): string => big(args, name).toString();
const id = (args: Args, name = "proposalId"): string => toHex32(big(args, name));
const integer = (args: Args, name: string): number => Number(big(args, name));

/** Writes what a log says into the tables. */
export class Recorder {
  readonly #sql: Sql;
  readonly #deployment: RecorderPorts["deployment"];
  readonly #contracts: ReadonlyMap<string, Pick<BaseContract, "interface">>;

  constructor(sql: Sql, { deployment, rollup, registry, court, bridge }: RecorderPorts) {
    const { contracts } = deployment;
    this.#sql = sql;
    this.#deployment = deployment;
    this.#contracts = new Map<string, Pick<BaseContract, "interface">>([
      [contracts.rollup, rollup],
      [contracts.registry, registry],
      [contracts.court, court],
      [contracts.bridge, bridge],
    ]);
  }

  /** @returns what to tell of it */
  record(log: Log, maxSlots: number): StreamEvent[] {
    // Also of a log that says nothing here: that a block has one tells forks apart.
    this.#sql.run("INSERT OR IGNORE INTO blocks VALUES (?, ?)", log.blockNumber, log.blockHash);
    const event = this.#contracts.get(getAddress(log.address))?.interface.parseLog(log);
    if (!event) return [];
    const at = log.blockNumber * LOGS_PER_BLOCK + log.index;
    const told = this.#take(event, { at, block: log.blockNumber, tx: log.transactionHash, maxSlots });
    return told === undefined ? [] : [told];
  }

  #take({ name, args }: LogDescription, place: Place): StreamEvent | undefined {
    const of = args.toObject() as Args;
    switch (name) {
      case "RoundOpened":
        return this.#onRoundOpened(of, place);
      case "Committed":
        return this.#onCommitted(of, place);
      case "Revealed":
        return this.#onRevealed(of, place);
      case "CandidateProven":
        return this.#onProven(of, place);
      case "HandedIn":
        return { type: "handedIn", proposalId: id(of), slots: (of["slots"] as readonly bigint[]).map(Number) };
      case "CandidatePaid":
        return this.#onPaid(of, place);
      case "Advanced":
        return this.#onAdvanced(of, place);
      case "OperationPosted":
        this.#insert("operations", place, integer(of, "index"), text(of, "operation"), integer(of, "postedAt"));
        return { type: "posted", operation: integer(of, "index") };
      case "ExitClaimed":
        return this.#onExitClaimed(of, place);
      case "ProverClaimed":
        return this.#onProverClaimed(of, place);
      case "Slashed":
        // Court and registry both have an event of this name.
        return "proposalId" in of ? this.#onCharged(of, place) : prover(of);
      case "Withdrawn":
        // Rollup and registry both have an event of this name.
        return "lane" in of ? undefined : prover(of);
      case "Registered":
      case "StakeAdded":
      case "ExitRequested":
        return prover(of);
      default:
        return undefined;
    }
  }

  #insert(table: string, { at, block, tx }: Place, ...values: (string | number)[]): void {
    const marks = values.map(() => ", ?").join("");
    this.#sql.run(`INSERT INTO ${table} VALUES (?, ?, ?${marks})`, at, block, tx, ...values);
  }

  #onRoundOpened(args: Args, place: Place): undefined {
    const { height, attempt } = roundOf(big(args, "roundId"));
    const isPipelined = args["isPipelined"] === true ? 1 : 0;
    this.#insert("rounds", place, height, attempt, id(args, "parent"), integer(args, "opens"), isPipelined);
  }

  #onCommitted(args: Args, place: Place): StreamEvent {
    const { roundId, proverShareBps, burnBid, parentRef } = unpackTerms(big(args, "terms"));
    const round = roundOf(roundId);
    const [proposer, order] = [text(args, "proposer"), text(args, "orderCommitment")];
    this.#insert(
      ...(["commits", place, round.height, round.attempt, proposer, order, proverShareBps] as const),
      ...[burnBid.toString(), parentRef, integer(args, "committedAt"), text(args, "transcript")],
    );
    return { type: "committed", round, proposer };
  }

  #onRevealed(args: Args, place: Place): StreamEvent {
    const round = roundOf(big(args, "roundId"));
    const { height, attempt } = round;
    const counts = [integer(args, "txCount"), integer(args, "l1OpCount")] as const;
    const blobs = (args["blobHashes"] as readonly string[]).join();
    const commit = this.#commitOf(args);
    this.#insert("reveals", place, id(args), height, attempt, commit, ...counts, blobs);
    return { type: "revealed", proposalId: id(args), round };
  }

  /** Which of the commits of a round by its proposer was revealed, its row's `at`: several are branches. */
  #commitOf(args: Args): number {
    const roundId = big(args, "roundId");
    const { height, attempt } = roundOf(roundId);
    const opened = this.#sql.get<{ parent: string }>(
      "SELECT parent FROM rounds WHERE height = ? AND attempt = ? ORDER BY at DESC LIMIT 1",
      ...[height, attempt],
    );
    const proposer = text(args, "proposer");
    const commits = this.#sql.all<{ at: number; order_commitment: string; share_bps: number }>(
      `SELECT at, order_commitment, share_bps FROM commits
       WHERE height = ? AND attempt = ? AND proposer = ? ORDER BY at DESC`,
      ...[height, attempt, proposer],
    );
    const { domain } = this.#deployment;
    const parent = BigInt(opened!.parent);
    const found = commits.find(({ order_commitment, share_bps }) => {
      const proposal = { domain, roundId, parent, orderCommitment: order_commitment, proverShareBps: share_bps };
      return proposalId({ ...proposal, proposer }) === big(args, "proposalId");
    });
    return found!.at;
  }

  #onProven(args: Args, place: Place): StreamEvent {
    const round = roundOf(big(args, "roundId"));
    const before = this.#sql.get<{ score: string; flags: string }>(
      "SELECT score, flags FROM candidates WHERE proposal = ? ORDER BY at DESC LIMIT 1",
      id(args),
    );
    const known = before === undefined ? [] : decodeFlags(before.flags);
    const flags = (args["flags"] as readonly bigint[]).map((word, i) => word | (known[i] ?? 0n));
    const [now, then] = [big(args, "score"), BigInt(before?.score ?? 0)];
    const score = (now > then ? now : then).toString();
    const { height, attempt } = round;
    const provers = integer(args, "provers");
    this.#insert("candidates", place, id(args), height, attempt, score, provers, encodeFlags(flags));
    return { type: "proven", proposalId: id(args), round, score };
  }

  #onPaid(args: Args, place: Place): undefined {
    const amounts = [decimal(args, "burnt"), decimal(args, "proposerReward"), decimal(args, "fees")];
    this.#insert("payments", place, id(args), text(args, "proposer"), integer(args, "place"), ...amounts);
  }

  #onAdvanced(args: Args, place: Place): StreamEvent {
    const { height, attempt } = roundOf(big(args, "roundId"));
    const before = this.#sql.get<{ next: number }>(
      "SELECT first_operation + op_count AS next FROM heights WHERE height = ?",
      height - 1,
    );
    const reveal = this.#sql.get<{ op_count: number }>("SELECT op_count FROM reveals WHERE proposal = ?", id(args));
    const [stateRoot, minted, burnt] = [id(args, "stateRoot"), decimal(args, "minted"), decimal(args, "burnt")];
    const operations = [before?.next ?? 0, reveal!.op_count];
    this.#insert("heights", place, height, attempt, id(args), stateRoot, minted, burnt, ...operations);
    addWork(this.#sql, this.#deployment.profile, { height, attempt }, place);
    return { type: "final", height, proposalId: id(args), stateRoot };
  }

  #onExitClaimed(args: Args, place: Place): StreamEvent {
    const position = integer(args, "position");
    this.#insert("exit_claims", place, id(args), position);
    const [owner, amount] = [text(args, "owner"), decimal(args, "amount")];
    return { type: "exitClaimed", proposalId: id(args), position, owner, amount };
  }

  #onProverClaimed(args: Args, place: Place): undefined {
    const index = integer(args, "proverIndex");
    const known = this.#sql.get<{ claimed: string }>(
      "SELECT claimed FROM claims WHERE prover = ? ORDER BY at DESC LIMIT 1",
      index,
    );
    this.#insert("claims", place, index, (BigInt(known?.claimed ?? 0) + big(args, "amount")).toString());
  }

  #onCharged(args: Args, place: Place): StreamEvent {
    const index = integer(args, "proverIndex");
    const known = this.#sql.get<{ slashes: number; burnt: string }>(
      "SELECT slashes, burnt FROM burns WHERE prover = ? ORDER BY at DESC LIMIT 1",
      index,
    );
    const burnt = (BigInt(known?.burnt ?? 0) + big(args, "burnt")).toString();
    this.#insert("burns", place, index, (known?.slashes ?? 0) + 1, burnt);
    return { type: "prover", index };
  }
}

const prover = (args: Args): StreamEvent => ({ type: "prover", index: integer(args, "index") });
