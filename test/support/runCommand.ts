import { type CreateCommand, createProgram } from "../../src/cli/program.ts";
import { describeError } from "../../src/cli/report.ts";

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one of these commands in this process, one at a time, and keeps what it writes. What only a process of its own
 * shows (signals, a full disk, how it ends) is tested in `test/cli`.
 */
export async function runCommand(
  commands: readonly CreateCommand[],
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandRun> {
  const before = { ...process.env };
  const [stdout, stderr] = [keep(process.stdout), keep(process.stderr)];
  Object.assign(process.env, env);
  let code = 0;
  try {
    await createProgram({ signal: new AbortController().signal }, commands).parseAsync(args, { from: "user" });
  } catch (error) {
    const { exitCode, message } = describeError(error, false);
    code = exitCode;
    if (message !== undefined) process.stderr.write(`b52: ${message}\n`);
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
    stdout.giveBack();
    stderr.giveBack();
  }
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** Takes what is written to a stream. */
function keep(stream: NodeJS.WriteStream): { text(): string; giveBack(): void } {
  const write = stream.write.bind(stream);
  let text = "";
  stream.write = (chunk: Uint8Array | string): boolean => {
    text += String(chunk);
    return true;
  };
  return {
    text: () => text,
    giveBack: () => void (stream.write = write),
  };
}
