import { addStake, claimProver, redeem, requestExit, withdrawStake } from "../../chain/index.ts";
import { approveAtLeast } from "../approval.ts";
import type { L1View } from "../l1View.ts";
import type { RolePorts } from "../ports.ts";
import { type Redeemable, RedeemReader } from "./redeeming.ts";
import { claimsOf, isStakeLow } from "./standing.ts";
import type { ProverAction, ProverPolicy } from "./view.ts";

type Ports = Pick<RolePorts, "client" | "signer">;

/** What it does with its owner's money: see `standing`. */
export type MoneyAction = ProverAction & { kind: "claim" | "redeem" | "addStake" | "requestExit" | "withdraw" };

/** Looks after a prover's stake and its rewards. */
export class Treasurer {
  readonly #ports: Ports;
  /** In the registry. */
  readonly #index: number;
  readonly #redeemable: RedeemReader;
  #balance: { readonly block: string; readonly amount: bigint } | undefined;

  constructor(ports: Ports, index: number) {
    this.#ports = ports;
    this.#index = index;
    this.#redeemable = new RedeemReader(ports.client, index);
  }

  /** What L1 says besides the view, and only where the policy asks for it. */
  async look(
    l1: L1View,
    policy: ProverPolicy,
  ): Promise<{ readonly balance: bigint; readonly redeemable: readonly Redeemable[] }> {
    const isLow = isStakeLow({ l1, index: this.#index }, policy);
    return {
      balance: isLow ? await this.#balanceAt(l1) : 0n,
      redeemable: policy.redeems ? await this.#redeemable.read(l1) : [],
    };
  }

  async perform(action: MoneyAction, l1: L1View): Promise<void> {
    const { client, signer } = this.#ports;
    switch (action.kind) {
      case "claim":
        await claimProver(client, signer, this.#index, claimsOf(l1, this.#index));
        return;
      case "redeem": {
        const { proposalId, transcript } = action;
        await redeem(client, signer, { proverIndex: this.#index, proposalId, transcript });
        return;
      }
      case "addStake":
        await approveAtLeast(this.#ports, await client.registry.getAddress(), action.amount);
        await addStake(client, signer, this.#index, action.amount);
        return;
      case "requestExit":
        await requestExit(client, signer, this.#index);
        return;
      case "withdraw":
        await withdrawStake(client, signer, this.#index);
    }
  }

  /** What its owner has of the native token, wei. */
  async #balanceAt({ block }: L1View): Promise<bigint> {
    if (this.#balance?.block !== block.hash) {
      const { client, signer } = this.#ports;
      this.#balance = { block: block.hash, amount: await client.token.balanceOf(await signer.getAddress()) };
    }
    return this.#balance.amount;
  }
}
