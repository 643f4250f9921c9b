import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  paginateListBuckets,
  paginateListObjectsV2,
  ListObjectsCommand,
  PutObjectCommand,
  type ListObjectsV2CommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { encryptedAs, jsSdk, read } from '../../harness/s3/js-sdk.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';

/** Names in the order of their UTF-8 bytes, in which S3 lists. */
const names = [
  ' space first',
  'a',
  'a b/c+d',
  'a&amp;<b>"\'',
  'dir/',
  'dir/..',
  'dir//double',
  'dir/sub/1',
  'dir/sub/2',
  'percent%20%2F',
  'ü',
  '漢字/😀',
  '\u{ff5e}',
  '😀',
] as const;

async function listed(
  client: S3Client,
  pageSize: number,
  input: ListObjectsV2CommandInput,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of paginateListObjectsV2({ client, pageSize }, input)) {
    expect(page.KeyCount).toBe((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0));
    for (const { Key = '' } of page.Contents ?? []) found.push(Key);
    for (const { Prefix = '' } of page.CommonPrefixes ?? []) found.push(Prefix);
  }
  return found;
}

s3Scenarios('lists and deletions of the AWS SDK for JavaScript', (world) => {
  const filled = async (client: S3Client): Promise<string> => {
    const Bucket = await world().bucket();
    for (const Key of names) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    return Bucket;
  };

  test('all names, however odd, in pages, below prefixes and in folders', async () => {
    const client = jsSdk(world());
    const Bucket = await filled(client);
    for (const Key of names) {
      const body = await read(client, { Bucket, Key }, world().modes.none);
      expect(Buffer.from(body).toString()).toBe(Key);
    }
    for (const pageSize of [1, 4, 1000]) expect(await listed(client, pageSize, { Bucket })).toEqual(names);
    const encoded = await listed(client, 4, { Bucket, EncodingType: 'url' });
    expect(encoded.map((name) => decodeURIComponent(name.replaceAll('+', ' ')))).toEqual(names);
    expect(await listed(client, 1, { Bucket, Prefix: 'dir/', Delimiter: '/' })).toEqual([
      ...['dir/', 'dir/..', 'dir//', 'dir/sub/'],
    ]);
    expect(await listed(client, 1, { Bucket, StartAfter: 'ü' })).toEqual(names.slice(-3));
    const first = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 3 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'a b/' });
    const second = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: first.NextMarker }));
    expect(second.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['dir/', '漢字/']);
  });

  test('many are deleted at once, which hides them, and versions are deleted for good', async () => {
    const client = jsSdk(world());
    const Bucket = await filled(client);
    const Objects = [...names, 'not there'].map((Key) => ({ Key }));
    const hidden = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(hidden.Errors ?? []).toEqual([]);
    expect(hidden.Deleted?.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual(
      Objects.map(({ Key }) => [Key, true]),
    );
    expect(await listed(client, 1000, { Bucket })).toEqual([]);
    const versions: { Key: string; VersionId: string | undefined }[] = [];
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let more = true; more;) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 4, ...marker }));
      for (const { Key = '', VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
        versions.push({ Key, VersionId });
      }
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated === true;
    }
    expect(versions).toHaveLength(2 * names.length + 1);
    const quiet = { Objects: [...versions, { Key: 'a', VersionId: 'no-such-version' }], Quiet: true };
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: quiet }));
    expect(Deleted ?? []).toEqual([]);
    expect(Errors).toMatchObject([{ Key: 'a', VersionId: 'no-such-version', Code: 'NoSuchVersion' }]);
    const left = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect([left.Versions, left.DeleteMarkers]).toEqual([undefined, undefined]);
  });

  test('an old version is read, and comes back when the newer ones are deleted', async () => {
    const client = jsSdk(world());
    const place = { Bucket: await world().bucket(), Key: 'f' };
    const { sseC1, none } = world().modes;
    const first = await client.send(new PutObjectCommand({ ...place, Body: 'first', ...encryptedAs(sseC1) }));
    const second = await client.send(new PutObjectCommand({ ...place, Body: 'second' }));
    const old = await read(client, { ...place, VersionId: first.VersionId }, sseC1);
    expect(Buffer.from(old).toString()).toBe('first');
    const { DeleteMarker, VersionId } = await client.send(new DeleteObjectCommand(place));
    expect(DeleteMarker).toBe(true);
    await expect(read(client, place, none)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await client.send(new DeleteObjectCommand({ ...place, VersionId }));
    expect(Buffer.from(await read(client, place, none)).toString()).toBe('second');
    await client.send(new DeleteObjectCommand({ ...place, VersionId: second.VersionId }));
    expect(Buffer.from(await read(client, place, sseC1)).toString()).toBe('first');
  });

  test('buckets in pages', async () => {
    const client = jsSdk(world());
    const made = [await world().bucket(), await world().bucket(), await world().bucket()].sort();
    const found: string[] = [];
    for await (const page of paginateListBuckets({ client, pageSize: 2 }, {})) {
      expect(page.Buckets?.length).toBeLessThanOrEqual(2);
      for (const { Name = '' } of page.Buckets ?? []) found.push(Name);
    }
    expect(found.filter((name) => made.includes(name))).toEqual(made);
  });
});
