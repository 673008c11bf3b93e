import type { Board } from "./groth16/board.ts";
import type { HelpTask } from "./proveTask.ts";

/** A proof that a thread is making, and what others need to help it. */
export interface SharedProof {
  /** Of the key: proofs of one circuit take about as long. */
  readonly zkeyHash: string;
  readonly circuit: HelpTask["circuit"];
  readonly board: Board;
  /** Ends the proof, and what helpers do for it, at once. */
  readonly signal: AbortSignal | undefined;
}

interface Team {
  /** The one that makes the proof, and its helpers. */
  threads: number;
  /** Helpers that have ever come. */
  helpers: number;
  /** Whether a helper has failed: then none comes any more. */
  failed: boolean;
}

/** The threads that may help. */
export interface Helpers {
  /** Threads with nothing to do, now. */
  readonly free: number;
  /** Proofs that wait for a thread. */
  readonly waiting: number;
  /** @returns the seconds that the thread took to join, when it has left the proof; undefined if it came too late */
  run(task: HelpTask, signal: AbortSignal | undefined): Promise<number | undefined>;
}

/**
 * Lets threads that have nothing else to do take parts of proofs that others make.
 *
 * One more thread on a proof that `n` threads make saves about `seconds / n - seconds / (n + 1)`. It is worth it where
 * that is more than it takes a thread to join. Both are measured: seconds with every proof of the circuit, and joining
 * with every helper that comes, the quickest so far. What is not known yet is tried.
 */
export class Teamwork {
  readonly #helpers: Helpers;
  readonly #proofs = new Map<SharedProof, Team>();
  readonly #seconds = new Map<string, number>();
  #joining: number | undefined;

  constructor(helpers: Helpers) {
    this.#helpers = helpers;
  }

  /** Whether a proof of this circuit is worth one more thread than `threads`. */
  pays(zkeyHash: string, threads: number): boolean {
    const seconds = this.#seconds.get(zkeyHash);
    return seconds === undefined || seconds / threads - seconds / (threads + 1) > (this.#joining ?? 0);
  }

  begin(proof: SharedProof): void {
    this.#proofs.set(proof, { threads: 1, helpers: 0, failed: false });
    this.balance();
  }

  /** @param seconds that the sums took, if they were finished */
  end(proof: SharedProof, seconds: number | undefined): void {
    this.#proofs.delete(proof);
    if (seconds !== undefined) return void this.#seconds.set(proof.zkeyHash, seconds);
    proof.board.recall();
    proof.board.wipe();
  }

  /** Gives free threads to proofs, or takes helpers back where proofs wait. To be called when either has changed. */
  balance(): void {
    if (this.#helpers.waiting > 0) {
      for (const [{ board }, { threads }] of this.#proofs) if (threads > 1) board.recall();
      return;
    }
    for (const [proof, team] of this.#proofs) {
      const { zkeyHash, board } = proof;
      while (this.#helpers.free > 0 && !team.failed && board.free > 0 && this.pays(zkeyHash, team.threads))
        this.#join(proof, team);
    }
  }

  #join({ circuit, board, signal }: SharedProof, team: Team): void {
    const thread = ++team.helpers;
    team.threads++;
    board.admit();
    const askedAt = performance.timeOrigin + performance.now();
    void this.#helpers
      .run({ kind: "help", circuit, board: board.data, thread, askedAt }, signal)
      .then((joining) => {
        if (joining !== undefined) this.#joining = Math.min(this.#joining ?? joining, joining);
      })
      .catch(() => {
        // What it has begun is done by another thread.
        team.failed = true;
        board.abandon(thread);
      })
      .finally(() => {
        team.threads--;
        this.balance();
      });
  }
}
