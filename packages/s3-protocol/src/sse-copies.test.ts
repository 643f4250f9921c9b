import { beforeEach, describe, expect, it } from 'vitest';
import {
  contentOf,
  encryptByDefault,
  encryptionNames,
  encryptions,
  keyA,
  keyB,
  openEncrypted,
  told,
  md5Hex,
} from './test-support/encrypted-objects.ts';
import { childText, type TestServer } from './test-support/test-server.ts';
import { s3SseHeaders } from '@coffer/sse-schema';

type Lines = Readonly<Record<string, string>>;

let server: TestServer;
beforeEach(async () => {
  server = await openEncrypted();
});

const copyOf = (source: string, key: string, headers: Lines = {}) => ({
  ...{ method: 'PUT', target: `/bucket/${key}`, headers: { 'x-amz-copy-source': `bucket/${source}`, ...headers } },
});
const toldB = { [s3SseHeaders.algorithm]: 'AES256', [s3SseHeaders.md5]: keyB.md5 };
/** What a copy may be encrypted with: the same as objects, and another customer key. */
const targets = {
  ...encryptions,
  'another key': { ask: keyB.headers, read: keyB.headers, source: keyB.sourceHeaders, told: toldB },
} as const;
const targetNames = Object.keys(targets) as (keyof typeof targets)[];
const pairs = encryptionNames.flatMap((source) => targetNames.map((target) => [source, target] as const));

describe('a copy', () => {
  it.each(pairs)('of an object with %s to one with %s', async (source, target) => {
    const { ask, read, told: expected } = targets[target];
    const copied = await server.ok(copyOf(source, 'copy', { ...ask, ...encryptions[source].source }));
    expect(told(copied.headers)).toEqual(expected);
    const answer = await server.ok({ target: '/bucket/copy', headers: read });
    expect([answer.text, told(answer.headers)]).toEqual([contentOf(source), expected]);
    const etag = answer.headers.get('etag') ?? '';
    expect(childText(copied.xml, 'ETag')).toBe(etag);
    const isOpaque = target === 'SSE-C' || target === 'another key';
    expect(etag === `"${md5Hex(contentOf(source))}"`).toBe(!isOpaque);
    const original = await server.ok({ target: `/bucket/${source}`, headers: encryptions[source].read });
    expect(original.text).toBe(contentOf(source));
  });

  it.each(encryptionNames)(
    'of an object with %s inherits nothing, and takes what the bucket has by default',
    async (source) => {
      const { source: key } = encryptions[source];
      expect(told((await server.ok(copyOf(source, 'a', key))).headers)).toEqual({});
      await encryptByDefault(server);
      expect(told((await server.ok(copyOf(source, 'b', key))).headers)).toEqual(encryptions['SSE-S3'].told);
      const asked = await server.ok(copyOf(source, 'c', { ...key, ...keyB.headers }));
      expect(told(asked.headers)).toEqual(toldB);
      expect(told((await server.ok({ target: '/bucket/a' })).headers)).toEqual({});
    },
  );

  it('needs the key of its source, and none that the source has not', async () => {
    const needed = /^The object was stored using a form of Server Side Encryption/;
    await server.refused(copyOf('SSE-C', 'copy'), { code: 'InvalidRequest', message: needed });
    await server.refused(copyOf('SSE-C', 'copy', keyA.headers), { code: 'InvalidRequest', message: needed });
    await server.refused(copyOf('SSE-C', 'copy', keyB.sourceHeaders), { code: 'AccessDenied', message: /secret key/ });
    for (const source of ['none', 'SSE-S3']) {
      const refused = copyOf(source, 'copy', keyA.sourceHeaders);
      await server.refused(refused, { code: 'InvalidRequest', message: /not applicable/ });
    }
  });

  it('says nothing of conditions on its source without the right key', async () => {
    const conditions = { 'x-amz-copy-source-if-match': '"other"' };
    const wrong = copyOf('SSE-C', 'copy', { ...conditions, ...keyB.sourceHeaders });
    await server.refused(wrong, { code: 'AccessDenied' });
    const right = copyOf('SSE-C', 'copy', { ...conditions, ...keyA.sourceHeaders });
    await server.refused(right, { code: 'PreconditionFailed' });
  });
});

describe('a copy of an object onto itself', () => {
  const illegal = { code: 'InvalidRequest', message: /copy an object to itself/ } as const;

  it('that changes nothing is refused', async () => {
    await server.refused(copyOf('none', 'none'), illegal);
    await server.refused(copyOf('SSE-S3', 'SSE-S3'), illegal);
  });

  // As minio-go's functional tests do it ("in-place decryption").
  it('takes away the key where the request has it for the source only', async () => {
    await server.ok(copyOf('SSE-C', 'SSE-C', keyA.sourceHeaders));
    const read = await server.ok({ target: '/bucket/SSE-C' });
    expect([read.text, told(read.headers)]).toEqual([contentOf('SSE-C'), encryptions.none.told]);
  });

  it('changes the key; the version before still opens with its own', async () => {
    const before = await server.ok({ method: 'HEAD', target: '/bucket/SSE-C', headers: keyA.headers });
    const versionId = before.headers.get('x-amz-version-id') ?? '';
    const rotated = await server.ok(copyOf('SSE-C', 'SSE-C', { ...keyA.sourceHeaders, ...keyB.headers }));
    expect(rotated.headers.get('x-amz-copy-source-version-id')).toBe(versionId);
    expect((await server.ok({ target: '/bucket/SSE-C', headers: keyB.headers })).text).toBe(contentOf('SSE-C'));
    await server.refused({ target: '/bucket/SSE-C', headers: keyA.headers }, { code: 'AccessDenied' });
    const old = { target: `/bucket/SSE-C?versionId=${versionId}` };
    expect((await server.ok({ ...old, headers: keyA.headers })).text).toBe(contentOf('SSE-C'));
    await server.refused({ ...old, headers: keyB.headers }, { code: 'AccessDenied' });
  });

  it('encrypts it, by what the request asks or by what the bucket has by default', async () => {
    const { ask, told: expected } = encryptions['SSE-S3'];
    expect(told((await server.ok(copyOf('none', 'none', ask))).headers)).toEqual(expected);
    await encryptByDefault(server);
    const again = await server.ok(copyOf('SSE-C', 'SSE-C', keyA.sourceHeaders));
    expect(told(again.headers)).toEqual(expected);
    expect((await server.ok({ target: '/bucket/SSE-C' })).text).toBe(contentOf('SSE-C'));
  });
});
