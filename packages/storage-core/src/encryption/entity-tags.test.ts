import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { EncryptionRequest } from '@coffer/sse-schema';
import {
  bodyOf,
  createFixture,
  customer,
  largeFile,
  md5Of,
  newFile,
  sampleBytes,
  uploadTo,
} from '../../test/fixture.ts';
import { recordOf } from './checksums.ts';
import { versionKey } from '../records/version-commit.ts';

const modes: readonly (readonly [string, (() => EncryptionRequest) | undefined])[] = [
  ['none', undefined],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];
const asked = (request: (() => EncryptionRequest) | undefined) =>
  request === undefined ? {} : { encryption: request() };
const md5OfTags = (...tags: readonly string[]) =>
  createHash('md5')
    .update(Buffer.from(tags.join(''), 'hex'))
    .digest('hex');

describe.each(modes)('entity tags of files with %s', (mode, request) => {
  const isOpaque = mode === 'SSE-C';

  test('of one blob are the MD5 of the content, and opaque for SSE-C; each version has its own', async () => {
    const fixture = await createFixture();
    const data = sampleBytes(300);
    const versions = [
      await uploadTo(fixture, 'a', data, asked(request)),
      await uploadTo(fixture, 'a', data, asked(request)),
    ];
    const [tag, again] = await fixture.storage.reads.entityTags(versions);
    expect(tag).toMatch(/^[0-9a-f]{32}$/);
    expect(tag === md5Of(data)).toBe(!isOpaque);
    expect(tag === again).toBe(!isOpaque);
    const found = await fixture.storage.files.get(versions[0]!.fileId);
    expect(await fixture.storage.reads.entityTags([found])).toEqual([tag]);
  });

  test('of large files are made of those of their parts, and stored in no form that shows them', async () => {
    const fixture = await createFixture();
    const { storage, bucket, metadata } = fixture;
    const parts = [sampleBytes(100, 1), sampleBytes(50, 2)];
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'large', asked(request)));
    const tags: string[] = [];
    for (const [index, data] of parts.entries()) {
      const target = { fileId, partNumber: index + 1, ...(isOpaque && asked(request)) };
      tags.push((await storage.largeFiles.uploadPart(target, bodyOf(data))).entityTag);
    }
    const listed = await storage.largeFiles.listParts({ fileId, limit: 10 });
    expect(listed.parts.map(({ entityTag }) => entityTag)).toEqual(tags);
    expect(tags[0] === md5Of(parts[0]!)).toBe(!isOpaque);
    const sha1s = listed.parts.map(({ contentSha1 }) => contentSha1.sha1);
    const finished = await storage.largeFiles.finish(fileId, sha1s);
    expect(await storage.reads.entityTags([finished])).toEqual([`${md5OfTags(...tags)}-2`]);
    const { rows } = await storage.listings.names({ bucketId: bucket.bucketId, limit: 1 });
    const listedVersions = rows.flatMap((row) => (row.kind === 'version' ? [row.version] : []));
    expect(await storage.reads.entityTags(listedVersions)).toEqual([`${md5OfTags(...tags)}-2`]);
    await storage.reads.check(finished);
    const stored = await metadata.get('fileVersions', versionKey(recordOf(finished)));
    expect(Buffer.from(stored!.value.entityTag!).toString('hex') === md5OfTags(...tags)).toBe(mode === 'none');
  });

  test('of a large file that was finished before there were any tell nothing, and stay', async () => {
    const fixture = await createFixture();
    const { storage } = fixture;
    const finished = await largeFile(fixture, 'large', [sampleBytes(100), sampleBytes(10)], asked(request));
    const { entityTag: _, ...older } = finished;
    const [tag] = await storage.reads.entityTags([older]);
    expect(tag).toMatch(/^[0-9a-f]{32}-2$/);
    expect(await storage.reads.entityTags([older])).toEqual([tag]);
    expect(await storage.reads.entityTags([finished])).not.toEqual([tag]);
  });

  test('are under the seal', async () => {
    const fixture = await createFixture();
    const { storage, metadata } = fixture;
    const finished = await largeFile(fixture, 'large', [sampleBytes(100), sampleBytes(10)], asked(request));
    const { entityTag: _, ...record } = recordOf(finished);
    for (const changed of [record, { ...record, entityTag: new Uint8Array(16) }]) {
      const write = { table: 'fileVersions', key: versionKey(record), put: changed } as const;
      await metadata.commit({ expectations: [], writes: [write] });
      const read = await storage.files.get(finished.fileId);
      await expect(storage.reads.check(read)).rejects.toMatchObject({ code: 'integrity' });
    }
  });
});

test('the published example of a file in two parts', async () => {
  const fixture = await createFixture();
  const parts = [new Uint8Array(5 * 2 ** 20).fill(0x61), new Uint8Array(10).fill(0x62)];
  const finished = await largeFile(fixture, 'large', parts, { encryption: { mode: 'SSE-B2' } });
  expect(await fixture.storage.reads.entityTags([finished])).toEqual(['8b0be7847da5564ae08e97af63b60885-2']);
});
