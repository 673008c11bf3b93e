import type { SecretKey } from "../../protocol/eddsa.ts";
import type { CircuitName } from "../../proving/circuitInstance.ts";
import { commitIn, type L1View } from "../l1View.ts";
import { planName } from "../plan.ts";
import type { NodeProver, TalkingPorts } from "../ports.ts";
import { StoredValue } from "../storedValue.ts";
import { attempt } from "./attempt.ts";
import type { OpenPlans } from "./openPlans.ts";
import type { ProverMemory } from "./own.ts";
import { decodeRates, encodeRates, learn, type Rates } from "./rates.ts";
import { type ProverAction, slotKey } from "./view.ts";
import { proveSlot } from "./work.ts";

type Prove = ProverAction & { kind: "prove" };

export interface ProofMakerOptions {
  readonly secret: SecretKey;
  /** Told of each proof that is made and written down. */
  readonly onDone: (action: Prove) => void;
}

export interface ProofMakerPorts extends TalkingPorts {
  readonly prover: NodeProver;
}

/** Has proofs made beside everything else, and measures what they take. */
export class ProofMaker {
  readonly #options: ProofMakerOptions;
  readonly #ports: ProofMakerPorts;
  readonly #memory: ProverMemory;
  readonly #plans: OpenPlans;
  readonly #tasks = new Map<string, Promise<void>>();
  readonly #rates: StoredValue<Rates>;
  #slashSeconds: bigint | undefined;
  #failure: Error | undefined;

  constructor(options: ProofMakerOptions, ports: ProofMakerPorts, memory: ProverMemory, plans: OpenPlans) {
    this.#options = options;
    this.#ports = ports;
    this.#memory = memory;
    this.#plans = plans;
    this.#rates = new StoredValue(ports.store, "proving rates", { encode: encodeRates, decode: decodeRates });
  }

  /** What proofs take here. */
  get rates(): Rates {
    return this.#rates.value;
  }

  /** Slots that are being proven, as `slotKey` writes them. */
  get inHand(): ReadonlySet<string> {
    return new Set(this.#tasks.keys());
  }

  /** @throws what ended a proof that should not have ended */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Settles when no proof is in hand any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#tasks.values());
  }

  /** Begins a proof. */
  begin(action: Prove, l1: L1View, signal: AbortSignal): void {
    const { clock, waker, log } = this.#ports;
    const { proposalId, slot } = action;
    const id = slotKey(proposalId, slot);
    const done = clock.busy();
    const work = async (): Promise<void> => this.#make(action, l1, signal);
    const task = attempt(work, { clock, log }, { proposal: proposalId, slot }, signal)
      .then((failure) => {
        this.#failure ??= failure;
      })
      .finally(() => {
        this.#tasks.delete(id);
        waker.wake();
        done();
      });
    this.#tasks.set(id, task);
  }

  async #make(action: Prove, l1: L1View, signal: AbortSignal): Promise<void> {
    const { log, database } = this.#ports;
    const { secret, onDone } = this.#options;
    const { proposalId, slot, isNamed } = action;
    const plan = this.#plans.of(proposalId, l1)!;
    const name = planName(l1, commitIn(l1, proposalId)!);
    const keepUntil = l1.round.acceptanceEnds + (await this.#slashWindow());
    const job = await proveSlot(
      { plan, slot, secret: isNamed ? secret : undefined, keepUntil },
      database,
      this.#timed((circuit, seconds) =>
        log.info("proven", `a ${circuit} proof is made`, { proposal: proposalId, slot, isNamed, circuit, seconds }),
      ),
      signal,
    );
    if (job === undefined) return;
    const { mask, workerKey, beta, proof } = job;
    const { roundNumber } = l1.round;
    await this.#memory.write({
      ...{ kind: "proof", roundNumber, proposalId, slot, plan: name, mask, workerKey, beta, proof },
    });
    onDone(action);
  }

  /** Makes proofs, and measures what that takes. @param onProven is told of each that is made */
  #timed(onProven: (circuit: CircuitName, seconds: number) => void): NodeProver {
    return {
      prove: async (circuit, task, signal) => {
        const begun = performance.now();
        const proof = await this.#ports.prover.prove(circuit, task, signal);
        const seconds = (performance.now() - begun) / 1_000;
        onProven(circuit, seconds);
        await this.#rates.write(learn(this.#rates.value, circuit, seconds));
        return proof;
      },
    };
  }

  /** Seconds. */
  async #slashWindow(): Promise<bigint> {
    return (this.#slashSeconds ??= await this.#ports.client.court.slashWindow());
  }
}
