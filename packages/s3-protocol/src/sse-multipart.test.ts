import { s3SseHeaders } from '@coffer/sse-schema';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
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
  type EncryptionName,
} from './test-support/encrypted-objects.ts';
import { childrenOf, childText, type Answer, type TestServer } from './test-support/test-server.ts';

type Lines = Readonly<Record<string, string>>;

const partWithoutKey =
  'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate ' +
  'encryption parameters.';
const otherKey = 'The provided encryption parameters did not match the ones used originally.';
/** Not the length of a chunk, nor a multiple of it. */
const long = 'abcdefghij'.repeat(2_001);

/** An upload of one encryption, on a server of its own. */
async function openUpload(name: EncryptionName, given?: TestServer) {
  const server = given ?? (await openEncrypted());
  const created = await server.ok({ method: 'POST', target: '/bucket/large?uploads', headers: encryptions[name].ask });
  expect(told(created.headers)).toEqual(encryptions[name].told);
  const uploadId = childText(created.xml, 'UploadId') ?? '';
  const part = (partNumber: number, body: string, headers: Lines) => ({
    ...{ method: 'PUT', target: `/bucket/large?partNumber=${partNumber}&uploadId=${uploadId}`, body, headers },
  });
  const copiedPart = (source: string, headers: Lines, partNumber = 1) =>
    part(partNumber, '', { 'x-amz-copy-source': `bucket/${source}`, ...headers });
  const complete = (tags: readonly string[], headers: Lines = {}) => ({
    ...{ method: 'POST', target: `/bucket/large?uploadId=${uploadId}`, headers },
    body: `<CompleteMultipartUpload>${tags
      .map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`)
      .join('')}</CompleteMultipartUpload>`,
  });
  return { server, uploadId, part, copiedPart, complete };
}

const etagOf = ({ headers }: Answer) => headers.get('etag') ?? '';

/** The tag of an object of parts with these tags (AWS docs "Checking object integrity"). */
function tagOfParts(tags: readonly string[]): string {
  const bytes = tags.map((tag) => Buffer.from(tag.slice(1, -1), 'hex'));
  return `"${createHash('md5').update(Buffer.concat(bytes)).digest('hex')}-${tags.length}"`;
}

describe('a multipart upload', () => {
  it.each(encryptionNames)('with %s keeps its encryption from its beginning to its end', async (name) => {
    const { ask, read, told: expected } = encryptions[name];
    const { server, uploadId, part, complete } = await openUpload(name);
    const headers = name === 'SSE-C' ? ask : {};
    const parts = [await server.ok(part(1, long, headers)), await server.ok(part(2, 'the end', headers))];
    for (const answer of parts) expect(told(answer.headers)).toEqual(expected);
    const tags = parts.map(etagOf);
    expect(tags[0] === `"${md5Hex(long)}"`).toBe(name !== 'SSE-C');
    const { xml } = await server.ok({ target: `/bucket/large?uploadId=${uploadId}` });
    const listed = childrenOf(xml, 'Part').map((element) => [childText(element, 'ETag'), childText(element, 'Size')]);
    expect(listed).toEqual([
      [tags[0], String(long.length)],
      [tags[1], '7'],
    ]);
    await server.refused({ target: '/bucket/large', headers: read }, { code: 'NoSuchKey' });
    const completed = await server.ok(complete(tags, headers));
    expect(told(completed.headers)).toEqual(expected);
    const etag = tagOfParts(tags);
    expect(childText(completed.xml, 'ETag')).toBe(etag);
    const whole = await server.ok({ target: '/bucket/large', headers: read });
    expect([whole.text, etagOf(whole), told(whole.headers)]).toEqual([`${long}the end`, etag, expected]);
    const range = { Range: `bytes=${long.length - 3}-${long.length + 2}` };
    const border = await server.ok({ target: '/bucket/large', headers: { ...read, ...range } });
    expect([border.status, border.text]).toEqual([206, 'hijthe']);
    for (const [number, text] of [
      [1, long],
      [2, 'the end'],
    ] as const) {
      const one = await server.ok({ target: `/bucket/large?partNumber=${number}`, headers: read });
      expect([one.status, one.text, etagOf(one)]).toEqual([206, text, etag]);
      expect([one.headers.get('x-amz-mp-parts-count'), told(one.headers)]).toEqual(['2', expected]);
    }
    const target = '/bucket/large?partNumber=3';
    await server.refused({ target, headers: read }, { code: 'InvalidPartNumber' });
    if (name !== 'SSE-C') return;
    await server.refused({ target: '/bucket/large?partNumber=1', headers: keyB.headers }, { code: 'AccessDenied' });
    await server.refused({ target, headers: {} }, { code: 'InvalidRequest' });
  });

  it('with SSE-C takes parts with its key only', async () => {
    const { server, part, copiedPart } = await openUpload('SSE-C');
    const refuse = (request: object, message: string) => server.refused(request, { code: 'InvalidRequest', message });
    await refuse(part(1, 'x', {}), partWithoutKey);
    await refuse(part(1, 'x', keyB.headers), otherKey);
    await refuse(part(1, 'x', encryptions['SSE-S3'].ask), partWithoutKey);
    await refuse(copiedPart('none', {}), partWithoutKey);
    await refuse(copiedPart('none', keyB.headers), otherKey);
    await server.ok(part(1, 'x', keyA.headers));
    expect(told((await server.ok(copiedPart('none', keyA.headers))).headers)).toEqual(encryptions['SSE-C'].told);
  });

  it.each(['none', 'SSE-S3'] as const)('with %s takes no customer key with its parts', async (name) => {
    const { server, part, copiedPart } = await openUpload(name);
    const refusal = { code: 'InvalidRequest', message: partWithoutKey } as const;
    await server.refused(part(1, 'x', keyA.headers), refusal);
    await server.refused(copiedPart('none', keyA.headers), refusal);
    const repeated = part(1, 'x', encryptions['SSE-S3'].ask);
    if (name === 'none') await server.refused(repeated, { code: 'InvalidRequest' });
    else expect(told((await server.ok(repeated)).headers)).toEqual(encryptions[name].told);
    expect(told((await server.ok(part(1, 'x', {}))).headers)).toEqual(encryptions[name].told);
  });

  it.each(encryptionNames.flatMap((source) => encryptionNames.map((target) => [source, target] as const)))(
    'copies a part of an object with %s into an upload with %s',
    async (source, name) => {
      const { server, copiedPart, complete } = await openUpload(name);
      const { ask, read, told: expected } = encryptions[name];
      const target = name === 'SSE-C' ? ask : {};
      const headers = { ...target, ...encryptions[source].source };
      const ranged = { ...headers, 'x-amz-copy-source-range': 'bytes=1-11' };
      const copied = await server.ok(copiedPart(source, source === 'none' ? headers : ranged));
      expect(told(copied.headers)).toEqual(expected);
      const wrong = copiedPart(source, { ...target, ...keyB.sourceHeaders });
      await server.refused(wrong, { code: source === 'SSE-C' ? 'AccessDenied' : 'InvalidRequest' });
      if (source === 'SSE-C') await server.refused(copiedPart(source, target), { code: 'InvalidRequest' });
      await server.ok(complete([childText(copied.xml, 'ETag') ?? '']));
      const whole = await server.ok({ target: '/bucket/large', headers: read });
      const content = contentOf(source);
      expect(whole.text).toBe(source === 'none' ? content : content.slice(1, 12));
    },
  );

  it('with SSE-C is completed without its key, or with it, and not with another one', async () => {
    const { server, part, complete } = await openUpload('SSE-C');
    const tags = [etagOf(await server.ok(part(1, 'x', keyA.headers)))];
    await server.refused(complete(tags, keyB.headers), { code: 'InvalidRequest', message: otherKey });
    const bad = { ...keyA.headers, [s3SseHeaders.md5]: keyB.md5 };
    await server.refused(complete(tags, bad), { code: 'InvalidArgument' });
    const completed = await server.ok(complete(tags));
    expect(told(completed.headers)).toEqual({ [s3SseHeaders.algorithm]: 'AES256' });
  });

  it('with SSE-C is not completed without its key where the operator wants it', async () => {
    const lenient = await openEncrypted({ s3: { completeNeedsCustomerKey: true } });
    const { server, part, complete } = await openUpload('SSE-C', lenient);
    const tags = [etagOf(await server.ok(part(1, 'x', keyA.headers)))];
    await server.refused(complete(tags), { code: 'InvalidRequest', message: partWithoutKey });
    await server.ok(complete(tags, keyA.headers));
    const plain = await openUpload('none', lenient);
    await server.ok(plain.complete([etagOf(await server.ok(plain.part(1, 'x', {})))]));
  });

  it.each(['none', 'SSE-S3'] as const)('with %s is not completed with a customer key', async (name) => {
    const { server, part, complete } = await openUpload(name);
    const tags = [etagOf(await server.ok(part(1, 'x', {})))];
    await server.refused(complete(tags, keyA.headers), { code: 'InvalidRequest' });
    await server.ok(complete(tags, name === 'SSE-S3' ? encryptions[name].ask : {}));
  });

  it('is encrypted by what the bucket had by default when it began', async () => {
    const server = await openEncrypted();
    const before = await openUpload('none', server);
    await encryptByDefault(server);
    const { text, headers } = await server.ok({ method: 'POST', target: '/bucket/large?uploads' });
    expect([told(headers), text.includes('<UploadId>')]).toEqual([encryptions['SSE-S3'].told, true]);
    const part = await server.ok(before.part(1, 'x', {}));
    expect(told(part.headers)).toEqual({});
    await server.ok(before.complete([etagOf(part)]));
    expect(told((await server.ok({ target: '/bucket/large' })).headers)).toEqual({});
  });

  it('is listed and aborted without its key', async () => {
    const { server, uploadId, part } = await openUpload('SSE-C');
    await server.ok(part(1, 'x', keyA.headers));
    expect((await server.ok({ target: '/bucket?uploads' })).text).toContain(uploadId);
    await server.ok({ method: 'DELETE', target: `/bucket/large?uploadId=${uploadId}` });
    await server.refused({ target: `/bucket/large?uploadId=${uploadId}` }, { code: 'NoSuchUpload' });
    await server.refused(part(2, 'x', keyA.headers), { code: 'NoSuchUpload' });
  });
});
