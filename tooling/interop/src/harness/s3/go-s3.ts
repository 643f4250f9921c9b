import { clientEnvironment } from '../client-environment.ts';
import { expectSuccess, runCommand } from '../command.ts';
import type { Encryption } from '../encryption.ts';
import { goS3Program } from '../paths.ts';
import { region, type S3World } from './s3-scenario.ts';

/** `aws` is the AWS SDK for Go v2, `minio` is minio-go. */
export type GoLibrary = 'aws' | 'minio';

/** A call as the Go program in `go-s3` reads it. */
export interface GoCall {
  readonly call: 'write' | 'read' | 'head' | 'copy' | 'list' | 'remove' | 'parts';
  readonly bucket: string;
  readonly [field: string]: unknown;
}

/** What a call returned: the error's text, or its result. */
export interface GoAnswer {
  readonly error?: string;
  readonly result?: unknown;
}

/** What the server says of an object. */
export interface GoHead {
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An encryption as the Go program reads it. */
export function goEncryption({ mode, key }: Encryption): object {
  return { mode, ...(key !== undefined && { key: key.toString('base64') }) };
}

/** Runs calls one after the other, whether they fail or not. */
export async function goAnswers(
  { endpoint, folder, credentials }: S3World,
  library: GoLibrary,
  calls: readonly GoCall[],
): Promise<readonly GoAnswer[]> {
  const result = await runCommand(goS3Program, [], {
    env: clientEnvironment({ home: folder, caFile: endpoint.caFile }),
    stdin: JSON.stringify({ library, endpoint: endpoint.url, region, ...credentials, calls }),
  });
  return JSON.parse(expectSuccess(result).stdout.toString()) as readonly GoAnswer[];
}

/** The result of one call. @throws Error if it fails. */
export async function goResult(world: S3World, library: GoLibrary, call: GoCall): Promise<unknown> {
  const [answer] = await goAnswers(world, library, [call]);
  if (answer?.error !== undefined) throw new Error(`${call.call}: ${answer.error}`);
  return answer?.result;
}
