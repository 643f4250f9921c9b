import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { clientEnvironment } from '../client-environment.ts';
import { expectSuccess, type CommandResult } from '../command.ts';
import type { Encryption } from '../encryption.ts';
import { s3VenvBin } from '../paths.ts';
import { LineProcess } from './line-process.ts';
import { region, type S3World } from './s3-scenario.ts';

const program = join(s3VenvBin, 's3cmd');

/** What one command printed, as `python/s3cmd_commands.py` tells it; bytes are in base64. */
interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** s3cmd with some options of every command, in the folder of the current scenario. Parts are as small as it can. */
export interface S3Cmd {
  /** Runs a command, whatever its exit code. */
  readonly run: (args: readonly string[], stdin?: Uint8Array) => Promise<CommandResult>;
  /** What a command printed. @throws Error unless it ended with 0. */
  readonly ok: (...args: readonly string[]) => Promise<string>;
  /** The bytes of an object. @throws Error unless it is there. */
  readonly read: (uri: string) => Promise<Buffer>;
  /**
   * All that a user sees of a command that fails. @throws Error if it succeeds, or if s3cmd fails in a way of which it
   * says itself that it did not expect it.
   */
  readonly refused: (...args: readonly string[]) => Promise<string>;
  /** Starts a command, gives it an input that never ends, and kills it as soon as something has been reached. */
  readonly cutOff: (args: readonly string[], input: Uint8Array, reached: () => Promise<unknown>) => Promise<void>;
  /** The same with more options. */
  readonly with: (...options: readonly string[]) => S3Cmd;
}

/** Gives the tests of the enclosing `describe` s3cmd, with the key of their world. */
export function withS3Cmd(world: () => S3World): S3Cmd {
  let environment: Readonly<Record<string, string>> | undefined;
  let commands: LineProcess | undefined;
  const env = (): Readonly<Record<string, string>> => (environment ??= configured(world()));
  afterAll(() => commands?.close());
  const run = async (args: readonly string[], stdin: Uint8Array = new Uint8Array()): Promise<CommandResult> => {
    commands ??= new LineProcess('s3cmd_commands.py', env(), [program]);
    const line = { args, cwd: world().folder, stdin: Buffer.from(stdin).toString('base64') };
    const { code, stdout, stderr } = (await commands.ask(line)) as Answer;
    const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
    return { command: `s3cmd ${args.join(' ')}`, code, stdout: bytes(stdout), stderr: bytes(stderr).toString() };
  };
  const cutOff: S3Cmd['cutOff'] = async (args, input, reached) => {
    const child = spawn(program, args, { env: env(), cwd: world().folder, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.on('error', () => undefined);
    child.stdin.write(input);
    const closed = once(child, 'close');
    try {
      await reached();
    } finally {
      child.kill('SIGKILL');
      await closed;
    }
  };
  return withOptions({ run, cutOff }, []);
}

function withOptions({ run, cutOff }: Pick<S3Cmd, 'run' | 'cutOff'>, options: readonly string[]): S3Cmd {
  const runAll: S3Cmd['run'] = (args, stdin) => run([...options, ...args], stdin);
  return {
    run: runAll,
    ok: async (...args) => expectSuccess(await runAll(args)).stdout.toString(),
    read: async (uri) => expectSuccess(await runAll(['get', uri, '-'])).stdout,
    refused: async (...args) => {
      const result = await runAll(args);
      const said = `${result.stdout.toString()}${result.stderr}`.trim();
      if (result.code !== 0 && !said.includes('unexpected error')) return said;
      throw new Error(`${result.command} should have been refused, in a way that s3cmd knows\n${said}`);
    },
    cutOff: (args, input, reached) => cutOff([...options, ...args], input, reached),
    with: (...more) => withOptions({ run, cutOff }, [...options, ...more]),
  };
}

/** Writes the configuration of s3cmd, and gives the environment in which it finds it. */
function configured({ endpoint: { url, caFile }, credentials, server }: S3World): Readonly<Record<string, string>> {
  const home = join(server.folder, 's3cmd-home');
  mkdirSync(home, { recursive: true });
  const { host, protocol } = new URL(url);
  const lines = [
    '[default]',
    `access_key = ${credentials.keyId}`,
    `secret_key = ${credentials.key}`,
    // Where both names are the same, buckets are named in paths.
    `host_base = ${host}`,
    `host_bucket = ${host}`,
    `bucket_location = ${region}`,
    `use_https = ${protocol === 'https:' ? 'True' : 'False'}`,
    ...(caFile === undefined ? [] : [`ca_certs_file = ${caFile}`]),
    'signurl_use_https = True',
    'multipart_chunk_size_mb = 5',
  ];
  writeFileSync(join(home, '.s3cfg'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return clientEnvironment({ home });
}

/** Options for a customer key, for which s3cmd has none but those for any header. */
export function customerKeyHeaders({ key }: Encryption): readonly string[] {
  if (key === undefined) return [];
  const header = (name: string, value: string): string =>
    `--add-header=x-amz-server-side-encryption-customer-${name}:${value}`;
  const md5 = createHash('md5').update(key).digest('base64');
  return [header('algorithm', 'AES256'), header('key', key.toString('base64')), header('key-MD5', md5)];
}

/** What `s3cmd info` says about one thing, such as `SSE`. */
export function told(info: string, name: string): string | undefined {
  const line = info.split('\n').find((text) => text.trimStart().startsWith(`${name}:`));
  return line?.slice(line.indexOf(':') + 1).trim();
}

/** The names in what `s3cmd ls` has printed, without `s3://` and the bucket. */
export function listedNames(listing: string): readonly string[] {
  return listing
    .split('\n')
    .filter((line) => line.includes('s3://'))
    .map((line) => line.slice(line.indexOf('s3://') + 5).replace(/^[^/]*\//, ''));
}
