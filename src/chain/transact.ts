import type { ContractTransactionReceipt, ContractTransactionResponse, Overrides, Signer } from "ethers";
import { type ContractError, reasonOf, TransactionError } from "./errors.ts";
import { GasHeadroom } from "./gasHeadroom.ts";
import { inTurn } from "./inTurn.ts";
import { waitingOf } from "./provider.ts";
import { decodeRevert } from "./revert.ts";

/** How long a transaction may wait to be mined. */
const MINING_TIMEOUT_MS = 120_000;

/**
 * Sends a transaction and waits until it is mined. Any number may be sent at the same time, by the same or different
 * senders.
 *
 * @param call what is called, for messages
 * @param submit sends it, through the signer and with the overrides that it is given
 * @throws ContractError when a contract refuses it
 * @throws TransactionError when it cannot be sent, or is not mined in time
 */
export async function transact(
  call: string,
  signer: Signer,
  submit: (sender: Signer, overrides: Overrides) => Promise<ContractTransactionResponse>,
): Promise<ContractTransactionReceipt> {
  const sender = await signer.getAddress();
  const waiting = waitingOf(signer.provider);
  let response: ContractTransactionResponse | undefined;
  try {
    response = await inTurn(sender, async () =>
      submit(new GasHeadroom(signer), { nonce: await signer.getNonce("pending") }),
    );
    const { hash } = response;
    const mined = response.wait(1, MINING_TIMEOUT_MS);
    const receipt = await waiting.until(mined, () => `transaction ${hash} (${call}) to be mined`);
    if (receipt === null) throw new Error("it was not mined");
    return receipt;
  } catch (failure) {
    waiting.signal?.throwIfAborted();
    const refusal = decodeRevert(call, failure) ?? (response && (await replay(call, signer, response)));
    const reason = isTimeout(failure) ? notMined(response) : reasonOf(failure);
    throw refusal ?? new TransactionError(call, sender, reason, { cause: failure });
  }
}

const isTimeout = (failure: unknown): boolean => (failure as { code?: unknown }).code === "TIMEOUT";

const notMined = (response: ContractTransactionResponse | undefined): string =>
  `transaction ${response?.hash ?? "unknown"} was not mined in ${MINING_TIMEOUT_MS / 1_000} s, ` +
  "expected a node that makes blocks: it may still be mined";

/** Why a mined transaction reverted: the receipt does not tell, the same call right after it usually does. */
async function replay(
  call: string,
  signer: Signer,
  { to, from, data }: ContractTransactionResponse,
): Promise<ContractError | undefined> {
  try {
    await signer.provider?.call({ to, from, data });
  } catch (failure) {
    return decodeRevert(call, failure);
  }
}

/** Runs a read-only call. @throws ContractError when a contract refuses it */
export async function ask<T>(call: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (failure) {
    throw decodeRevert(call, failure) ?? failure;
  }
}
