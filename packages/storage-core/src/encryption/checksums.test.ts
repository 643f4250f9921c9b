import { describe, expect, test } from 'vitest';
import { decodeHex } from '@coffer/bytes';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { keys, tableNames, type FileVersionRecord } from '@coffer/storage-ports';
import {
  bodyOf,
  createFixture,
  customer,
  globalKeys,
  largeFile,
  md5Of,
  newFile,
  sampleBytes,
  sha1Of,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import { createStorage } from '../create-storage.ts';
import { versionKey } from '../records/version-commit.ts';
import { digestsOf, recordOf } from './checksums.ts';

const data = sampleBytes(300, 5);
const digests = [sha1Of(data), md5Of(data)];
const encrypted: readonly (readonly [string, () => EncryptionRequest])[] = [
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];

/** All that is in the metadata store, as text and as bytes in hexadecimal. */
async function everythingIn({ metadata }: Fixture): Promise<string> {
  const texts: string[] = [];
  const inHex = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  for (const table of tableNames)
    for (const row of await metadata.scan(table, { start: new Uint8Array(0), end: undefined, limit: 10_000 }))
      texts.push(JSON.stringify(row.value, inHex));
  return texts.join('\n');
}

describe.each(encrypted)('checksums of files with %s', (mode, request) => {
  test('are nowhere in the store, of a regular file and of parts, and are shown all the same', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const version = await uploadTo(fixture, 'a', data, { encryption: request() });
    await largeFile(fixture, 'large', [data, sampleBytes(10)], { encryption: request() });
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'started', { encryption: request() }));
    const key = mode === 'SSE-C' ? { encryption: request() } : {};
    await storage.largeFiles.uploadPart({ fileId, partNumber: 1, ...key }, bodyOf(data));
    const stored = await everythingIn(fixture);
    for (const digest of digests) expect(stored).not.toContain(digest);
    const shown = {
      contentSha1: { sha1: digests[0], verified: true },
      contentMd5: digests[1],
    };
    expect(version).toMatchObject(shown);
    expect(await storage.files.get(version.fileId)).toMatchObject(shown);
    const { rows } = await storage.listings.versions({ bucketId: bucket.bucketId, prefix: 'a', limit: 1 });
    expect(rows).toMatchObject([{ version: shown }]);
    expect((await storage.largeFiles.listParts({ fileId, limit: 1 })).parts).toMatchObject([shown]);
  });

  test('are kept, both of them', async () => {
    const fixture = await createFixture();
    const { blobId, encryption, checksums } = await uploadTo(fixture, 'a', data, { encryption: request() });
    expect(await digestsOf(fixture, encryption, blobId!, checksums)).toEqual({
      sha1: { sha1: digests[0], verified: true },
      md5: digests[1],
    });
  });

  test('are masked by the blob, so that equal content does not look so', async () => {
    const fixture = await createFixture();
    const [one, two] = [
      await uploadTo(fixture, 'a', data, { encryption: request() }),
      await uploadTo(fixture, 'a', data, { encryption: request() }),
    ];
    expect(one.checksums.sha1).not.toEqual(two.checksums.sha1);
    expect(one.checksums.md5).not.toEqual(two.checksums.md5);
    expect(one.contentSha1).toEqual(two.contentSha1);
  });

  test('are not known without the global key, and keep nobody from a listing', async () => {
    const fixture = await createFixture();
    const { storage, bucket, metadata } = fixture;
    const version = await uploadTo(fixture, 'a', data, { encryption: request() });
    const record: FileVersionRecord = {
      ...recordOf(version),
      encryption: { ...version.encryption, globalKeyId: 'gk_gone' },
    };
    await metadata.commit({
      expectations: [],
      writes: [{ table: 'fileVersions', key: versionKey(version), put: record }],
    });
    const { rows } = await storage.listings.versions({ bucketId: bucket.bucketId, limit: 1 });
    expect(rows).toMatchObject([{ version: { name: 'a', contentSha1: null, contentMd5: null } }]);
  });
});

test('checksums of files without encryption are stored as they are', async () => {
  const fixture = await createFixture();
  const { checksums } = await uploadTo(fixture, 'a', data);
  expect(checksums).toEqual({ sha1: decodeHex(digests[0]!), sha1Verified: true, md5: decodeHex(digests[1]!) });
});

test('a listing of many files shows the checksums of each, in their order', async () => {
  const fixture = await createFixture();
  const contents = Array.from({ length: 250 }, (_, i) => sampleBytes(10, i));
  for (const [i, content] of contents.entries())
    await uploadTo(fixture, String(i).padStart(3, '0'), content, {
      encryption: { mode: i % 2 === 0 ? 'SSE-B2' : 'none' },
    });
  const { rows } = await fixture.storage.listings.names({ bucketId: fixture.bucket.bucketId, limit: 1_000 });
  expect(rows.map((row) => (row.kind === 'version' ? row.version.contentSha1?.sha1 : row.kind))).toEqual(
    contents.map((content) => sha1Of(content)),
  );
});

test('a version that was shown is stored without its digests', async () => {
  const fixture = await createFixture();
  const version = await uploadTo(fixture, 'a', data, { encryption: { mode: 'SSE-B2' } });
  const place = await fixture.metadata.get('fileIds', keys.fileIds(version.fileId));
  const key = versionKey({ ...recordOf(version), ...place!.value });
  expect((await fixture.metadata.get('fileVersions', key))?.value).toEqual(recordOf(version));
  const other = createStorage({ ...fixture, keys: globalKeys(9), random: { bytes: (n) => new Uint8Array(n) } });
  expect((await other.files.get(version.fileId)).contentSha1?.sha1).not.toBe(digests[0]);
});
