import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a finished program said. */
export interface CommandResult {
  /** The program and its arguments, for reports. */
  readonly command: string;
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CommandOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  readonly stdin?: string | Uint8Array | undefined;
  /** Milliseconds until the program is killed. */
  readonly timeout?: number;
}

/** Runs a program to its end, whatever its exit code. */
export async function runCommand(
  program: string,
  args: readonly string[],
  { env, cwd, stdin, timeout = 180_000 }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, [...args], { env, cwd, timeout, killSignal: 'SIGKILL' });
  // A program that ends without reading its input closes the pipe first.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { command: [program, ...args].join(' '), code, stdout, stderr: stderr.toString() };
}

/** @throws Error with all that the program said, unless it ended with 0. */
export function expectSuccess(result: CommandResult): CommandResult {
  if (result.code === 0) return result;
  throw new Error(`${result.command} ended with ${String(result.code)}\n${result.stdout.toString()}${result.stderr}`);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
