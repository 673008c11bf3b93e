import { approve } from "../chain/index.ts";
import type { RolePorts } from "./ports.ts";

/** Lets `spender` pull `amount` wei of the sender's native tokens, unless it may already. */
export async function approveAtLeast(
  { client, signer }: Pick<RolePorts, "client" | "signer">,
  spender: string,
  amount: bigint,
): Promise<void> {
  const allowance = await client.token.allowance(await signer.getAddress(), spender);
  if (allowance < amount) await approve(client, signer, spender, amount);
}
