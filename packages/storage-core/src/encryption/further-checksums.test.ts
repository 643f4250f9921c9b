import { checksumOf } from '@coffer/checksums';
import { decodeBase64, encodeBase64 } from '@coffer/bytes';
import { describe, expect, test } from 'vitest';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { ChecksumAlgorithm } from '@coffer/storage-ports';
import {
  bodyOf,
  createFixture,
  customer,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import { versionKey } from '../records/version-commit.ts';
import type { FileVersion, FurtherClaim } from '../services/storage.ts';
import { recordOf } from './checksums.ts';

const data = sampleBytes(300, 5);
const modes: readonly (readonly [string, (() => EncryptionRequest) | undefined])[] = [
  ['none', undefined],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];
const algorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
const asked = (request: (() => EncryptionRequest) | undefined) =>
  request === undefined ? {} : { encryption: request() };

function upload({ storage, bucket }: Fixture, further: FurtherClaim, request?: () => EncryptionRequest) {
  return storage.files.upload(newFile(bucket.bucketId, 'a', asked(request)), bodyOf(data, { further }));
}

/** A large file of the parts, started with the checksum. */
async function largeWith(
  { storage, bucket }: Fixture,
  chosen: { readonly algorithm: ChecksumAlgorithm; readonly of: 'content' | 'parts' },
  parts: readonly Uint8Array[],
  request?: () => EncryptionRequest,
): Promise<FileVersion> {
  const file = newFile(bucket.bucketId, 'large', asked(request));
  const { fileId } = await storage.largeFiles.start(file, { furtherChecksum: chosen });
  for (const [index, part] of parts.entries()) {
    const key = request?.().mode === 'SSE-C' ? asked(request) : {};
    await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1, ...key }, bodyOf(part));
  }
  return storage.largeFiles.finish(fileId, parts.map(sha1Of));
}

describe.each(modes)('a further checksum of a file with %s', (mode, request) => {
  test.each(algorithms)('%s is compared, kept out of sight, and told', async (algorithm) => {
    const fixture = await createFixture();
    const { storage, metadata } = fixture;
    const value = await checksumOf(algorithm, data);
    const version = await upload(fixture, { algorithm, expected: () => value }, request);
    const told = { algorithm, of: 'content', value };
    expect(await storage.reads.furtherChecksum(version)).toEqual(told);
    expect(await storage.reads.furtherChecksum(await storage.files.get(version.fileId))).toEqual(told);
    const stored = await metadata.get('fileVersions', versionKey(recordOf(version)));
    const kept = stored!.value.checksums.further!.value!;
    expect(Buffer.compare(kept, value) === 0).toBe(mode === 'none');
    await storage.reads.check(version);
    expect(await readBack(storage, version, asked(request).encryption)).toEqual(data);
  });

  test.each(algorithms)('%s that is wrong leaves nothing behind', async (algorithm) => {
    const fixture = await createFixture();
    const value = await checksumOf(algorithm, sampleBytes(2));
    await expect(upload(fixture, { algorithm, expected: () => value }, request)).rejects.toMatchObject({
      code: 'checksum_mismatch',
      details: { algorithm },
    });
    const { rows } = await fixture.storage.listings.versions({ bucketId: fixture.bucket.bucketId, limit: 10 });
    expect(rows).toEqual([]);
  });

  test.each([
    ['CRC32', 'content'],
    ['CRC32C', 'parts'],
    ['CRC64NVME', 'content'],
    ['SHA1', 'parts'],
    ['SHA256', 'parts'],
  ] as const)('in parts: %s of the %s follows from those of the parts', async (algorithm, of) => {
    const fixture = await createFixture();
    const { storage } = fixture;
    const parts = [sampleBytes(100, 1), sampleBytes(100, 2), sampleBytes(7, 3)];
    const version = await largeWith(fixture, { algorithm, of }, parts, request);
    const whole =
      of === 'content'
        ? await checksumOf(algorithm, ...parts)
        : await checksumOf(algorithm, ...(await Promise.all(parts.map((part) => checksumOf(algorithm, part)))));
    expect(await storage.reads.furtherChecksum(version)).toEqual({ algorithm, of, value: whole });
    await storage.reads.check(version);
  });

  test('is asked for when the data has ended', async () => {
    const fixture = await createFixture();
    let ended = false;
    const stream = (async function* () {
      yield await Promise.resolve(data);
      ended = true;
    })();
    const value = await checksumOf('CRC32', data);
    const further: FurtherClaim = {
      algorithm: 'CRC32',
      expected: () => {
        expect(ended).toBe(true);
        return value;
      },
    };
    const content = bodyOf(data, { further, body: { stream, length: data.length } });
    const file = newFile(fixture.bucket.bucketId, 'a', asked(request));
    const version = await fixture.storage.files.upload(file, content);
    expect(await fixture.storage.reads.furtherChecksum(version)).toMatchObject({ value });
  });
});

test('a checksum without a value to compare is computed', async () => {
  const fixture = await createFixture();
  const version = await upload(fixture, { algorithm: 'SHA256' });
  const value = await checksumOf('SHA256', data);
  expect(await fixture.storage.reads.furtherChecksum(version)).toEqual({ algorithm: 'SHA256', of: 'content', value });
  const other = await uploadTo(fixture, 'b', data);
  expect(await fixture.storage.reads.furtherChecksum(other)).toBeNull();
});

test('parts tell theirs; one of another algorithm is refused', async () => {
  const fixture = await createFixture();
  const { storage, bucket } = fixture;
  const furtherChecksum = { algorithm: 'CRC32C', of: 'parts' } as const;
  const started = await storage.largeFiles.start(newFile(bucket.bucketId, 'large'), { furtherChecksum });
  expect(await storage.reads.furtherChecksum(started)).toEqual({ ...furtherChecksum, value: null });
  const target = { fileId: started.fileId, partNumber: 1 };
  await expect(
    storage.largeFiles.uploadPart(target, bodyOf(data, { further: { algorithm: 'SHA1' } })),
  ).rejects.toMatchObject({ code: 'invalid', details: { field: 'furtherChecksum' } });
  const part = await storage.largeFiles.uploadPart(target, bodyOf(data));
  const value = await checksumOf('CRC32C', data);
  expect(part.furtherChecksum).toEqual({ algorithm: 'CRC32C', of: 'content', value });
  const { parts } = await storage.largeFiles.listParts({ fileId: started.fileId, limit: 1 });
  expect(parts[0]?.furtherChecksum).toEqual(part.furtherChecksum);
});

test.each([
  ['SHA1', 'content'],
  ['SHA256', 'content'],
  ['CRC64NVME', 'parts'],
] as const)('a large file cannot have a %s of its %s', async (algorithm, of) => {
  const { storage, bucket } = await createFixture();
  const start = storage.largeFiles.start(newFile(bucket.bucketId, 'a'), { furtherChecksum: { algorithm, of } });
  await expect(start).rejects.toMatchObject({ code: 'invalid', details: { field: 'furtherChecksum' } });
});

test('the published examples of a file in two parts', async () => {
  const fixture = await createFixture();
  const parts = [new Uint8Array(5 * 2 ** 20).fill(0x61), new Uint8Array(10).fill(0x62)];
  const expected = { content: ['CRC64NVME', 'om/L0dM0gF4='], parts: ['SHA1', 'Px8/ne1+IDofwS6M8PXOhL4PeBQ='] } as const;
  for (const of of ['content', 'parts'] as const) {
    const [algorithm, value] = expected[of];
    const version = await largeWith(fixture, { algorithm, of }, parts, () => ({ mode: 'SSE-B2' }));
    const told = await fixture.storage.reads.furtherChecksum(version);
    expect(encodeBase64(told!.value!)).toBe(value);
    expect(decodeBase64(value)).toEqual(told!.value);
  }
});
