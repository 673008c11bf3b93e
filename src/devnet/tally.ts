import type { BaseContract } from "ethers";
import { getAddress } from "ethers";
import type { ChainClient } from "../chain/index.ts";
import { knownBlock } from "../chain/head.ts";
import { roundOf } from "../protocol/round.ts";

/** An event of one of the rollup's contracts. */
export interface TalliedEvent {
  readonly contract: "rollup" | "court";
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What has become final, by height. */
interface FinalHeight {
  /** L1 time when its acceptance window began and ended, Unix seconds. */
  readonly acceptanceBegins: bigint;
  readonly acceptanceEnds: bigint;
}

/** Seconds. */
export interface Windows {
  readonly proposal: bigint;
  readonly acceptance: bigint;
}

/** What L1 says of a devnet's life, a fold of its events. */
export interface TallyFigures {
  /** Final. */
  readonly heights: number;
  /** Blocks that were proven. */
  readonly candidates: number;
  readonly unclesPaid: number;
  /** Charges that burned something of a stake. */
  readonly slashed: number;
  /** L2 transactions in final blocks. */
  readonly transactions: number;
  /** Of L1 time, from one height's end to the next one's; of one height alone its whole round. */
  readonly secondsPerHeight: number;
  /** Of L1 time, from one height's end to the beginning of the next acceptance window: nobody proves meanwhile. */
  readonly idleSecondsBetweenHeights: number;
}

export class Tally {
  readonly #windows: Windows;
  readonly #candidates = new Set<bigint>();
  readonly #transactions = new Map<bigint, number>();
  /** Of each round, when its proposal window opened; where it is undefined, it was the acceptance window before. */
  readonly #opens = new Map<bigint, bigint | undefined>();
  readonly #final: FinalHeight[] = [];
  #firstOpens: bigint | undefined;
  #executed = 0;
  #unclesPaid = 0;
  #slashed = 0;

  constructor(windows: Windows) {
    this.#windows = windows;
  }

  /** @param event in the order in which L1 has them */
  apply({ contract, name, args }: TalliedEvent): void {
    if (contract === "court") {
      if (name === "Slashed" && (args["burnt"] as bigint) > 0n) this.#slashed++;
      return;
    }
    switch (name) {
      case "RoundOpened": {
        const opens = args["opens"] as bigint;
        this.#firstOpens ??= opens;
        this.#opens.set(args["roundId"] as bigint, args["isPipelined"] === true ? undefined : opens);
        return;
      }
      case "Revealed":
        this.#transactions.set(args["proposalId"] as bigint, Number(args["txCount"]));
        return;
      case "CandidateProven":
        this.#candidates.add(args["proposalId"] as bigint);
        return;
      case "CandidatePaid":
        if ((args["place"] as bigint) > 0n) this.#unclesPaid++;
        return;
      case "Advanced":
        this.#onAdvanced(args["roundId"] as bigint, args["proposalId"] as bigint);
    }
  }

  get figures(): TallyFigures {
    const heights = this.#final.length;
    const [first, last] = [this.#final[0], this.#final.at(-1)];
    const from = heights > 1 ? first!.acceptanceEnds : this.#firstOpens;
    const seconds = last === undefined ? 0n : last.acceptanceEnds - from!;
    const idle = this.#final
      .slice(1)
      .reduce((sum, { acceptanceBegins }, i) => sum + acceptanceBegins - this.#final[i]!.acceptanceEnds, 0n);
    const between = Math.max(heights - 1, 1);
    return {
      heights,
      candidates: this.#candidates.size,
      unclesPaid: this.#unclesPaid,
      slashed: this.#slashed,
      transactions: this.#executed,
      secondsPerHeight: Number(seconds) / between,
      idleSecondsBetweenHeights: Number(idle) / between,
    };
  }

  #onAdvanced(roundId: bigint, proposalId: bigint): void {
    const opens = this.#opens.get(roundId);
    const before = this.#final.at(-1)?.acceptanceEnds;
    const acceptanceBegins = opens === undefined ? before! : opens + this.#windows.proposal;
    this.#final.push({ acceptanceBegins, acceptanceEnds: acceptanceBegins + this.#windows.acceptance });
    this.#executed += this.#transactions.get(proposalId) ?? 0;
    const { height } = roundOf(roundId);
    for (const id of this.#opens.keys()) if (roundOf(id).height < height) this.#opens.delete(id);
  }
}

/** Reads the events of one rollup, block by block, and begins again when L1 was reorganised. */
export class TallyReader {
  readonly #client: ChainClient;
  readonly #windows: Windows;
  #tally: Tally;
  /** The last block whose events are in the tally. */
  #read: { readonly number: number; readonly hash: string } | undefined;

  constructor(client: ChainClient, windows: Windows) {
    this.#client = client;
    this.#windows = windows;
    this.#tally = new Tally(windows);
  }

  /** Up to the latest block. */
  async read(): Promise<TallyFigures> {
    const { provider, scan, rollup, court, deployment } = this.#client;
    const { contracts } = deployment;
    const sources: ReadonlyMap<string, [TalliedEvent["contract"], BaseContract]> = new Map([
      [contracts.rollup, ["rollup", rollup]],
      [contracts.court, ["court", court]],
    ]);
    await this.#checkBefore();
    const latest = await knownBlock(provider, "latest");
    const first = this.#read === undefined ? deployment.started.number : this.#read.number + 1;
    const address = [...sources.keys()];
    const logs = await scan.all(first, latest.number, async (fromBlock, toBlock) =>
      provider.getLogs({ address, fromBlock, toBlock }),
    );
    for (const log of logs) {
      const [contract, { interface: abi }] = sources.get(getAddress(log.address))!;
      const event = abi.parseLog(log);
      if (event !== null) this.#tally.apply({ contract, name: event.name, args: event.args.toObject() });
    }
    this.#read = { number: latest.number, hash: latest.hash! };
    return this.#tally.figures;
  }

  async #checkBefore(): Promise<void> {
    if (this.#read === undefined) return;
    const found = await this.#client.provider.getBlock(this.#read.number);
    if (found?.hash === this.#read.hash) return;
    this.#read = undefined;
    this.#tally = new Tally(this.#windows);
  }
}
