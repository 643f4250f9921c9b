import { checksumOf } from '@coffer/checksums';
import { describe, expect, test } from 'vitest';
import { listOf, upload } from '../../test/completed-file.ts';
import { bodyOf, createFixture, newFile, sampleBytes } from '../../test/fixture.ts';
import type { FilePart, FurtherChecksum, ListedPart } from '../services/storage.ts';

describe('further checksums of a file that is completed', () => {
  const contents = new Map([
    [1, sampleBytes(100, 1)],
    [4, sampleBytes(250, 2)],
    [6, sampleBytes(3, 3)],
  ]);
  const chosen = [contents.get(1)!, contents.get(6)!];

  test.each([
    ['CRC32', 'content'],
    ['CRC32C', 'parts'],
    ['CRC64NVME', 'content'],
    ['SHA256', 'parts'],
  ] as const)('%s of the %s is compared with that of the parts that are listed', async (algorithm, of) => {
    const fixture = await createFixture();
    const { storage } = fixture;
    const uploaded = await upload(fixture, contents, () => ({ mode: 'SSE-B2' }), { algorithm, of });
    const listed = await Promise.all(
      listOf(uploaded, 1, 6).map(async (part) => {
        return { ...part, furtherChecksum: await checksumOf(algorithm, contents.get(part.partNumber)!) };
      }),
    );
    const pieces = listed.map(({ furtherChecksum }) => furtherChecksum);
    const value = await checksumOf(algorithm, ...(of === 'content' ? chosen : pieces));
    const complete = (list: readonly ListedPart[], furtherChecksum?: FurtherChecksum & { value: Uint8Array }) =>
      storage.largeFiles.complete(uploaded.fileId, list, furtherChecksum && { furtherChecksum });
    const wrong = Uint8Array.from(value).fill(1);
    await expect(complete(listed, { algorithm, of, value: wrong })).rejects.toMatchObject({
      code: 'checksum_mismatch',
      details: { algorithm },
    });
    for (const furtherChecksum of [wrong, new Uint8Array()])
      await expect(complete([listed[0]!, { ...listed[1]!, furtherChecksum }])).rejects.toMatchObject({
        code: 'part_checksum_mismatch',
        details: { partNumber: 6 },
      });
    for (const kind of [
      { algorithm: 'SHA1', of },
      { algorithm, of: of === 'content' ? 'parts' : 'content' },
    ] as const)
      await expect(complete(listed, { ...kind, value })).rejects.toMatchObject({
        code: 'invalid',
        details: { field: 'furtherChecksum' },
      });
    const bare = listOf(uploaded, 1, 6);
    const missing = { code: 'part_checksum_missing', details: { partNumber: 1 } };
    if (of === 'parts') await expect(complete(bare)).rejects.toMatchObject(missing);
    const version = await complete(of === 'content' ? bare : listed, { algorithm, of, value });
    expect(await storage.reads.furtherChecksum(version)).toEqual({ algorithm, of, value });
    expect(await complete(listed, { algorithm, of, value })).toEqual(version);
    await expect(complete(listed, { algorithm, of, value: wrong })).rejects.toMatchObject({
      code: 'checksum_mismatch',
    });
  });

  test('of a file that was started with none is that of its parts, if all have it', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'large'));
    const uploaded = { fileId, parts: new Map<number, FilePart>() };
    for (const [partNumber, algorithm] of [
      [1, 'CRC32'],
      [6, 'CRC32'],
      [7, 'SHA1'],
      [8, undefined],
    ] as const) {
      const data = contents.get(partNumber) ?? sampleBytes(100);
      const content = bodyOf(data, algorithm && { further: { algorithm } });
      uploaded.parts.set(partNumber, await storage.largeFiles.uploadPart({ fileId, partNumber }, content));
    }
    const value = await checksumOf('CRC32', ...chosen);
    const complete = (numbers: readonly number[], furtherChecksum: FurtherChecksum & { value: Uint8Array }) =>
      storage.largeFiles.complete(fileId, listOf(uploaded, ...numbers), { furtherChecksum });
    const impossible = [
      [[1, 7], { algorithm: 'CRC32', of: 'content', value }],
      [[1, 8], { algorithm: 'CRC32', of: 'content', value }],
      [[1, 6], { algorithm: 'CRC32C', of: 'content', value }],
      [[1, 6], { algorithm: 'CRC32', of: 'parts', value }],
      [[7], { algorithm: 'SHA1', of: 'content', value }],
    ] as const;
    for (const [numbers, further] of impossible)
      await expect(complete(numbers, further)).rejects.toMatchObject({
        code: 'invalid',
        details: { field: 'furtherChecksum' },
      });
    const further = { algorithm: 'CRC32', of: 'content' } as const;
    await expect(complete([1, 6], { ...further, value: new Uint8Array(4) })).rejects.toMatchObject({
      code: 'checksum_mismatch',
    });
    expect(await complete([1, 6], { ...further, value })).toMatchObject({ size: 103 });
  });
});
