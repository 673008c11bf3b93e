import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { z } from "zod";
import type { BaseWallet, ContractTransactionReceipt, Provider } from "ethers";
import type { Call, Sender, Wanted } from "../../chain/tx/index.ts";
import { waitingOf } from "../../chain/provider.ts";
import { decode, encode } from "../../database/json.ts";
import { B52Error, MalformedError } from "../../protocol/errors.ts";
import { linesOf, RelayClosedError } from "./lines.ts";
import { receiptOf, relayAnswer, relayChallenge, relayMessage } from "./wire.ts";

/** What the program that sends for a command says. */
export class RelayedError extends B52Error {
  /** Whether what it has sent may still be mined. */
  readonly isOpen: boolean;

  constructor(name: string, message: string, isOpen = false) {
    super(message, { name });
    this.isOpen = isOpen;
  }
}

/** The program that sends for a command has ended meanwhile. Whether it has sent is in its journal. */
export class RelayLostError extends B52Error {
  constructor(call: string, cause: Error) {
    super(
      `the program that has the key has ended while it sent ${call}: when it runs again, it goes on with what it has ` +
        "sent, and this command, run again, tells what has come of it",
      { call },
      { cause },
    );
  }
}

/** A sender that is a program. */
export interface RelaySender extends Sender {
  /** Name of the journal that it sends with. */
  readonly journal: string;
}

/**
 * Sends through the program that has the key.
 * @param path of its socket
 * @param rollup see `rollupName`
 * @param onTaken told of what was sent before under the same name, and is taken instead of sending it again
 * @returns undefined if nobody listens there
 */
export async function relaySender(
  path: string,
  wallet: BaseWallet & { readonly provider: Provider },
  rollup: string,
  onTaken: (what: string) => void = () => undefined,
): Promise<RelaySender | undefined> {
  const probe = await connected(path);
  if (probe === undefined) return undefined;
  const { journal } = await challengeOf(linesOf(probe)).finally(() => probe.destroy());
  return {
    journal,
    getAddress: () => Promise.resolve(wallet.address),
    async send({ sidecars = [], slots: _slots, ...call }: Call, wanted: Wanted = {}) {
      if (sidecars.length > 0)
        throw new MalformedError(`blobs of ${call.call}`, sidecars.length, "none in what a command sends");
      const request = encode({ call, wanted });
      const answered = waitingOf(wallet.provider).until(
        ask(path, request, (challenge) => wallet.signMessage(relayMessage(rollup, challenge, request))),
        () => `the program that has the key to send ${call.call}`,
      );
      const answer = await answered.catch((error: Error) => {
        throw error instanceof RelayClosedError ? new RelayLostError(call.call, error) : error;
      });
      if ("error" in answer) throw new RelayedError(answer.error.name, answer.error.message, answer.isOpen);
      const receipt = receiptOf(answer.receipt, wallet.provider) as ContractTransactionReceipt;
      if (answer.isTaken) onTaken(`${call.call} (transaction ${receipt.hash})`);
      return receipt;
    },
  };
}

async function ask(path: string, request: string, sign: (challenge: string) => Promise<string>) {
  const socket = await connected(path);
  if (socket === undefined) throw new RelayedError("RelayGone", `nobody listens at ${path} any more`);
  try {
    const next = linesOf(socket);
    const { challenge } = await challengeOf(next);
    socket.write(`${JSON.stringify({ request, signature: await sign(challenge) })}\n`);
    return relayAnswer.parse(decode(await next()));
  } finally {
    socket.destroy();
  }
}

const challengeOf = async (next: () => Promise<string>): Promise<z.output<typeof relayChallenge>> =>
  relayChallenge.parse(JSON.parse(await next()));

async function connected(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
  } catch {
    return undefined;
  }
  // It is told to whoever reads.
  socket.on("error", () => undefined);
  return socket;
}
