import type { ReadStream } from "node:tty";

const ENTER = new Set(["\r", "\n", "\u0004"]);
const INTERRUPT = "\u0003";
const BACKSPACE = new Set(["\u007f", "\b"]);

/**
 * A line that is typed and not shown. The terminal is as it was afterwards, however it ends.
 * @throws an `AbortError` on Ctrl+C @throws the signal's reason
 */
export async function hiddenLine(
  input: ReadStream,
  output: NodeJS.WritableStream,
  question: string,
  signal?: AbortSignal,
): Promise<string> {
  signal?.throwIfAborted();
  output.write(question);
  input.setRawMode(true);
  input.setEncoding("utf8");
  input.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let line = "";
      const stop = (end: () => void): void => {
        input.off("data", onData).off("end", onEnd);
        signal?.removeEventListener("abort", onAbort);
        end();
      };
      const onEnd = (): void => stop(() => resolve(line));
      const onAbort = (): void => stop(() => reject(signal!.reason as Error));
      const onData = (typed: string): void => {
        for (const character of typed) {
          if (ENTER.has(character)) return stop(() => resolve(line));
          if (character === INTERRUPT) return stop(() => reject(new DOMException("interrupted", "AbortError")));
          if (BACKSPACE.has(character)) line = [...line].slice(0, -1).join("");
          else if (character >= " ") line += character;
        }
      };
      input.on("data", onData).once("end", onEnd);
      signal?.addEventListener("abort", onAbort);
    });
  } finally {
    input.pause();
    input.setRawMode(false);
    output.write("\n");
  }
}
