import { CopyObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { encryptedAs, expectShownAs, head, jsSdk, read, sourceKey } from '../../harness/s3/js-sdk.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

const modes = ['none', 'sseB2', 'sseC1'] as const;

s3Scenarios('copies of the AWS SDK for JavaScript', (world) => {
  describe.each(modes)('from %s', (from) => {
    test('to every encryption, with new metadata and the old', async () => {
      const client = jsSdk(world());
      const [Bucket, other] = [await world().bucket(), await world().bucket()];
      const source = { Bucket, Key: 'dir/a b+ü%' };
      const { content } = world().file('source', 70_000);
      const Metadata = { colour: 'red' };
      const put = { ...source, Body: content, Metadata, ContentType: 'text/x-a', ChecksumAlgorithm: 'SHA256' } as const;
      await client.send(new PutObjectCommand({ ...put, ...encryptedAs(world().modes[from]) }));
      const CopySource = `${Bucket}/${encodeURIComponent(source.Key)}`;
      for (const to of [...modes, 'sseC2'] as const) {
        const [kept, replaced] = [`kept ${to}`, `replaced ${to}`];
        const encryption = world().modes[to];
        const copy = { CopySource, Bucket: other, ...encryptedAs(encryption), ...sourceKey(world().modes[from]) };
        const made = await client.send(new CopyObjectCommand({ ...copy, Key: kept }));
        expectShownAs(made, encryption);
        const about = { Metadata: { size: 'xl' }, ContentType: 'text/x-b' };
        const replace = { ...copy, Key: replaced, MetadataDirective: 'REPLACE', ChecksumAlgorithm: 'CRC32C' } as const;
        const result = await client.send(new CopyObjectCommand({ ...replace, ...about }));
        expect(result.CopyObjectResult?.ChecksumCRC32C).toMatch(/^[\w+/]+=*$/);
        const first = await head(client, { Bucket: other, Key: kept }, encryption);
        expect(first).toMatchObject({ Metadata, ContentType: 'text/x-a', ETag: made.CopyObjectResult?.ETag });
        expect(first.ChecksumSHA256).toMatch(/^[\w+/]+=*$/);
        expectShownAs(first, encryption);
        const second = await head(client, { Bucket: other, Key: replaced }, encryption);
        expect(second).toMatchObject({ ...about, ChecksumCRC32C: result.CopyObjectResult?.ChecksumCRC32C });
        for (const Key of [kept, replaced]) {
          expectSameBytes(await read(client, { Bucket: other, Key }, encryption), content);
        }
      }
    });
  });

  test('a copy onto itself changes metadata or encryption, and nothing else is no copy', async () => {
    const client = jsSdk(world());
    const place = { Bucket: await world().bucket(), Key: 'f' };
    const first = await client.send(new PutObjectCommand({ ...place, Body: 'hello', Metadata: { colour: 'red' } }));
    const CopySource = `${place.Bucket}/f`;
    await expect(client.send(new CopyObjectCommand({ ...place, CopySource }))).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    const { sseB2 } = world().modes;
    await client.send(new CopyObjectCommand({ ...place, CopySource, ...encryptedAs(sseB2) }));
    expectShownAs(await head(client, place, sseB2), sseB2);
    const restore = { ...place, CopySource: `${CopySource}?versionId=${first.VersionId ?? ''}` };
    const restored = await client.send(new CopyObjectCommand(restore));
    expect(restored.CopySourceVersionId).toBe(first.VersionId);
    expectShownAs(await head(client, place, world().modes.none), world().modes.none);
  });

  test('a copy is made only under its conditions, and only with the right key', async () => {
    const client = jsSdk(world());
    const Bucket = await world().bucket();
    const { sseC1, sseC2 } = world().modes;
    const { content } = world().secretFile('source', 5000);
    const put = { Bucket, Key: 'f', Body: content, ...encryptedAs(sseC1) };
    const { ETag = '' } = await client.send(new PutObjectCommand(put));
    const copy = { Bucket, Key: 'copy', CopySource: `${Bucket}/f` };
    const refused = async (more: object, name: string): Promise<void> => {
      await expect(client.send(new CopyObjectCommand({ ...copy, ...more }))).rejects.toMatchObject({ name });
    };
    await refused({}, 'InvalidRequest');
    await refused(sourceKey(sseC2), 'AccessDenied');
    await refused({ ...sourceKey(sseC1), CopySourceIfMatch: '"0"' }, 'PreconditionFailed');
    await refused({ ...sourceKey(sseC1), CopySourceIfNoneMatch: ETag }, 'PreconditionFailed');
    await client.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'another' }));
    const modified = { CopySourceIfModifiedSince: new Date(Date.now() - 3_600_000) };
    await refused({ ...sourceKey(sseC1), ...modified, IfNoneMatch: '*', Key: 'there' }, 'PreconditionFailed');
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'copy' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    const right = { ...copy, ...sourceKey(sseC1), ...encryptedAs(sseC2), CopySourceIfMatch: ETag };
    await client.send(new CopyObjectCommand(right));
    expectSameBytes(await read(client, { Bucket, Key: 'copy' }, sseC2), content);
  });
});
