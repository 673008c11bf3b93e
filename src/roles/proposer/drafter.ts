import { draftBlock } from "../../block/draft.ts";
import { keepBlobs } from "../../block/keepBlobs.ts";
import { getQueue } from "../../chain/index.ts";
import { roundOf } from "../../protocol/round.ts";
import type { Rules } from "../../state/executor.ts";
import { rewardOf } from "../economy.ts";
import type { L1View } from "../l1View.ts";
import type { TalkingPorts } from "../ports.ts";
import { broadcast } from "../broadcast.ts";
import { blockValue } from "./bidding.ts";
import type { Builder } from "./builder.ts";
import { draftIn, proposalOf, type ProposerMemory } from "./own.ts";
import { offerKey, type ProposerAction, type ProposerPolicy } from "./view.ts";

export interface DrafterOptions {
  readonly policy: ProposerPolicy;
  readonly rules: Rules;
}

export interface DrafterPorts extends TalkingPorts {
  readonly builder: Builder;
  /** 32 random bytes as hexadecimal: a salt that nobody else knows. */
  readonly salt: () => string;
}

/** Drafts blocks, knows what they are worth, and offers them. */
export class Drafter {
  readonly #options: DrafterOptions;
  readonly #ports: DrafterPorts;
  readonly #memory: ProposerMemory;
  readonly #sent: Set<string>;

  /** @param sent offers that were made since the start, as `offerKey` */
  constructor(options: DrafterOptions, ports: DrafterPorts, memory: ProposerMemory, sent: Set<string>) {
    this.#options = options;
    this.#ports = ports;
    this.#memory = memory;
    this.#sent = sent;
  }

  /** Tells the ledger of what was drafted before a restart. */
  remember(): void {
    for (const { proposalId, parent, txsRoot, txCount, operations, elements } of this.#memory.own.drafts)
      this.#ports.ledger.add({ proposalId, parent, txsRoot, txCount, data: { operations, elements } });
  }

  /** What its drafts are worth to it if they win, wei of the native token. */
  async values(): Promise<ReadonlyMap<bigint, bigint>> {
    const { reader, ledger } = this.#ports;
    const economy = await reader.economy();
    const { feePrice } = this.#options.policy;
    return new Map(
      this.#memory.own.drafts.map(({ proposalId, roundId, proverShareBps }) => {
        const fees = ledger.executed(proposalId)?.bases.reduce((sum, base) => sum + base.fees, 0n) ?? 0n;
        const reward = rewardOf(economy, roundOf(roundId).height);
        return [proposalId, blockValue({ feePrice, proverShareBps }, { reward, fees })];
      }),
    );
  }

  /** Orders a block and writes it down, with all that its reveal takes. */
  async draft(
    { roundNumber, roundId, parent }: ProposerAction & { kind: "draft" },
    l1: L1View,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { builder, client, signer, ledger, salt, database } = this.#ports;
    await database.requireFreeSpace();
    const { policy, rules } = this.#options;
    const { first, count } = l1.round.commitDue;
    const operations = (await getQueue(client, { first, count })).map(({ packed }) => packed);
    const { proverShareBps, burnBid } = policy;
    const request = {
      ...{ operations, rules, roundId, parent, proverShareBps },
      state: ledger.stateAfter(parent)!,
      proposer: await signer.getAddress(),
    };
    const pool = await builder.order(request, signal);
    const { proposal, proposalId, executed, order, blobs } = await draftBlock({ ...request, pool, salt: salt() });
    const { txsRoot, txCount } = order;
    const { data } = executed;
    await keepBlobs(this.#ports.blobs, { blobs });
    await this.#memory.write({
      ...{ kind: "draft", roundNumber, roundId, parent, due: { first, count }, proverShareBps, burnBid, proposalId },
      orderCommitment: proposal.orderCommitment,
      ...{ salt: order.salt, txsRoot, txCount, operations: data.operations, elements: [...data.elements] },
      blobs: blobs.map(({ sidecar: { commitment, proof: blobProof, cellProofs }, y, proof }) => ({
        ...{ commitment, blobProof, cellProofs, y, proof },
      })),
      draftedAt: l1.now,
    });
    ledger.add({ proposalId, parent, txsRoot, txCount, data }, executed);
  }

  /** Tells everybody, itself too: it ignores votes for what it does not know. */
  async offer({ proposalId, burnBid }: ProposerAction & { kind: "offer" }): Promise<void> {
    const { hearing, signer } = this.#ports;
    const { domain } = this.#options.rules;
    const draft = draftIn(this.#memory.own, proposalId);
    const message = { proposal: proposalOf(draft, domain, await signer.getAddress()), burnBid };
    hearing.hear({ topic: "proposals", message });
    await broadcast(this.#ports, "proposals", message);
    this.#sent.add(offerKey(proposalId, burnBid));
  }
}
