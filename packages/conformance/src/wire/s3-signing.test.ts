import { SecretString } from '@coffer/bytes';
import { createVerifier, openPayload, SigV4Error, type HeaderPair } from '@coffer/sigv4';
import { expect, it } from 'vitest';
import { signedForm } from './s3-form.ts';
import { signedRequest, type S3Account, type S3Request } from './s3-signing.ts';
import type { WireRequest } from './transport.ts';

const account: S3Account = {
  ...{ origin: 'http://s3.example:9000', bucketDomain: 's3.example:9000', region: 'here', accessKeyId: 'me' },
  secret: SecretString.of('a secret'),
};
const text = `${'a'.repeat(8_192)}the end`;
const base: S3Request = { method: 'PUT', bucket: 'box', key: 'a b', body: Buffer.from(text) };
const trailer: HeaderPair = ['x-amz-checksum-crc32', 'AAAAAA=='];
const chunked = { signed: true, chunkSize: 8_192 };

const verifier = createVerifier({
  regions: ['here'],
  lookup: () => Promise.resolve({ version: '1', openSecret: () => SecretString.of('a secret') }),
});

/** What an endpoint reads of a request: who has signed it, and the content, or the code of its refusal. */
async function received({ method, target, headers, body }: WireRequest): Promise<string> {
  try {
    const verified = await verifier.verify({ method, target, headers });
    if (verified.kind === 'anonymous') return 'anonymous';
    const pieces: Uint8Array[] = [];
    for await (const piece of openPayload(verified, oncePiece(body)).stream) pieces.push(piece);
    return `${verified.kind}: ${Buffer.concat(pieces).toString()}`;
  } catch (error) {
    if (error instanceof SigV4Error) return error.code;
    throw error;
  }
}

async function* oncePiece(body: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(body);
}

it.each<[string, Partial<S3Request>, string]>([
  ['in its header', {}, `header: ${text}`],
  ['in its query', { presigned: true }, `presigned: ${text}`],
  ['with the bucket in its host', { virtualHost: true }, `header: ${text}`],
  ['in signed chunks', { chunked }, `header: ${text}`],
  ['in signed chunks with a trailer', { chunked: { ...chunked, trailer } }, `header: ${text}`],
  ['in unsigned chunks', { chunked: { ...chunked, signed: false, trailer } }, `header: ${text}`],
  ['with another digit', { wrong: 'signature' }, 'SignatureDoesNotMatch'],
  ['with another digit in its query', { wrong: 'signature', presigned: true }, 'SignatureDoesNotMatch'],
  ['long ago', { wrong: 'expired' }, 'RequestTimeTooSkewed'],
  ['long ago in its query', { wrong: 'expired', presigned: true }, 'AccessDenied'],
  ['not at all', { wrong: 'unsigned' }, 'anonymous'],
  ['before a chunk was changed', { chunked: { ...chunked, replace: ['the end', 'The end'] } }, 'SignatureDoesNotMatch'],
])('signs a request %s', async (_, fields, outcome) => {
  expect(await received(await signedRequest({ ...base, ...fields }, account))).toBe(outcome);
});

it('says the length of what is sent, and of the content in chunks', async () => {
  const { headers, body } = await signedRequest({ ...base, chunked }, account);
  expect(new Map(headers).get('content-length')).toBe(String(body.length));
  expect(new Map(headers).get('x-amz-decoded-content-length')).toBe(String(text.length));
});

it('names the bucket by path or by host', async () => {
  const [path, host] = [
    await signedRequest(base, account),
    await signedRequest({ ...base, virtualHost: true }, account),
  ];
  expect([path.target, path.headers[0]]).toEqual(['/box/a%20b', ['host', 's3.example:9000']]);
  expect([host.target, host.headers[0]]).toEqual(['/a%20b', ['host', 'box.s3.example:9000']]);
});

const { key: _key, ...ofBucket } = base;

it.each<[string, S3Request, boolean]>([
  ['of a bucket', ofBucket, true],
  ['of a lock', { ...base, query: { 'legal-hold': '' } }, true],
  ['with a lock', { ...base, headers: { 'X-Amz-Object-Lock-Mode': 'GOVERNANCE' } }, true],
  ['with one already', { ...base, headers: { 'Content-MD5': 'x', 'x-amz-object-lock-mode': 'a' } }, false],
  ['of an object', base, false],
  ['without a body', { ...base, body: new Uint8Array(), query: { retention: '' } }, false],
])('adds Content-MD5 to a request %s, or not', async (_, request, isAdded) => {
  const { headers } = await signedRequest(request, account);
  expect(headers.some(([name]) => name === 'content-md5')).toBe(isAdded);
});

it('makes a form whose policy is signed, and allows what it is to allow', async () => {
  const fields = { 'x-amz-meta-a': 'one', 'x-amz-meta-b': 'two' };
  const content = Buffer.from('content');
  const { headers, target, body } = signedForm(
    { bucket: 'box', key: 'k', content, fields, allowed: ['x-amz-meta-a'] },
    account,
  );
  const boundary = new Map(headers).get('content-type')?.replace('multipart/form-data; boundary=', '') ?? '';
  const parts = Buffer.from(body).toString().split(`--${boundary}`);
  const sent = new Map(
    parts.slice(1, -1).map((part) => {
      const [, name = '', value = ''] = /^\r\n[^\r]*; name="([^"]+)"[^]*?\r\n\r\n([^]*)\r\n$/.exec(part) ?? [];
      return [name, value];
    }),
  );
  expect([target, parts[0], parts.at(-1)]).toEqual(['/box', '', '--\r\n']);
  expect(Object.fromEntries(sent)).toMatchObject({ key: 'k', ...fields, file: 'content' });
  expect([...sent.keys()].at(-1)).toBe('file');
  const policy = Buffer.from(sent.get('policy') ?? '', 'base64').toString();
  expect(policy).toContain('["eq","$x-amz-meta-a","one"]');
  expect(policy).not.toContain('x-amz-meta-b');
  const verified = await verifier.verifyPolicy({ fields: sent });
  expect(verified).toMatchObject({ kind: 'form', accessKeyId: 'me' });
});
