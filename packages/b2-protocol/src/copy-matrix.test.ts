import { describe, expect, it } from 'vitest';
import { customerKey, sseB2Headers, sseB2Json } from './test-support/customer-keys.ts';
import { md5, sha1, TestServer } from './test-support/test-server.ts';

const one = customerKey(1);
const two = customerKey(2);
const content = 'The content of the source, long enough for parts.';

/** The four ways of being encrypted: as headers, as JSON, and as responses show it. */
const ways = {
  none: { headers: {}, json: undefined, view: { algorithm: null, mode: null } },
  b2: { headers: sseB2Headers, json: sseB2Json, view: { algorithm: 'AES256', mode: 'SSE-B2' } },
  c1: {
    headers: one.headers,
    json: one.json,
    view: { algorithm: 'AES256', customerKeyMd5: one.md5, mode: 'SSE-C' },
  },
  c2: {
    headers: two.headers,
    json: two.json,
    view: { algorithm: 'AES256', customerKeyMd5: two.md5, mode: 'SSE-C' },
  },
} as const;
const names = Object.keys(ways) as (keyof typeof ways)[];
const pairs = names.flatMap((from) => names.map((to) => [from, to] as const));

/** What a copy says of the key of its source. */
const sourceOf = (from: keyof typeof ways) => (from === 'none' ? {} : { sourceServerSideEncryption: ways[from].json });
const destinationOf = (to: keyof typeof ways) =>
  to === 'none' ? {} : { destinationServerSideEncryption: ways[to].json };

async function withSource(from: keyof typeof ways) {
  const server = await TestServer.inMemory();
  server.secrets.push(...one.secrets, ...two.secrets);
  const bucketId = await server.createBucket('my-bucket');
  const source = await server.upload(bucketId, 'source', content, { headers: ways[from].headers });
  return { server, bucketId, sourceFileId: source.json.fileId };
}

describe('copies between all encryptions', () => {
  it.each(pairs)('a file from %s to %s', async (from, to) => {
    const { server, bucketId, sourceFileId } = await withSource(from);
    const fields = { sourceFileId, fileName: 'copy', ...sourceOf(from), ...destinationOf(to) };
    const copy = await server.ok('b2_copy_file', fields);
    expect(copy).toMatchObject({
      action: 'copy',
      bucketId,
      contentLength: content.length,
      contentMd5: md5(content),
      contentSha1: sha1(content),
      contentType: 'text/plain',
      serverSideEncryption: ways[to].view,
    });
    const read = await server.download('/file/my-bucket/copy', { headers: to === 'b2' ? {} : ways[to].headers });
    expect(new TextDecoder().decode(read.bytes)).toBe(content);
    const info = await server.ok('b2_get_file_info', { fileId: copy.fileId });
    expect(info.action).toBe('upload');
    const part = await server.ok('b2_copy_file', { ...fields, fileName: 'range', range: 'bytes=4-10' });
    expect(part).toMatchObject({ contentLength: 7, contentMd5: md5('content'), contentSha1: sha1('content') });
    const range = await server.download('/file/my-bucket/range', { headers: to === 'b2' ? {} : ways[to].headers });
    expect(new TextDecoder().decode(range.bytes)).toBe('content');
  });

  it.each(pairs)('parts from %s to %s', async (from, to) => {
    const { server, bucketId, sourceFileId } = await withSource(from);
    const start = {
      bucketId,
      fileName: 'copy',
      contentType: 'text/plain',
      serverSideEncryption: ways[to].json ?? null,
    };
    const largeFileId = (await server.ok('b2_start_large_file', start)).fileId;
    const copy = async (partNumber: number, range?: string) => {
      const fields = { sourceFileId, largeFileId, partNumber, ...sourceOf(from), ...destinationOf(to) };
      const part = await server.ok('b2_copy_part', range === undefined ? fields : { ...fields, range });
      expect(part.serverSideEncryption).toEqual(ways[to].view);
      return part.contentSha1;
    };
    const partSha1Array = [await copy(1), await copy(2, 'bytes=4-10')];
    expect(partSha1Array).toEqual([sha1(content), sha1('content')]);
    await server.ok('b2_finish_large_file', { fileId: largeFileId, partSha1Array });
    const read = await server.download('/file/my-bucket/copy', { headers: to === 'b2' ? {} : ways[to].headers });
    expect(new TextDecoder().decode(read.bytes)).toBe(`${content}content`);
  });
});

describe('b2_copy_file', () => {
  it('keeps or replaces the metadata, as directed', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const other = await server.createBucket('bucket-b');
    const headers = { 'X-Bz-Info-a': 'b' };
    const sourceFileId = (await server.upload(bucketId, 'source', 'x', { headers })).json.fileId;
    const copy = (fields: object) => server.call('b2_copy_file', { sourceFileId, fileName: 'c.png', ...fields });
    expect((await copy({})).json).toMatchObject({ contentType: 'text/plain', fileInfo: { a: 'b' } });
    expect((await copy({ destinationBucketId: other })).json).toMatchObject({ bucketId: other });
    for (const directive of [{}, { metadataDirective: 'COPY' }, { metadataDirective: null, contentType: null }])
      expect((await copy({ fileInfo: {}, ...directive })).json).toMatchObject({
        ...{ contentType: 'text/plain', fileInfo: { a: 'b' } },
      });
    const replace = { metadataDirective: 'REPLACE', contentType: 'b2/x-auto' };
    expect((await copy(replace)).json).toMatchObject({ contentType: 'image/png', fileInfo: {} });
    expect((await copy({ ...replace, fileInfo: { C: 'd' } })).json).toMatchObject({ fileInfo: { c: 'd' } });
    const bad = { status: 400, code: 'bad_request' } as const;
    await server.refused(() => copy({ metadataDirective: 'REPLACE' }), bad);
    await server.refused(() => copy({ contentType: 'text/plain' }), bad);
    await server.refused(() => copy({ fileInfo: { a: 'c' } }), bad);
    await server.refused(() => copy({ metadataDirective: 'MOVE' }), bad);
    await server.refused(() => copy({ range: 'bytes=1-2' }), { status: 416, code: 'range_not_satisfiable' });
    await server.refused(() => copy({ destinationBucketId: 'a'.repeat(24) }), { status: 400, code: 'bad_bucket_id' });
    const missing = sourceFileId.replace(/_f1[0-9a-f]{16}/, `_f1${'0'.repeat(16)}`);
    await server.refused(() => copy({ sourceFileId: missing }), { status: 404, code: 'not_found' });
    const marker = (await server.ok('b2_hide_file', { bucketId, fileName: 'source' })).fileId;
    await server.refused(() => copy({ sourceFileId: marker }), { status: 404, code: 'not_found' });
  });
});
