import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { clientEnvironment } from '../client-environment.ts';
import { expectSuccess, runCommand, type CommandResult } from '../command.ts';
import { s3VenvBin } from '../paths.ts';
import type { Credentials, Endpoint } from '../server-process.ts';
import { LineProcess } from './line-process.ts';
import { region, type S3World } from './s3-scenario.ts';

/** What one command printed, as `python/aws_commands.py` tells it. */
interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Which code of the AWS CLI and of boto3 signs requests and makes checksums: their own, which both use as they are
 * usually installed, or the AWS Common Runtime, which alone knows CRC32C and CRC64NVME.
 */
export type AwsCode = 'python' | 'crt';

/** The variables by which the AWS CLI and boto3 find the server. */
export function awsVariables(
  { url, caFile }: Endpoint,
  { keyId, key }: Credentials,
  code: AwsCode,
): Record<string, string> {
  return {
    BOTO_DISABLE_CRT: String(code === 'python'),
    AWS_ACCESS_KEY_ID: keyId,
    AWS_SECRET_ACCESS_KEY: key,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: url,
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(caFile === undefined ? {} : { AWS_CA_BUNDLE: caFile }),
  };
}

/** The AWS CLI with a home of its own. Commands run in one process, which {@link close} ends. */
class AwsCli {
  readonly home: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #commands: LineProcess;

  constructor(home: string, endpoint: Endpoint, credentials: Credentials, code: AwsCode) {
    this.home = home;
    mkdirSync(join(home, '.aws'), { recursive: true });
    // By default the CLI presigns with Signature Version 2.
    writeFileSync(join(home, '.aws/config'), '[default]\ns3 =\n  signature_version = s3v4\n');
    const variables = awsVariables(endpoint, credentials, code);
    this.#env = clientEnvironment({ home, caFile: endpoint.caFile, variables });
    this.#commands = new LineProcess('aws_commands.py', this.#env);
  }

  /** Runs a command in a directory, whatever its exit code. */
  async run(cwd: string, args: readonly string[]): Promise<CommandResult> {
    const { code, stdout, stderr } = (await this.#commands.ask({ args, cwd })) as Answer;
    return { command: `aws ${args.join(' ')}`, code, stdout: Buffer.from(stdout), stderr };
  }

  /** The bytes that the program `aws` wrote, having read others. @throws Error unless it ended with 0. */
  async piped(args: readonly string[], stdin: Uint8Array): Promise<Buffer> {
    const options = { env: this.#env, cwd: this.home, stdin };
    return expectSuccess(await runCommand(join(s3VenvBin, 'aws'), args, options)).stdout;
  }

  /** Ends the process. */
  close(): void {
    this.#commands.close();
  }
}

/** The AWS CLI in the folder of the current scenario. */
export interface Aws {
  /** What a command printed. @throws Error unless it ended with 0. */
  readonly ok: (...args: readonly string[]) => Promise<string>;
  /** Like {@link ok}, for commands that print JSON. Its members are for the caller to know. */
  readonly json: (...args: readonly string[]) => Promise<AwsJson>;
  /** What a command complained of. @throws Error if it ended with 0. */
  readonly refused: (...args: readonly string[]) => Promise<string>;
  /** See {@link AwsCli.piped}. */
  readonly piped: (args: readonly string[], stdin?: Uint8Array) => Promise<Buffer>;
}

/** The JSON that a command prints. */
type AwsJson = Readonly<Record<string, unknown>>;

/** Gives the tests of the enclosing `describe` the AWS CLI, with the key of their world. */
export function withAwsCli(world: () => S3World, code: AwsCode = 'python'): Aws {
  let cli: AwsCli | undefined;
  const current = (): AwsCli => (cli ??= openCli(world(), code));
  afterAll(() => cli?.close());
  const ok = async (...args: readonly string[]): Promise<string> =>
    expectSuccess(await current().run(world().folder, args))
      .stdout.toString()
      .trim();
  return {
    ok,
    json: async (...args) => JSON.parse((await ok(...args)) || '{}') as AwsJson,
    refused: async (...args) => {
      const result = await current().run(world().folder, args);
      if (result.code === 0) throw new Error(`${result.command} should have been refused\n${result.stdout.toString()}`);
      return `${result.stdout.toString()}${result.stderr}`.trim();
    },
    piped: (args, stdin = new Uint8Array()) => current().piped(args, stdin),
  };
}

function openCli({ server, endpoint, credentials }: S3World, code: AwsCode): AwsCli {
  return new AwsCli(join(server.folder, `aws-home-${code}`), endpoint, credentials, code);
}
