import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { lastJson } from './b2-cli.ts';
import { readingWith, writingWith, type CliEncryption, type Encryption } from './encryption.ts';
import { results, runSdk, type SdkAnswer, type SdkCall } from './sdk.ts';
import type { World } from './scenario.ts';
import type { TestFile } from './test-file.ts';

/** A file version as the b2 tool prints it in JSON. */
export interface PrintedFile {
  readonly fileId: string;
  readonly fileName: string;
  readonly size: number;
  readonly contentSha1: string | null;
  readonly contentType: string;
  readonly fileInfo: Readonly<Record<string, string>>;
  readonly serverSideEncryption?: { readonly mode: string | null; readonly algorithm?: string | null };
}

/** Uploads with the b2 tool. */
export async function upload(
  { b2 }: World,
  bucket: string,
  file: TestFile,
  name: string,
  encryption: Encryption | CliEncryption,
  ...options: readonly string[]
): Promise<PrintedFile> {
  const extra = 'args' in encryption ? encryption : writingWith(encryption);
  const output = await b2.ok(['file', 'upload', '--no-progress', ...options, bucket, file.path, name], extra);
  return lastJson(output) as PrintedFile;
}

/** Downloads with the b2 tool, which checks the SHA-1 itself. The URI is `b2://bucket/name` or `b2id://id`. */
export async function download(world: World, uri: string, encryption: Encryption): Promise<Buffer> {
  const target = join(world.folder, 'downloaded');
  await world.b2.ok(['file', 'download', '--no-progress', uri, target], readingWith(encryption));
  return readFileSync(target);
}

/** Fails unless the stored bytes are those of the file. Says where they differ, not what they are. */
export async function expectStored(world: World, uri: string, encryption: Encryption, file: TestFile): Promise<void> {
  expectSameBytes(await download(world, uri, encryption), file.content);
}

export function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length, 'length').toBe(expected.length);
  expect(Buffer.compare(actual, expected), 'bytes are the same').toBe(0);
}

/** What the server says about a file. */
export async function fileInfo({ b2 }: World, fileId: string): Promise<PrintedFile> {
  return (await b2.json(['file', 'info', `b2id://${fileId}`])) as PrintedFile;
}

/**
 * A session of b2sdk with the master key.
 *
 * @param testMode Sent as `X-Bz-Test-Mode` with every request.
 */
export async function sdk(
  world: World,
  bucket: string,
  calls: readonly SdkCall[],
  testMode?: string,
): Promise<readonly SdkAnswer[]> {
  const { endpoint, server, folder } = world;
  return runSdk({ endpoint, credentials: server.credentials, home: folder, bucket, testMode }, calls);
}

/** Like {@link sdk}, for calls that must all succeed. */
export async function sdkResults(
  world: World,
  bucket: string,
  calls: readonly SdkCall[],
  testMode?: string,
): Promise<readonly string[]> {
  return results(await sdk(world, bucket, calls, testMode));
}
