import { describe, expect, test } from 'vitest';
import { unwrapFileKeyForCustomer, unwrapFileKeyForServer } from '@coffer/envelope-crypto';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { checksumOf } from '@coffer/checksums';
import type { ChecksumAlgorithm, FileVersionRecord } from '@coffer/storage-ports';
import {
  bodyOf,
  census,
  createFixture,
  customer,
  largeFile,
  md5Of,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import { recordOf } from '../encryption/checksums.ts';
import { sealedBlobsOf } from '../encryption/encryption-record.ts';
import { sealVersion } from '../encryption/record-sealing.ts';
import { versionKey } from '../records/version-commit.ts';
import type { FileCopy, FileVersion } from '../services/storage.ts';

const modes = ['none', 'SSE-B2', 'SSE-C key 1', 'SSE-C key 2'] as const;
type Mode = (typeof modes)[number];
const pairs = modes.flatMap((from) => modes.map((to) => [from, to] as const));
const data = sampleBytes(50_000);

function request(mode: Mode): EncryptionRequest {
  if (mode === 'none' || mode === 'SSE-B2') return { mode };
  return customer(mode === 'SSE-C key 1' ? 1 : 2);
}

/** What a copy's source must be given. */
function sourceKey(mode: Mode): { readonly encryption?: EncryptionRequest } {
  const encryption = request(mode);
  return encryption.mode === 'SSE-C' ? { encryption } : {};
}

/** The file key as hexadecimal, opened with the keys at hand. */
async function fileKeyOf({ keys }: Fixture, version: FileVersionRecord, mode: Mode): Promise<string | null> {
  const { wrappedKey, globalKeyId } = version.encryption;
  if (wrappedKey === null) return null;
  const given = request(mode);
  const key =
    given.mode === 'SSE-C'
      ? unwrapFileKeyForCustomer(given.customerKey.key, wrappedKey, version)
      : await unwrapFileKeyForServer(keys, globalKeyId, wrappedKey, version);
  return key.expose((bytes) => Buffer.from(bytes).toString('hex'));
}

describe.each(pairs)('a copy from %s to %s', (from, to) => {
  test('of a whole file has the data, a file key of its own, and only the encryption it asked for', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 20_000 } });
    const { storage } = fixture;
    const fileInfo = { colour: 'blue' };
    const source = await uploadTo(fixture, 'source', data, { encryption: request(from), fileInfo });
    const copy = await storage.copies.copyFile({
      source: { fileId: source.fileId, ...sourceKey(from) },
      name: 'copy',
      encryption: request(to),
    });
    expect(copy).toMatchObject({
      action: 'upload',
      name: 'copy',
      size: data.length,
      contentType: 'text/plain',
      fileInfo,
      contentSha1: { sha1: sha1Of(data), verified: true },
      contentMd5: md5Of(data),
      encryption: { mode: request(to).mode },
    });
    expect(await readBack(storage, copy, sourceKey(to).encryption)).toEqual(data);
    const [sourceFileKey, copyFileKey] = [await fileKeyOf(fixture, source, from), await fileKeyOf(fixture, copy, to)];
    if (sourceFileKey !== null) expect(copyFileKey).not.toBe(sourceFileKey);
    if (source.encryption.wrappedKey) expect(copy.encryption.wrappedKey).not.toEqual(source.encryption.wrappedKey);
  });

  test('of a range of a large file, as a file and as a part', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 20_000 } });
    const { storage, bucket } = fixture;
    const source = await largeFile(fixture, 'source', [data, sampleBytes(300, 1)], { encryption: request(from) });
    const range = { start: 49_000, end: 50_099 };
    const wanted = Uint8Array.from(Buffer.concat([data.subarray(49_000), sampleBytes(300, 1).subarray(0, 100)]));
    const copySource = () => ({ fileId: source.fileId, range, ...sourceKey(from) });
    const copy = await storage.copies.copyFile({ source: copySource(), name: 'copy', encryption: request(to) });
    expect(copy).toMatchObject({ size: 1_100, contentSha1: { sha1: sha1Of(wanted), verified: true } });
    expect(await readBack(storage, copy, sourceKey(to).encryption)).toEqual(wanted);

    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'l', { encryption: request(to) }));
    const part = await storage.copies.copyPart({ source: copySource(), fileId, partNumber: 1, ...sourceKey(to) });
    expect(part).toMatchObject({ size: 1_100, contentSha1: { sha1: sha1Of(wanted), verified: true } });
    await storage.largeFiles.uploadPart({ fileId, partNumber: 2, ...sourceKey(to) }, bodyOf(sampleBytes(9)));
    const finished = await storage.largeFiles.finish(fileId, [part.contentSha1.sha1, sha1Of(sampleBytes(9))]);
    const all = Uint8Array.from(Buffer.concat([wanted, sampleBytes(9)]));
    expect(await readBack(storage, finished, sourceKey(to).encryption)).toEqual(all);
  });
});

describe.each(pairs.filter(([from]) => request(from).mode === 'SSE-C'))('a copy from %s to %s', (from, to) => {
  test('with a wrong or missing key is refused and leaves nothing', async () => {
    const fixture = await createFixture();
    const source = await uploadTo(fixture, 'source', data, { encryption: request(from) });
    const before = await census(fixture);
    const copy = (encryption?: EncryptionRequest) =>
      fixture.storage.copies.copyFile({
        source: { fileId: source.fileId, ...(encryption && { encryption }) },
        name: 'copy',
        encryption: request(to),
      });
    await expect(copy(customer(9))).rejects.toMatchObject({ code: 'customer_key_wrong' });
    await expect(copy()).rejects.toMatchObject({
      code: 'sse_violation',
      details: { violation: 'customer_key_required' },
    });
    expect(await census(fixture)).toEqual(before);
  });
});

describe('copies', () => {
  test('take the destination bucket and its default, and other metadata if given', async () => {
    const fixture = await createFixture();
    const { storage, accountId } = fixture;
    const settings = { defaultEncryption: 'SSE-B2' } as const;
    const other = await storage.buckets.create({ accountId, name: 'other-bucket', type: 'allPrivate', settings });
    const source = await uploadTo(fixture, 'source', data);
    const copy = await storage.copies.copyFile({
      source: { fileId: source.fileId },
      bucketId: other.bucketId,
      name: 'copy',
      metadata: { contentType: 'image/png', fileInfo: { a: 'b' } },
    });
    expect(copy).toMatchObject({ bucketId: other.bucketId, contentType: 'image/png', fileInfo: { a: 'b' } });
    expect(copy.encryption.mode).toBe('SSE-B2');
  });

  test('keep what is known of the source’s SHA-1', async () => {
    const fixture = await createFixture();
    const sha1 = 'ab'.repeat(20);
    const file = newFile(fixture.bucket.bucketId, 'source');
    const source = await fixture.storage.files.upload(file, bodyOf(data, { sha1: { kind: 'unverified', sha1 } }));
    const { fileId } = source;
    const copy = (range?: { start: number; end: number }) =>
      fixture.storage.copies.copyFile({ source: { fileId, ...(range && { range }) }, name: 'copy' });
    expect((await copy()).contentSha1).toEqual({ sha1, verified: false });
    const part = sha1Of(data.subarray(1));
    expect((await copy({ start: 1, end: 99_999_999 })).contentSha1).toEqual({ sha1: part, verified: true });
  });

  test.each(['none', 'SSE-B2', 'SSE-C key 1'] as const)(
    'have a further checksum of their content, with %s',
    async (mode) => {
      const fixture = await createFixture();
      const { storage, bucket } = fixture;
      const encryption = request(mode);
      const further = { algorithm: 'CRC32' } as const;
      const file = newFile(bucket.bucketId, 'source', { encryption });
      const source = await storage.files.upload(file, bodyOf(data, { further }));
      const plain = await uploadTo(fixture, 'plain', data);
      const composite = { furtherChecksum: { algorithm: 'SHA256', of: 'parts' } } as const;
      const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'large', { encryption }), composite);
      for (const partNumber of [1, 2])
        await storage.largeFiles.uploadPart({ fileId, partNumber, ...sourceKey(mode) }, bodyOf(data));
      const large = await storage.largeFiles.finish(fileId, [sha1Of(data), sha1Of(data)]);
      const whole = Uint8Array.from(Buffer.concat([data, data]));
      const told = async (version: FileVersion, copied: Partial<FileCopy>, range?: { start: number; end: number }) => {
        const key = version === plain ? {} : sourceKey(mode);
        const from = { fileId: version.fileId, ...key, ...(range && { range }) };
        const copy = await storage.copies.copyFile({ source: from, name: 'copy', encryption, ...copied });
        await storage.reads.check(copy);
        return storage.reads.furtherChecksum(copy);
      };
      const ofContent = async (algorithm: ChecksumAlgorithm, content: Uint8Array) => {
        return { algorithm, of: 'content', value: await checksumOf(algorithm, content) };
      };
      expect(await told(plain, {})).toBeNull();
      expect(await told(source, {})).toEqual(await ofContent('CRC32', data));
      expect(await told(source, {}, { start: 3, end: 99 })).toEqual(await ofContent('CRC32', data.subarray(3, 100)));
      expect(await told(large, {})).toEqual(await ofContent('SHA256', whole));
      for (const furtherChecksum of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
        const wanted = await ofContent(furtherChecksum, data);
        for (const version of [plain, source]) expect(await told(version, { furtherChecksum })).toEqual(wanted);
        expect(await told(large, { furtherChecksum })).toEqual(await ofContent(furtherChecksum, whole));
      }
    },
  );

  test('have the checksum that their large file was started with, not the source’s', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const file = newFile(bucket.bucketId, 'source');
    const { fileId } = await storage.files.upload(file, bodyOf(data, { further: { algorithm: 'CRC32' } }));
    const part = async (furtherChecksum?: { readonly algorithm: ChecksumAlgorithm; readonly of: 'parts' }) => {
      const started = await storage.largeFiles.start(
        newFile(bucket.bucketId, 'l'),
        furtherChecksum && { furtherChecksum },
      );
      return storage.copies.copyPart({ source: { fileId }, fileId: started.fileId, partNumber: 1 });
    };
    expect((await part()).furtherChecksum).toBeNull();
    expect((await part({ algorithm: 'SHA1', of: 'parts' })).furtherChecksum).toEqual({
      ...{ algorithm: 'SHA1', of: 'content' },
      value: await checksumOf('SHA1', data),
    });
  });

  test('are refused as damaged where the content is not what the source’s further checksum says', async () => {
    const fixture = await createFixture();
    const { storage, bucket, keys: keyProvider, metadata } = fixture;
    const file = newFile(bucket.bucketId, 'source', { encryption: { mode: 'none' } });
    const source = await storage.files.upload(file, bodyOf(data, { further: { algorithm: 'CRC32' } }));
    const record = recordOf(source);
    const further = { ...record.checksums.further!, value: new Uint8Array(4) };
    const wrong = { ...record, checksums: { ...record.checksums, further } };
    const sealed = await sealVersion({ keys: keyProvider }, wrong, sealedBlobsOf(wrong));
    await metadata.commit({
      expectations: [],
      writes: [{ table: 'fileVersions', key: versionKey(sealed), put: sealed }],
    });
    const copy = (furtherChecksum?: ChecksumAlgorithm) =>
      storage.copies.copyFile({
        source: { fileId: source.fileId },
        name: 'copy',
        ...(furtherChecksum && { furtherChecksum }),
      });
    await expect(copy()).rejects.toMatchObject({ code: 'integrity', details: { fileId: source.fileId } });
    expect(await copy('SHA1')).toMatchObject({ size: data.length });
  });

  test.each([
    [5_368_709_120, 'integrity'],
    [5_368_709_121, 'copy_source_too_large'],
  ])('of %i bytes in one: %s', async (size, code) => {
    const fixture = await createFixture();
    const { storage, keys: keyProvider, metadata } = fixture;
    // Only the record has so many bytes, so that the copy begins, and then finds that the blob is not that long.
    const file = { ...recordOf(await uploadTo(fixture, 'source', data)), size };
    const sealed = await sealVersion({ keys: keyProvider }, file, sealedBlobsOf(file));
    await metadata.commit({
      expectations: [],
      writes: [{ table: 'fileVersions', key: versionKey(sealed), put: sealed }],
    });
    await expect(storage.copies.copyFile({ source: { fileId: file.fileId }, name: 'b' })).rejects.toMatchObject({
      code,
    });
  });

  test.each([
    [50_000, 50_001],
    [3, 2],
  ])('of the range %i-%i are refused', async (start, end) => {
    const fixture = await createFixture();
    const { fileId } = await uploadTo(fixture, 'source', data);
    await expect(
      fixture.storage.copies.copyFile({ source: { fileId, range: { start, end } }, name: 'copy' }),
    ).rejects.toMatchObject({ code: 'range_not_satisfiable', details: { size: 50_000 } });
  });

  test('of nothing readable are refused', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    await uploadTo(fixture, 'a');
    const marker = await storage.files.hide(bucket.bucketId, 'a');
    const started = await storage.largeFiles.start(newFile(bucket.bucketId, 'l'));
    for (const fileId of [marker.fileId, started.fileId, 'unknown'])
      await expect(storage.copies.copyFile({ source: { fileId }, name: 'c' })).rejects.toMatchObject({
        code: 'file_missing',
      });
  });

  test('of a file with a customer key that it does not need are refused unless the server is lenient', async () => {
    for (const ignoreUnneededCustomerKey of [false, true]) {
      const fixture = await createFixture({ options: { ignoreUnneededCustomerKey } });
      const { fileId } = await uploadTo(fixture, 'a', data);
      const copy = fixture.storage.copies.copyFile({ source: { fileId, encryption: customer(1) }, name: 'b' });
      if (ignoreUnneededCustomerKey) expect(await copy).toMatchObject({ size: data.length });
      else await expect(copy).rejects.toMatchObject({ details: { violation: 'not_customer_encrypted' } });
    }
  });

  test('of stored data that is not what its SHA-1 says are refused as damaged', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 0 } });
    const { fileId, blobId } = await uploadTo(fixture, 'a', data, { encryption: { mode: 'none' } });
    await fixture.blobs.delete(blobId!);
    const damaged = Uint8Array.from(data);
    damaged[7]! ^= 1;
    await fixture.blobs.write(blobId!, bodyOf(damaged).body.stream);
    const before = await census(fixture);
    await expect(fixture.storage.copies.copyFile({ source: { fileId }, name: 'b' })).rejects.toMatchObject({
      code: 'integrity',
      details: { fileId },
    });
    expect(await census(fixture)).toEqual(before);
  });
});
