import { describe, expect, it } from 'vitest';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer } from '../../test/memory-server.ts';

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

describe('listings', () => {
  it('go over all pages, in the order of the server', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const client = server.client();
    const names = ['a', 'b/1', 'b/2', 'c', 'd', 'e', 'f'];
    for (const fileName of [...names, 'c', 'c']) await client.upload({ bucketId, fileName, data: bytes('x') });
    const page = { bucketId, maxFileCount: 2 };
    expect((await all(client.list.fileNames(page))).map(({ fileName }) => fileName)).toEqual(names);
    const folders = await all(client.list.fileNames({ ...page, delimiter: '/' }));
    expect(folders.map(({ fileName }) => fileName)).toEqual(['a', 'b/', 'c', 'd', 'e', 'f']);
    expect(await all(client.list.fileNames({ ...page, prefix: 'b/' }))).toHaveLength(2);
    expect((await all(client.list.fileNames({ ...page, startFileName: 'd' }))).map((row) => row.fileName)).toEqual([
      ...['d', 'e', 'f'],
    ]);
    const versions = await all(client.list.fileVersions(page));
    expect(versions.map(({ fileName }) => fileName)).toEqual(['a', 'b/1', 'b/2', 'c', 'c', 'c', 'd', 'e', 'f']);
    expect(new Set(versions.map(({ fileId }) => fileId)).size).toBe(9);
  });

  it('go over large files, parts and keys', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const { api, list } = server.client();
    const begin = (fileName: string) => api.startLargeFile({ bucketId, fileName, contentType: 'a/b' });
    const [{ fileId }] = [await begin('a'), await begin('b'), await begin('c')];
    for (const partNumber of [1, 2, 5]) await api.uploadPart({ fileId, partNumber, body: bytes('0123456789') });
    for (const keyName of ['one', 'two', 'three']) await api.createKey({ keyName, capabilities: ['readFiles'] });
    const large = await all(list.unfinishedLargeFiles({ bucketId, maxFileCount: 1 }));
    expect(large.map(({ fileName }) => fileName).sort()).toEqual(['a', 'b', 'c']);
    const parts = await all(list.parts({ fileId, maxPartCount: 2 }));
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 5]);
    const keys = await all(list.keys({ maxKeyCount: 2 }));
    expect(keys.map(({ keyName }) => keyName).sort()).toEqual(['one', 'three', 'two']);
  });

  it('ask for a page only when it is needed', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const client = server.client();
    for (const fileName of ['a', 'b', 'c']) await client.upload({ bucketId, fileName, data: bytes('x') });
    server.seen.length = 0;
    for await (const { fileName } of client.list.fileNames({ bucketId, maxFileCount: 1 })) {
      if (fileName === 'b') break;
    }
    expect(server.operations()).toEqual(['b2_list_file_names', 'b2_list_file_names']);
  });

  it('end where a server goes round in circles', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    server.intercept = ({ operation }) =>
      operation === 'b2_list_file_names' ? Response.json({ files: [], nextFileName: 'a' }) : undefined;
    expect((await caught(all(server.client().list.fileNames({ bucketId })))).code).toBe('invalid_response');
  });
});

describe('the default encryption of a bucket', () => {
  it('is got and set', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const { defaultEncryption, upload } = server.client();
    expect(await defaultEncryption.get(bucketId)).toBe('none');
    await defaultEncryption.set(bucketId, 'SSE-B2');
    expect(await defaultEncryption.get(bucketId)).toBe('SSE-B2');
    const file = await upload({ bucketId, fileName: 'a', data: bytes('x') });
    expect(file.serverSideEncryption.mode).toBe('SSE-B2');
    await defaultEncryption.set(bucketId, 'none');
    expect(await defaultEncryption.get(bucketId)).toBe('none');
  });

  it('is not known to a key that may not read it, nor of a bucket that is not there', async () => {
    const server = await memoryServer();
    const bucketId = await server.bucket();
    const { api, defaultEncryption } = server.client();
    const key = await api.createKey({ keyName: 'a', capabilities: ['listBuckets'] });
    const other = server.client({ keyId: key.applicationKeyId, key: key.applicationKey });
    expect(await other.defaultEncryption.get(bucketId)).toBeUndefined();
    await api.deleteBucket({ bucketId });
    expect((await caught(defaultEncryption.get(bucketId))).code).toBe('bad_bucket_id');
  });
});
