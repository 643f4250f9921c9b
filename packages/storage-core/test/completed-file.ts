import type { SecretBytes } from '@coffer/bytes';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { FilePart, FurtherChecksum, ListedPart } from '../src/services/storage.ts';
import { bodyOf, newFile, sampleBytes, type Fixture } from './fixture.ts';

export interface Uploaded {
  readonly fileId: string;
  /** By part number. */
  readonly parts: ReadonlyMap<number, FilePart>;
}

/** An unfinished large file with parts of these numbers. */
export async function upload(
  { storage, bucket }: Fixture,
  contents: ReadonlyMap<number, Uint8Array>,
  request: () => EncryptionRequest = () => ({ mode: 'none' }),
  furtherChecksum?: Pick<FurtherChecksum, 'algorithm' | 'of'>,
): Promise<Uploaded> {
  const file = newFile(bucket.bucketId, 'large', { encryption: request() });
  const { fileId } = await storage.largeFiles.start(file, furtherChecksum && { furtherChecksum });
  const parts = new Map<number, FilePart>();
  for (const [partNumber, data] of contents) {
    const key = request().mode === 'SSE-C' ? { encryption: request() } : {};
    parts.set(partNumber, await storage.largeFiles.uploadPart({ fileId, partNumber, ...key }, bodyOf(data)));
  }
  return { fileId, parts };
}

export const listOf = ({ parts }: Uploaded, ...numbers: readonly number[]): ListedPart[] =>
  numbers.map((partNumber) => ({ partNumber, entityTag: parts.get(partNumber)?.entityTag ?? 'none' }));

/** What verification finds, of a store in which it looks at everything. */
export async function findingsOf({ storage }: Fixture, customerKeys: readonly SecretBytes[] = []): Promise<unknown[]> {
  const run = await storage.verification.begin({ customerKeys });
  const findings: unknown[] = [];
  for await (const finding of run.findings()) findings.push(finding);
  if (run.counts.withoutKey > 0) throw new Error('The content of some blobs was not looked at');
  return findings;
}

export const joined = (...pieces: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(pieces));

/** Contents of parts by their numbers, between which others are missing. */
export const some = new Map([
  [2, sampleBytes(150, 1)],
  [3, sampleBytes(2_000, 2)],
  [7, sampleBytes(120, 3)],
  [9, sampleBytes(1_500, 4)],
  [10_000, sampleBytes(5, 5)],
]);
