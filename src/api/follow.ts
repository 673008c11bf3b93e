import { decodeBlob } from "../blobs/blob.ts";
import { BlobUnavailableError } from "../blobs/errors.ts";
import { knownBlock } from "../chain/head.ts";
import { type Received, type Topic, TOPICS } from "../gossip/index.ts";
import type { ProofMessage, ProposalMessage } from "../gossip/messages.ts";
import { MalformedError, OutOfRangeError } from "../protocol/errors.ts";
import { toHex32 } from "../protocol/hex.ts";
import { shownPhase } from "../protocol/phase.ts";
import { proposalId } from "../protocol/proposal.ts";
import { roundOf } from "../protocol/round.ts";
import type { Vote } from "../protocol/vote.ts";
import { keepSnapshot, keptSnapshots } from "../sync/archive.ts";
import { rollupName } from "../sync/names.ts";
import type { L1View } from "../roles/index.ts";
import { Contents, type Unfilled } from "./index/contents.ts";
import type { TransferPool } from "./pool.ts";
import type { ApiPorts } from "./ports.ts";
import { finalHeight } from "./read/blocks.ts";
import { readTransfer } from "./read/transfers.ts";
import { voteKey } from "./read/voteKey.ts";
import type { StreamEvent } from "./schema/index.ts";
import type { EventStream } from "./stream.ts";

/** Seconds. */
const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Between two looks for transfers of final blocks that nobody gave. */
const ASK_AGAIN_SECONDS = 60;

/**
 * Keeps what the API answers from up to date: at each block of L1 it reads the blobs of what was revealed, so that
 * peers can have them from here at once, and completes the index; from the gossip it takes what is said.
 */
export class Following {
  readonly #ports: ApiPorts;
  readonly #pool: TransferPool;
  readonly #stream: EventStream;
  readonly #contents: Contents;
  /** Revealed blocks that cannot be proven, so that their blobs are decoded once. */
  readonly #unusable = new Set<string>();
  /** Height of the L2 at which the pool was revised last. */
  #revisedTo: number;
  /** Unix seconds of this machine. */
  #nextSnapshot = 0;
  #isBusy = false;
  #isStale = false;
  #working: Promise<void> = Promise.resolve();
  /** A final block whose transfers are being asked for again, and when the next one may be. */
  #asking: Promise<void> | undefined;
  #asksAgainAt = 0;
  /** Its height. */
  #askedFor = 0;

  constructor(ports: ApiPorts, pool: TransferPool, stream: EventStream) {
    this.#ports = ports;
    this.#pool = pool;
    this.#stream = stream;
    this.#contents = new Contents(ports.index.sql, ports.client.deployment.profile);
    this.#revisedTo = ports.synced.head.height;
  }

  /** Follows until the signal is aborted. Settles when nothing of it runs any more. */
  async run(signal: AbortSignal): Promise<void> {
    const { reader, gossip } = this.#ports;
    const look = (): void => void (this.#working = this.#onView(signal));
    const unwatch = reader.watch(look);
    const listening = TOPICS.map((topic) => gossip.subscribe(topic));
    const ended = Promise.all(listening.map(async (subscription) => this.#listen(subscription)));
    look();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    unwatch();
    for (const subscription of listening) await subscription.return?.();
    await Promise.all([ended, this.#working]);
    await this.#asking;
  }

  async #listen(subscription: AsyncIterableIterator<Received>): Promise<void> {
    for await (const received of subscription) {
      this.#ports.hearing.hear(received);
      const event = this.#heard(received);
      if (event !== undefined) this.#stream.push(event);
    }
  }

  /** Takes transfers into the pool; of all else there is something to tell. */
  #heard({ topic, message }: { topic: Topic; message: unknown }): StreamEvent | undefined {
    const { hearing, synced } = this.#ports;
    switch (topic) {
      case "transactions":
        for (const transfer of hearing.transfers.splice(0)) this.#pool.add(transfer, synced.state);
        return undefined;
      case "proposals": {
        const { proposal } = message as ProposalMessage;
        const [id, round] = [toHex32(proposalId(proposal)), roundOf(proposal.roundId)];
        return { type: "offered", proposalId: id, round, proposer: proposal.proposer };
      }
      case "votes": {
        const vote = message as Vote;
        const [id, key] = [toHex32(vote.proposalId), toHex32(voteKey(vote))];
        return { type: "voted", proposalId: id, key, depth: vote.depth, index: vote.index };
      }
      case "proofs": {
        const proof = message as ProofMessage;
        return { type: "proofHeard", proposalId: toHex32(proof.proposalId), slot: proof.slot };
      }
    }
  }

  /** Works on one view at a time; what came meanwhile is one more. */
  #onView(signal: AbortSignal): Promise<void> {
    this.#isStale = true;
    if (this.#isBusy) return this.#working;
    this.#isBusy = true;
    return this.#catchUp(signal);
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    try {
      while (this.#isStale && !signal.aborted) {
        this.#isStale = false;
        const { latest } = this.#ports.reader;
        if (latest !== undefined) await this.#take(latest, signal);
      }
    } catch (error) {
      if (!signal.aborted)
        this.#ports.log.warn("api-behind", "the API does not know all of a block of L1, and tries again at the next", {
          error,
        });
    } finally {
      // In the same moment in which it saw that nothing is stale: a block that came any later would be left out.
      this.#isBusy = false;
    }
  }

  async #take(l1: L1View, signal: AbortSignal): Promise<void> {
    const { ledger, hearing, log, index } = this.#ports;
    const { block, round } = l1;
    this.#stream.push({
      ...{ type: "block", block, phase: shownPhase(round), round: round.round },
      finalHeight: finalHeight(index.sql),
    });
    hearing.prune(l1);
    await ledger.learn(l1, log, signal);
    for (const commit of l1.open) if (commit.reveal !== undefined) this.#keepBody(commit.proposalId);
    await this.#complete(signal);
    this.#askAgain(signal);
    this.#revise();
    await this.#keep();
  }

  /** Lets go of what final blocks include or rule out: why is known where all their transfers are here. */
  #revise(): void {
    const { synced, index } = this.#ports;
    const { height } = synced.head;
    const isKnown = this.#contents.areReadable(this.#revisedTo, height);
    this.#revisedTo = height;
    this.#pool.revise(synced.state, (id) => readTransfer(index.sql, id) !== undefined || (isKnown ? false : undefined));
  }

  /** Once a day of this machine a copy of the L2 goes to disk: L1 forgets blobs. */
  async #keep(): Promise<void> {
    const { synced, client, snapshots, log } = this.#ports;
    const now = Date.now() / 1_000;
    if (synced.head.height === 0 || now < this.#nextSnapshot) return;
    const [last] = await keptSnapshots(snapshots);
    this.#nextSnapshot = (last?.writtenAt ?? 0) + DAY;
    if (now < this.#nextSnapshot) return;
    // Where it fails, the disk is full most likely: to try at each block would keep it full.
    this.#nextSnapshot = now + HOUR;
    const path = await keepSnapshot(synced, rollupName(client.deployment), snapshots);
    this.#nextSnapshot = now + DAY;
    log.info("snapshot", "a copy of the L2 is on disk", { path, height: synced.head.height });
  }

  /** Keeps the transfers of a block that may become final. */
  #keepBody(id: bigint): void {
    const name = toHex32(id);
    const known = this.#ports.ledger.block(id);
    if (known === undefined || this.#unusable.has(name) || this.#contents.hasBody(name)) return;
    this.#add(name, known.data.elements);
  }

  #add(proposal: string, elements: readonly bigint[]): void {
    try {
      this.#contents.addBody(proposal, elements);
    } catch (error) {
      if (!(error instanceof MalformedError) && !(error instanceof OutOfRangeError)) throw error;
      if (this.#unusable.size > 1_024) this.#unusable.clear();
      this.#unusable.add(proposal);
    }
  }

  /** Completes final blocks, as far as the L2 is known here. */
  async #complete(signal: AbortSignal): Promise<void> {
    const { synced, log } = this.#ports;
    for (;;) {
      signal.throwIfAborted();
      const next = this.#contents.next();
      const known = next && synced.block(next.height);
      if (next === undefined || known === undefined || toHex32(known.proposalId) !== next.proposal) return;
      if (!this.#contents.hasBody(next.proposal)) {
        await this.#fetch(next, signal).catch((error: unknown) => {
          if (!(error instanceof BlobUnavailableError)) throw error;
          const { message } = error;
          log.warn("blob-missing", `the block cannot be read: ${message}`, { height: next.height, error });
        });
      }
      this.#contents.finish(next, synced.exitsOf(next.height));
    }
  }

  /**
   * What nobody gave before, somebody may give now. One block a minute is asked for, the next one each time, and nobody
   * waits for it: a source may take half a minute to say that it has none.
   */
  #askAgain(signal: AbortSignal): void {
    const now = Date.now() / 1_000;
    if (this.#asking !== undefined || now < this.#asksAgainAt) return;
    const missing = this.#contents.unreadable(this.#askedFor) ?? this.#contents.unreadable(0);
    if (missing === undefined) return;
    const { log } = this.#ports;
    const { height } = missing;
    this.#askedFor = height;
    this.#asking = this.#fetch(missing, signal)
      .then(() => {
        if (!this.#contents.fill(missing)) return;
        this.#asksAgainAt = 0;
        log.info("blob-found", "a block that could not be read is complete", { height });
      })
      .catch((error: unknown) => {
        this.#asksAgainAt = Date.now() / 1_000 + ASK_AGAIN_SECONDS;
        if (!signal.aborted) log.debug("blob-missing", "the block still cannot be read", { height, error });
      })
      .finally(() => (this.#asking = undefined));
  }

  /** Reads the transfers of a final block that was decided while nobody was here. @throws {BlobUnavailableError} */
  async #fetch(next: Unfilled, signal: AbortSignal): Promise<void> {
    const { blobs, client } = this.#ports;
    // A node that does not have the block is behind: the next view brings it, or drops the reveal.
    const { timestamp } = await knownBlock(client.provider, next.revealed);
    const [notBefore, notAfter] = [BigInt(next.committed_at), BigInt(timestamp)];
    const elements: bigint[] = [];
    for (const versionedHash of next.blobs.split(","))
      elements.push(...decodeBlob(await blobs.get({ versionedHash, notBefore, notAfter }, signal)));
    this.#add(next.proposal, elements);
  }
}
