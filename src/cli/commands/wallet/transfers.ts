import { InvalidArgumentError, Option } from "commander";
import { parseAccount } from "../../options.ts";
import { plural } from "../../output.ts";
import { type WalletFlags, withWallet } from "../../wallet.ts";
import { readRequest } from "./request.ts";

/** What a transfer on the L2 takes, be it to an account or out. */
export interface TransferFlags extends WalletFlags {
  readonly fee: string;
  readonly account?: number;
  readonly nonce?: bigint;
  readonly print?: true;
}

export const transferOptions = (): Option[] => [
  new Option("--fee <amount>", "for the proposer, whole tokens with decimals; full blocks take the highest").default(
    "0",
  ),
  ownAccountOption(),
  new Option(
    "--nonce <number>",
    "replace what was published with this nonce, for a higher fee than that had; 0 to the sending account takes it " +
      "back (default: the next one)",
  ).argParser(parseNonce),
  new Option("--print", "print the signed transfer instead of publishing it on L1"),
];

export const ownAccountOption = (): Option =>
  new Option("--account <index>", "which of the wallet's accounts (default: its own with the most)").argParser(
    parseAccount,
  );

/** What a printed transfer is passed on by does not tell the wallet. */
const UNSEEN =
  "unless it is told another one by --nonce, or by --api at which follower this one waits: by itself a wallet sees " +
  "only what it has published on L1";

/** Signs a transfer and publishes or prints it. @param to 0: out */
export async function sendTransfer(to: number, text: string, flags: TransferFlags, signal: AbortSignal): Promise<void> {
  const { account, nonce, print } = flags;
  const isReplacement = nonce !== undefined;
  const { amount, fee } = await readRequest(flags, { text, fee: flags.fee, to, account, isReplacement });
  const isPublished = print !== true;
  const what = isPublished ? ["wallet send", to, amount, fee, account, nonce] : undefined;
  await withWallet(flags, signal, what, async ({ context, output }) => {
    const [{ send }, { formatAmount }, { addressOf }, { crowdOf, describeCrowd }] = await Promise.all([
      import("../../../wallet/send.ts"),
      import("../../../wallet/amount.ts"),
      import("../../../wallet/accounts.ts"),
      import("../../../wallet/crowd.ts"),
    ]);
    const { asset, synced } = context;
    const sent = await send(context, { to, amount, fee, account, nonce, isPublished });
    const { transfer, encoded, ahead, needsQueue, transaction } = sent;
    const receiver = to === 0 ? `${addressOf(synced.state.account(transfer.from).l1Owner)} on L1` : `account ${to}`;
    output.print(
      `${formatAmount(amount, asset)} from account ${transfer.from} to ${receiver}, nonce ${transfer.nonce}` +
        (ahead === 0 ? "" : `, behind ${plural(ahead, "transfer")} in no block yet`),
    );
    if (needsQueue) output.note("it depends on what is in the bridge's queue: no block can have it before that");
    const crowd = crowdOf(context);
    if (crowd !== undefined && transfer.fee <= crowd.lowestFee)
      output.note(
        `${describeCrowd(crowd, (wei) => formatAmount(wei, asset))}: with no more than that it may wait for long ` +
          `(--nonce ${transfer.nonce} with a higher --fee replaces it)`,
      );
    if (transaction === undefined) output.note(`the next one gets nonce ${transfer.nonce}, too, ${UNSEEN}`);
    output.print(transaction === undefined ? encoded : `published in transaction ${transaction}`);
    output.result({
      from: transfer.from,
      to,
      amount,
      fee: transfer.fee,
      nonce: transfer.nonce,
      ahead,
      needsQueue,
      encoded,
      transaction,
    });
  });
}

function parseNonce(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return BigInt(text);
}
