import { type Socket } from "node:net";
import { B52Error } from "../../protocol/errors.ts";
import { MAX_LINE_BYTES } from "./wire.ts";

/** The other side has left, or says too much. */
export class RelayClosedError extends B52Error {
  constructor(reason: string) {
    super(`the connection has ended: ${reason}`, { reason });
  }
}

/** The lines that a socket gives, one after the other. @throws {RelayClosedError} when it has ended before one */
export function linesOf(socket: Socket): () => Promise<string> {
  const lines = splitLines(socket);
  return async () => {
    const next = await lines.next().catch((error: unknown) => {
      throw error instanceof B52Error ? error : new RelayClosedError((error as Error).message);
    });
    if (next.done) throw new RelayClosedError("the other side has left");
    return next.value;
  };
}

async function* splitLines(socket: Socket): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of socket.setEncoding("utf8") as AsyncIterable<string>) {
    const [...whole] = `${rest}${chunk}`.split("\n");
    rest = whole.pop()!;
    if (rest.length > MAX_LINE_BYTES) throw new RelayClosedError(`a line has more than ${MAX_LINE_BYTES} bytes`);
    yield* whole;
  }
}
