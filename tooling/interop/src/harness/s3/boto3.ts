import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { afterAll } from 'vitest';
import { clientEnvironment } from '../client-environment.ts';
import type { Encryption } from '../encryption.ts';
import { awsVariables, type AwsCode } from './aws-cli.ts';
import { LineProcess } from './line-process.ts';
import type { S3World } from './s3-scenario.ts';

/** Arguments of a call, with {@link bytes} and files as `python/boto3_session.py` reads them. */
export type Boto3Arguments = Readonly<Record<string, unknown>>;

/** What a call returned; its members are for the caller to know. */
type Boto3Result = Readonly<Record<string, unknown>>;

/** What a call was refused with: the code of S3, or the class of boto3's own error and 0. */
interface Boto3Error {
  readonly code: string;
  readonly status: number;
  readonly text: string;
}

/** boto3 with the key of a world, in a process of its own. */
export interface Boto3 {
  /** The result of a call. @throws Error unless it succeeded. */
  readonly ok: <R = Boto3Result>(call: string, args: Boto3Arguments) => Promise<R>;
  /** The error of a call. @throws Error if it succeeded. */
  readonly refused: (call: string, args: Boto3Arguments) => Promise<Pick<Boto3Error, 'code' | 'status'>>;
  /** The same with other settings of botocore's `Config`. */
  readonly with: (settings: Boto3Arguments) => Pick<Boto3, 'ok' | 'refused'>;
}

/** Bytes among the arguments of a call. */
export function bytes(value: Uint8Array): object {
  return { $bytes: Buffer.from(value).toString('base64') };
}

/** Bytes in a result. */
export function bytesOf(value: unknown): Buffer {
  return Buffer.from((value as { readonly $bytes: string }).$bytes, 'base64');
}

/** Arguments for what is written. */
export function encryptedWith(encryption: Encryption): Boto3Arguments {
  return encryption.mode === 'SSE-B2' ? { ServerSideEncryption: 'AES256' } : readWith(encryption);
}

/** Arguments for what is read. */
export function readWith({ key }: Encryption): Boto3Arguments {
  return key === undefined ? {} : { SSECustomerAlgorithm: 'AES256', SSECustomerKey: bytes(key) };
}

/** Arguments for what is copied from. */
export function copiedFrom({ key }: Encryption): Boto3Arguments {
  if (key === undefined) return {};
  return { CopySourceSSECustomerAlgorithm: 'AES256', CopySourceSSECustomerKey: bytes(key) };
}

/** Gives the tests of the enclosing `describe` boto3. */
export function withBoto3(world: () => S3World, code: AwsCode = 'python'): Boto3 {
  let session: LineProcess | undefined;
  afterAll(() => session?.close());
  const ask = (line: object): Promise<unknown> => (session ??= open(world(), code)).ask(line);
  const calls = (settings: Boto3Arguments): Pick<Boto3, 'ok' | 'refused'> => {
    const answer = async (call: string, args: Boto3Arguments) =>
      (await ask({ call, arguments: args, settings })) as { readonly result: unknown; readonly error?: Boto3Error };
    return {
      ok: async <R>(call: string, args: Boto3Arguments) => {
        const { error, result } = await answer(call, args);
        if (error !== undefined) throw new Error(`${call}: ${error.text}`);
        return result as R;
      },
      refused: async (call, args) => {
        const { error } = await answer(call, args);
        if (error === undefined) throw new Error(`${call} should have been refused`);
        return { code: error.code, status: error.status };
      },
    };
  };
  return { ...calls({}), with: calls };
}

function open({ server, endpoint, credentials }: S3World, code: AwsCode): LineProcess {
  const home = join(server.folder, `boto3-home-${code}`);
  mkdirSync(home, { recursive: true });
  const variables = awsVariables(endpoint, credentials, code);
  return new LineProcess('boto3_session.py', clientEnvironment({ home, caFile: endpoint.caFile, variables }));
}
