import { randomUUID } from "node:crypto";
import type { ContractTransactionReceipt } from "ethers";
import type { Call, PlanSender, TxManager, Wanted } from "../chain/tx/index.ts";
import type { RelaySender } from "../daemon/relay/index.ts";
import { decode, encode } from "../database/json.ts";
import { B52Error } from "../protocol/errors.ts";
import type { Store } from "../state/store.ts";

/** What a command is asked for. */
export interface Asked {
  /** The command and all that changes what it does; equal for what is the same. */
  readonly what: readonly unknown[];
  /** Whether it is wanted although an earlier command was asked for the same and has not told how it ended. */
  readonly again?: true | undefined;
}

/** Who sends for an errand. */
export interface ErrandSenders {
  /** With the commands' own journal. */
  readonly own: TxManager;
  /** The program that has the key; undefined where none runs. */
  readonly program: RelaySender | undefined;
  /** Errands of commands of this key. */
  readonly store: Store;
}

interface Step {
  /** See `Wanted`. */
  readonly once: string;
  readonly call: string;
  /** Journal of the program that was asked to send it. */
  readonly handedTo?: string | undefined;
}

/** What is written of an errand, from the first thing that is sent for it until its command has told how it ended. */
interface ErrandRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly begun: string;
  readonly plan: unknown;
  readonly steps: readonly Step[];
}

/** Nobody here knows whether something was sent. */
export class HandedOverError extends B52Error {
  constructor(call: string) {
    super(
      `an earlier run of this command gave ${call} to a program that does not run now, expected that one, which ` +
        "knows whether it was sent: start it, and run this again (or with --again, if you know that it was not)",
      { call },
    );
  }
}

/** They allow what is to be sent next, and have no effect of their own. */
const PREPARING: readonly string[] = ["approve", "approveAsset"];

/**
 * Something that is to be done once, although the process may be killed at any moment and the command run again. Its
 * plan, and the names under which its transactions are sent, are on disk before any is sent. The same command goes on
 * with that plan until one of its runs has ended, and so has told what came of it.
 */
export class Errand implements PlanSender {
  readonly #key: string;
  readonly #address: string;
  readonly #open: () => Promise<ErrandSenders>;
  #record: ErrandRecord;
  /** Of this run, how often each call was sent. */
  readonly #counts = new Map<string, number>();

  private constructor(key: string, address: string, open: () => Promise<ErrandSenders>, record?: ErrandRecord) {
    this.#key = key;
    this.#address = address;
    this.#open = open;
    this.#record = record ?? { id: randomUUID(), begun: new Date().toISOString(), plan: undefined, steps: [] };
  }

  /**
   * @param open gives the senders, when something is sent
   * @param known the same, if commands have sent anything for this key before
   * @param note told what is taken up
   * @throws {HandedOverError}
   */
  static async begin(
    { what, again }: Asked,
    address: string,
    open: () => Promise<ErrandSenders>,
    known: ErrandSenders | undefined,
    note: (line: string) => void,
  ): Promise<Errand> {
    const key = encode(what);
    const found = known && recordIn(known.store, key);
    if (known === undefined || found === undefined) return new Errand(key, address, open);
    if (again !== true && (await isBegun(found, known.own))) {
      const unknown = found.steps.find((step) => isAbroad(step) && step.handedTo !== known.program?.journal);
      if (unknown !== undefined) throw new HandedOverError(unknown.call);
      note(
        `this was begun ${found.begun} by a command that has not told how it ended: what it has sent is not sent ` +
          "again (--again does all of it once more)",
      );
      return new Errand(key, address, open, found);
    }
    await known.store.write(new Map([[key, undefined]]));
    return new Errand(key, address, open);
  }

  getAddress(): Promise<string> {
    return Promise.resolve(this.#address);
  }

  async planned<T>(make: () => Promise<T>): Promise<T> {
    const { plan, steps } = this.#record;
    if (steps.length > 0) return plan as T;
    const made = await make();
    this.#record = { ...this.#record, plan: made };
    return made;
  }

  async send(call: Call, wanted: Wanted = {}): Promise<ContractTransactionReceipt> {
    const { own, program } = await this.#open();
    const once = this.#nameOf(call);
    const named = { ...wanted, once };
    if ((await own.sentOnce(once)) !== undefined) return own.send(call, named);
    const step = { once, call: call.call };
    await this.#write({ ...step, handedTo: program?.journal });
    if (program === undefined) return own.send(call, named);
    try {
      return await program.send(call, named);
    } catch (error) {
      const { RelayedError } = await import("../daemon/relay/index.ts");
      if (error instanceof RelayedError && !error.isOpen) await this.#write(step);
      throw error;
    }
  }

  /** The command has told how it ended. */
  async end(): Promise<void> {
    if (this.#record.steps.length === 0) return;
    const { store } = await this.#open();
    await store.write(new Map([[this.#key, undefined]]));
  }

  /** The same for the same place in the plan. */
  #nameOf({ call }: Call): string {
    const count = this.#counts.get(call) ?? 0;
    this.#counts.set(call, count + 1);
    return `${this.#record.id}/${call}/${count}`;
  }

  async #write(step: Step): Promise<void> {
    const { store } = await this.#open();
    const steps = [...this.#record.steps.filter(({ once }) => once !== step.once), step];
    this.#record = { ...this.#record, steps };
    await store.write(new Map([[this.#key, encode(this.#record)]]));
  }
}

/** Whether only a program knows what has come of it. */
const isAbroad = ({ call, handedTo }: Step): boolean => handedTo !== undefined && !PREPARING.includes(call);

const recordIn = (store: Store, key: string): ErrandRecord | undefined => {
  const found = store.get(key);
  return found === undefined ? undefined : (decode(found) as ErrandRecord);
};

/** Whether anything of it may have an effect on L1. If not, it is planned anew. */
async function isBegun({ steps }: ErrandRecord, own: TxManager): Promise<boolean> {
  for (const step of steps) {
    if (PREPARING.includes(step.call)) continue;
    if (isAbroad(step)) return true;
    const row = await own.sentOnce(step.once);
    if (row !== undefined && row.inclusion?.isReverted !== true) return true;
  }
  return false;
}
