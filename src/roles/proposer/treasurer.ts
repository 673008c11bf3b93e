import { claimFees, claimProposer, deposit } from "../../chain/index.ts";
import { BID_UNIT } from "../../protocol/terms.ts";
import { approveAtLeast } from "../approval.ts";
import type { L1View } from "../l1View.ts";
import type { RolePorts } from "../ports.ts";
import { lowLanes } from "./depositing.ts";
import { type Seat, SeatReader } from "./seat.ts";
import type { ProposerAction, ProposerPolicy, ProposerView } from "./view.ts";

type Ports = Pick<RolePorts, "client" | "signer">;

/** What it does with its own money. */
export type MoneyAction = ProposerAction & { kind: "deposit" | "claim" | "claimFees" };

/** Looks after a proposer's deposits, rewards and fees. */
export class Treasurer {
  readonly #ports: Ports;
  readonly #seat: SeatReader;

  #deposits: Seat["deposits"] | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#seat = new SeatReader(ports.client);
  }

  /** As they were when it looked last; undefined before. */
  get deposits(): Seat["deposits"] | undefined {
    return this.#deposits;
  }

  /** What L1 says besides the view, and of the balance only where the policy asks for it. @param me address */
  async look(me: string, l1: L1View, policy: ProposerPolicy): Promise<Seat & Pick<ProposerView, "balance">> {
    const { lanesInUse, deposits, rewards, fees } = await this.#seat.read(me, l1);
    this.#deposits = deposits;
    const isLow = lowLanes({ l1, me, deposits }, policy).length > 0;
    const balance = isLow ? await this.#ports.client.token.balanceOf(me) : 0n;
    return { lanesInUse, deposits, rewards, fees, balance };
  }

  async perform(action: MoneyAction): Promise<void> {
    const { client, signer } = this.#ports;
    switch (action.kind) {
      case "deposit":
        await approveAtLeast(this.#ports, await client.rollup.getAddress(), action.amount * BID_UNIT);
        await deposit(client, signer, action.lane, action.amount);
        return;
      case "claim":
        await claimProposer(client, signer, await signer.getAddress());
        return;
      case "claimFees":
        await claimFees(client, signer, await signer.getAddress());
    }
  }
}
