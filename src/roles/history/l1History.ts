import type { Profile } from "../../protocol/profile.ts";
import { roundOf } from "../../protocol/round.ts";
import { CommitHistory } from "./commitHistory.ts";
import type { EventArgs, L1Event } from "./event.ts";
import { PaymentHistory } from "./paymentHistory.ts";
import { ProverHistory } from "./proverHistory.ts";
import { ProposerHistory } from "./proposerHistory.ts";

/** What events tell, and L1's storage does not. Begins empty, at the block of the deployment. */
export class L1History {
  readonly commits: CommitHistory;
  readonly payments: PaymentHistory;
  readonly provers: ProverHistory;
  readonly proposers = new ProposerHistory();

  /** @param isByHead whether a prover is paid once for a block, not for each slot */
  constructor(profile: Profile, isByHead = false) {
    this.commits = new CommitHistory(profile);
    this.payments = new PaymentHistory(isByHead);
    this.provers = new ProverHistory(profile);
  }

  /** @param event in the order in which L1 has them */
  apply({ name, args }: L1Event): void {
    switch (name) {
      case "Registered":
        return this.provers.onRegistered(args);
      case "StakeAdded":
        return this.provers.onStake(args);
      case "Slashed":
        // Court and registry both have an event of this name.
        return "proposalId" in args ? this.provers.onCharged(args) : this.provers.onStake(args);
      case "ExitRequested":
        return this.provers.onExitRequested(args);
      case "Redeemed":
        this.provers.onRedeemed(args);
        return this.payments.onRedeemed(args);
      case "SeatTaken":
        return this.proposers.onSeatTaken(args);
      case "Deposited":
      case "Withdrawn":
        // Rollup and registry both have an event of this name.
        return "lane" in args ? this.proposers.onBalance(args) : this.provers.onStake(args, 0n);
      case "Committed":
        return this.commits.onCommitted(args);
      case "Revealed":
        return this.commits.onRevealed(args);
      case "CandidateProven":
        return this.commits.onProven(args);
      case "HandedIn":
        return this.commits.onHandedIn(args);
      case "VotesKept":
        return this.commits.onVotesKept(args);
      case "Settled":
        return this.commits.onSettled(args);
      case "CandidatePaid":
        return this.#onPaid(args["proposalId"] as bigint);
      case "Advanced":
        return this.#onAdvanced(args);
      case "ProverClaimed":
        return this.payments.onClaimed(args);
    }
  }

  #onPaid(proposalId: bigint): void {
    const commit = this.commits.of(proposalId);
    this.commits.onPaid(proposalId);
    if (commit !== undefined) this.payments.onPaid(proposalId, commit, this.commits.flagsOf(proposalId));
  }

  #onAdvanced(args: EventArgs): void {
    const roundId = args["roundId"] as bigint;
    const { height } = roundOf(roundId);
    this.provers.onDecided(height, this.commits.provenIn(roundId));
    this.commits.onAdvanced(height, args["proposalId"] as bigint, this.proposers.seats);
  }
}
