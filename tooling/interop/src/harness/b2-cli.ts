import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand, type CommandResult } from './command.ts';
import type { CliEncryption } from './encryption.ts';
import { pythonScript, venvBin } from './paths.ts';
import type { Credentials, Endpoint } from './server-process.ts';

/** Extra variables and arguments of one run, as {@link CliEncryption} gives them. */
type Extras = readonly CliEncryption[];

interface CommandLine {
  readonly program: string;
  readonly all: readonly string[];
  readonly env: Record<string, string>;
}

/** The b2 command-line tool with a home and an account file of its own. */
export class B2Cli {
  readonly home: string;
  readonly #endpoint: Endpoint;
  readonly #testMode: string | undefined;

  /** @param testMode Sent as `X-Bz-Test-Mode` with every request. */
  constructor(home: string, endpoint: Endpoint, testMode?: string) {
    this.home = home;
    this.#endpoint = endpoint;
    this.#testMode = testMode;
    mkdirSync(home, { recursive: true });
  }

  /** Runs the tool, whatever its exit code. Arguments of the extras go last. */
  async run(args: readonly string[], ...extras: Extras): Promise<CommandResult> {
    const { program, all, env } = this.#commandLine(args, extras);
    return runCommand(program, all, { env, cwd: this.home });
  }

  /**
   * The bytes that the tool wrote to a pipe, having read others from one. Node's own are sockets, but `b2 file cat` and
   * `b2 file upload` open `/dev/stdout` and `/dev/stdin`. @throws Error unless it ended with 0.
   */
  async piped(args: readonly string[], stdin: Uint8Array, ...extras: Extras): Promise<Buffer> {
    const { program, all, env } = this.#commandLine(args, extras);
    const shell = ['-o', 'pipefail', '-c', 'cat | "$@" | cat', 'bash'];
    return expectSuccess(await runCommand('bash', [...shell, program, ...all], { env, cwd: this.home, stdin })).stdout;
  }

  /** What the tool printed. @throws Error unless it ended with 0. */
  async ok(args: readonly string[], ...extras: Extras): Promise<string> {
    return expectSuccess(await this.run(args, ...extras))
      .stdout.toString()
      .trim();
  }

  /** Like {@link ok}, for commands that print one JSON value after some words. */
  async json(args: readonly string[], ...extras: Extras): Promise<unknown> {
    return lastJson(await this.ok(args, ...extras));
  }

  /**
   * What the tool said, wherever it said it: `b2 rm` complains on standard output. @throws Error if it ended with 0.
   */
  async refused(args: readonly string[], ...extras: Extras): Promise<string> {
    const result = await this.run(args, ...extras);
    if (result.code === 0) throw new Error(`${result.command} should have been refused\n${result.stdout.toString()}`);
    return `${result.stdout.toString()}${result.stderr}`.trim();
  }

  #commandLine(args: readonly string[], extras: Extras): CommandLine {
    const env = clientEnvironment({
      home: this.home,
      caFile: this.#endpoint.caFile,
      variables: Object.assign(
        { B2_ACCOUNT_INFO: join(this.home, 'account_info'), B2_ENVIRONMENT: this.#endpoint.url },
        ...extras.map((extra) => extra.env),
      ) as Record<string, string>,
    });
    const all = [...args, ...extras.flatMap((extra) => extra.args)];
    if (this.#testMode === undefined) return { program: join(venvBin, 'b2'), all, env };
    const script = pythonScript('b2_in_test_mode.py');
    return { program: join(venvBin, 'python'), all: [script, this.#testMode, ...all], env };
  }

  async authorize({ keyId, key }: Credentials): Promise<void> {
    await this.ok(['account', 'authorize', keyId, key]);
  }
}

/** The JSON that an output ends with: `b2 file upload` prints a few lines about the file before it. */
export function lastJson(output: string): unknown {
  const start = output.search(/^[[{]/m);
  if (start === -1) throw new Error(`no JSON in: ${output}`);
  return JSON.parse(output.slice(start));
}
