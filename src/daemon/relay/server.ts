import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { hexlify, verifyMessage } from "ethers";
import { z } from "zod";
import type { Sender, TxManager } from "../../chain/tx/index.ts";
import { decode, encode } from "../../database/json.ts";
import { B52Error, MalformedError } from "../../protocol/errors.ts";
import { linesOf } from "./lines.ts";
import { receiptData, type RelayAnswer, relayMessage, relayRequest, signedRequest } from "./wire.ts";

/** Commands at once. */
const MAX_CONNECTIONS = 16;

/** How long whoever connects may take to say what is to be sent, ms. */
const REQUEST_MS = 10_000;

/** The request does not come from whoever has the key. */
export class UnsignedRequestError extends B52Error {
  constructor(address: string) {
    super(`the request is not signed by the key of ${address}`, { address });
  }
}

/** Bytes that the path of a socket may have. */
const MAX_SOCKET_PATH = process.platform === "linux" ? 107 : 103;

/** A home folder whose name is too long for a socket in it. */
class SocketPathError extends B52Error {
  constructor(path: string, length: number) {
    super(`the socket ${path} has a path of ${length} bytes, expected at most ${MAX_SOCKET_PATH}: a shorter HOME`, {
      path,
      length,
    });
  }
}

/** A sender that knows what it has sent under a name. */
export type OnceSender = Sender & Pick<TxManager, "sentOnce">;

export interface RelayNames {
  /** Whose calls are sent, see `rollupName`. */
  readonly rollup: string;
  /** Of the sender's journal: another one does not know what this one has sent. */
  readonly journal: string;
}

/**
 * Sends for commands of this machine that have the same key: two senders of one key would take each other's nonces.
 * Whoever connects signs with the key, so that a process without it gets nothing sent.
 */
export class RelayServer {
  readonly #server: Server;
  readonly #path: string;
  readonly #sender: OnceSender;
  readonly #rollup: string;
  readonly #journal: string;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, path: string, sender: OnceSender, { rollup, journal }: RelayNames) {
    this.#server = server;
    this.#path = path;
    this.#sender = sender;
    this.#rollup = rollup;
    this.#journal = journal;
  }

  /**
   * @param path of the socket; whoever listens there has the lock of the key
   * @throws what the operating system says of the socket
   */
  static async open(path: string, sender: OnceSender, names: RelayNames): Promise<RelayServer> {
    const length = Buffer.byteLength(path);
    if (length > MAX_SOCKET_PATH) throw new SocketPathError(path, length);
    // A process that was killed has left it.
    await rm(path, { force: true });
    const server = createServer();
    const relay = new RelayServer(server, path, sender, names);
    server.maxConnections = MAX_CONNECTIONS;
    server.on("connection", (socket) => void relay.#serve(socket));
    server.listen(path);
    await once(server, "listening");
    await chmod(path, 0o600);
    return relay;
  }

  /** What is under way is sent all the same: it is in the program's journal. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await rm(this.#path, { force: true });
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // Who has left does not hear the answer.
    socket.on("error", () => undefined);
    const answer = await this.#answer(socket).catch((error: Error): RelayAnswer => ({
      ...{ error: { name: error.name, message: error.message }, isOpen: false },
    }));
    socket.end(`${encode(answer)}\n`);
  }

  async #answer(socket: Socket): Promise<RelayAnswer> {
    const address = await this.#sender.getAddress();
    const challenge = hexlify(randomBytes(32));
    const next = linesOf(socket);
    socket.write(`${encode({ challenge, journal: this.#journal })}\n`);
    socket.setTimeout(REQUEST_MS, () => socket.destroy());
    const { request, signature } = parsed(signedRequest, await next());
    socket.setTimeout(0);
    if (signerOf(relayMessage(this.#rollup, challenge, request), signature) !== address)
      throw new UnsignedRequestError(address);
    const { call, wanted } = parsed(relayRequest, request);
    const wasSent = async (): Promise<boolean> =>
      wanted.once !== undefined && (await this.#sender.sentOnce(wanted.once)) !== undefined;
    const isTaken = await wasSent();
    try {
      return { receipt: receiptData(await this.#sender.send(withoutGaps(call), withoutGaps(wanted))), isTaken };
    } catch (error) {
      const { name, message } = error as Error;
      return { error: { name, message }, isOpen: await wasSent() };
    }
  }
}

/** @throws {MalformedError} */
function parsed<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(decode(text));
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const found = issue === undefined ? "no JSON" : `${issue.path.join(".")}: ${issue.message}`;
    throw new MalformedError("request", found, "a call that is signed", { cause: error });
  }
}

function signerOf(message: string, signature: string): string | undefined {
  try {
    return verifyMessage(message, signature);
  } catch {
    return undefined;
  }
}

/** Without properties that are undefined. */
const withoutGaps = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
