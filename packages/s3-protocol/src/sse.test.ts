import { s3CopySourceSseHeaders, s3SseHeaders } from '@coffer/sse-schema';
import { s3ErrorCodes, type S3ErrorCode } from '@coffer/s3-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  contentOf,
  encryptionNames,
  encryptions,
  keyA,
  keyB,
  openEncrypted,
  told,
  md5Hex,
} from './test-support/encrypted-objects.ts';
import { preparedServers, type PreparedServers } from './test-support/prepared-server.ts';
import { childText, childrenOf, type TestServer } from './test-support/test-server.ts';
import { requestOf, rowOf, signedNames, type SignedName, type ValidCalls } from './test-support/valid-requests.ts';

type Lines = Readonly<Record<string, string>>;
const { encryption: sse, kmsKeyId, kmsContext } = s3SseHeaders;
const remote = { address: '192.0.2.1', loopback: false, secure: false };
const must = 'Requests specifying Server Side Encryption with Customer provided keys must';
const messages = {
  insecure: `${must} be made over a secure connection.`,
  conflict: 'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
  noAlgorithm: `${must} provide a valid encryption algorithm.`,
  algorithm: 'The Encryption request you specified is not valid. Supported value: AES256.',
  noKey: `${must} provide an appropriate secret key.`,
  key: 'The secret key was invalid for the specified algorithm.',
  noMd5: `${must} provide the client calculated MD5 of the secret key.`,
  md5: 'The calculated MD5 hash of the key did not match the hash that was provided.',
  kmsKey: 'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
  kms: 'Server side encryption with KMS is not supported',
  method: 'The encryption method specified is not supported',
  onRead: 'x-amz-server-side-encryption header is not supported for this operation.',
  needed:
    'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to ' +
    'retrieve the object.',
  wrong: `${must} provide the correct secret key.`,
  notApplicable: 'The encryption parameters are not applicable to this object.',
} as const;

/** A refusal: what is sent, and what is answered. */
interface Refusal {
  readonly what: string;
  readonly lines: Lines;
  readonly code: S3ErrorCode;
  readonly message: string;
  /** What the error shows; nothing unless given. */
  readonly value?: string;
}

type Names = Readonly<Record<'algorithm' | 'key' | 'md5', string>>;

/** What is wrong with the three headers of a customer key, in the order in which that is told. */
function badKeys({ algorithm, key, md5 }: Names): readonly Refusal[] {
  const bad = (what: string, lines: Lines, message: string): Refusal => ({
    ...{ what, lines, message, code: 'InvalidArgument' },
  });
  const good = { [algorithm]: 'AES256', [key]: keyA.key, [md5]: keyA.md5 };
  const another = (value: string): Refusal => ({
    ...{ what: `algorithm ${value}`, lines: { [algorithm]: value, [key]: '!' } },
    ...{ code: 'InvalidEncryptionAlgorithmError', message: messages.algorithm, value },
  });
  const base64 = (length: number) => Buffer.alloc(length, 7).toString('base64');
  return [
    bad('no algorithm', { [key]: '!', [md5]: '!' }, messages.noAlgorithm),
    bad('a key alone', { [key]: keyA.key }, messages.noAlgorithm),
    bad('an MD5 alone', { [md5]: keyA.md5 }, messages.noAlgorithm),
    bad('an empty algorithm', { ...good, [algorithm]: '' }, messages.noAlgorithm),
    ...['AES128', 'aes256', 'AES256,AES256', 'aws:kms'].map(another),
    // A key under the wrong name is not shown.
    {
      ...{ what: 'a key as the algorithm', lines: { [algorithm]: keyA.key } },
      ...{ code: 'InvalidEncryptionAlgorithmError', message: messages.algorithm },
    },
    bad('an algorithm alone', { [algorithm]: 'AES256' }, messages.noKey),
    bad('an empty key', { ...good, [key]: '', [md5]: '!' }, messages.noKey),
    ...['!', base64(31), base64(33), keyA.key.replace('=', ''), `${keyA.key}=`, btoa(keyA.key), 'A'.repeat(5000)].map(
      (value) => bad(`key ${value.slice(0, 50)}`, { [algorithm]: 'AES256', [key]: value }, messages.key),
    ),
    bad('a key of the other alphabet', { ...good, [key]: keyB.key.replace('+', '-') }, messages.key),
    bad('no MD5', { [algorithm]: 'AES256', [key]: keyA.key }, messages.noMd5),
    bad('an empty MD5', { ...good, [md5]: '' }, messages.noMd5),
    bad('an MD5 without padding', { ...good, [md5]: keyA.md5.replaceAll('=', '') }, messages.md5),
    bad('an MD5 in hexadecimal', { ...good, [md5]: Buffer.from(keyA.md5, 'base64').toString('hex') }, messages.md5),
    bad('the MD5 of another key', { ...good, [md5]: keyB.md5 }, messages.md5),
  ];
}

const conflicts: readonly Refusal[] = Object.entries(keyA.headers).flatMap(([name, value]) =>
  ['AES256', 'aws:kms', 'nonsense'].map((method) => ({
    ...{ what: `${method} with ${name}`, lines: { [name]: value, [sse]: method }, code: 'InvalidArgument' as const },
    ...{ message: messages.conflict, value: method },
  })),
);
const conflictFirst: Refusal = {
  ...{ what: 'AES256 with a bad algorithm', lines: { [s3SseHeaders.algorithm]: 'AES128', [sse]: 'AES256' } },
  ...{ code: 'InvalidArgument', message: messages.conflict, value: 'AES256' },
};
const kmsKeys: readonly Refusal[] = [
  { [kmsKeyId]: 'id' },
  { [kmsKeyId]: 'id', [sse]: 'AES256' },
  { [kmsKeyId]: 'id', [sse]: 'nonsense' },
  { [kmsContext]: 'e30=' },
  { [kmsContext]: 'e30=', [sse]: 'AES256' },
  { [kmsKeyId]: 'id', ...keyA.headers },
].map((lines) => ({
  ...{ what: Object.keys(lines).slice(0, 2).join(' and '), lines },
  ...{ code: 'InvalidArgument', message: messages.kmsKey },
}));
const methods: readonly Refusal[] = [
  ...['aws:kms', 'aws:kms:dsse'].flatMap((method): Refusal[] => [
    { what: method, lines: { [sse]: method }, code: 'NotImplemented', message: messages.kms },
    {
      what: `${method}, key`,
      lines: { [sse]: method, [kmsKeyId]: 'id' },
      code: 'NotImplemented',
      message: messages.kms,
    },
  ]),
  ...['aes256', 'aes:kms', '', 'AES256,AES256', 'none'].map((method): Refusal => ({
    ...{ what: `method ${method}`, lines: { [sse]: method }, code: 'InvalidArgument', message: messages.method },
    value: method,
  })),
];
const writeRefusals = [...conflicts, conflictFirst, ...badKeys(s3SseHeaders), ...kmsKeys, ...methods];

let open: PreparedServers['open'];
beforeAll(async () => {
  ({ open } = await preparedServers());
});

const using = (...uses: readonly string[]) => signedNames.filter((name) => uses.includes(rowOf(name).encryption));

/** Sends what is to be refused with an operation that is in order otherwise. */
async function refuse(
  { server, calls }: { server: TestServer; calls: ValidCalls },
  name: SignedName,
  { lines, code, message, value }: Refusal,
  more: object = {},
) {
  const request = requestOf(name, calls[name]);
  server.events.length = 0;
  const expected = request.method === 'HEAD' ? { code } : { code, message };
  const answer = await server.refused({ ...request, ...more, headers: { ...request.headers, ...lines } }, expected);
  if (request.method !== 'HEAD') expect(childText(answer.xml, 'ArgumentValue')).toBe(value);
}

const insecureRefusals = (names: readonly string[]): readonly Refusal[] =>
  names.map((name) => ({
    ...{ what: name, lines: { [name]: 'nonsense', [sse]: 'nonsense' }, code: 'InvalidRequest' },
    message: messages.insecure,
  }));

describe('the encryption headers of a write', () => {
  it.each(using('write', 'copy'))('of %s are refused in this order', async (name) => {
    const opened = await open();
    for (const refusal of writeRefusals) await refuse(opened, name, refusal);
    for (const refusal of insecureRefusals(Object.keys(keyA.headers)))
      await refuse(opened, name, refusal, { peer: remote });
  });

  it.each(using('copy'))('of the source of %s are refused in this order, after those of the target', async (name) => {
    const opened = await open();
    for (const refusal of badKeys(s3CopySourceSseHeaders)) await refuse(opened, name, refusal);
    for (const refusal of insecureRefusals(Object.keys(keyA.sourceHeaders)))
      await refuse(opened, name, refusal, { peer: remote });
    const lines = { [s3CopySourceSseHeaders.algorithm]: 'AES128', [sse]: 'nonsense' };
    const target = {
      what: 'both',
      lines,
      code: 'InvalidArgument',
      message: messages.method,
      value: 'nonsense',
    } as const;
    await refuse(opened, name, target);
  });

  it.each(using('write', 'copy'))('of %s are refused before its body is read', async (name) => {
    const { server, calls } = await open();
    const stream = {
      [Symbol.asyncIterator]: () => {
        throw new Error('The body was read');
      },
    };
    const request = requestOf(name, calls[name]);
    const headers = { ...request.headers, ...keyA.headers, [s3SseHeaders.md5]: keyB.md5 };
    const answer = await server.send({ ...request, headers, stream });
    expect(answer.code).toBe('InvalidArgument');
    expect(server.errors).toEqual([]);
  });

  it('that ask for a bucket key mean nothing', async () => {
    const { server, calls } = await open();
    const headers = { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' };
    await server.ok({ ...requestOf('PutObject', calls.PutObject), headers });
  });
});

describe('the encryption headers of a read', () => {
  it.each(using('read'))('of %s are refused in this order', async (name) => {
    const opened = await open();
    for (const value of ['AES256', 'aws:kms', 'nonsense', '']) {
      const refusal = {
        what: value,
        lines: { [sse]: value },
        code: 'InvalidArgument',
        message: messages.onRead,
      } as const;
      await refuse(opened, name, refusal);
      await refuse(opened, name, { ...refusal, lines: { ...refusal.lines, ...keyA.headers } });
    }
    for (const refusal of badKeys(s3SseHeaders)) await refuse(opened, name, refusal);
    for (const refusal of insecureRefusals(Object.keys(keyA.headers)))
      await refuse(opened, name, refusal, { peer: remote });
  });

  it.each(using('none'))('of %s are ignored', async (name) => {
    const { server, calls } = await open();
    const request = requestOf(name, calls[name]);
    const headers = { ...request.headers, ...keyA.headers, ...keyA.sourceHeaders, [sse]: 'nonsense', [kmsKeyId]: 'id' };
    const answer = await server.send({ ...request, headers: { ...headers, [s3SseHeaders.key]: '!' }, peer: remote });
    expect([answer.status, told(answer.headers)]).toEqual([rowOf(name).answer.status, {}]);
  });
});

/** Each way to read an object, or to copy from one. */
const reads = {
  GetObject: (name: string, lines: Lines) => ({ method: 'GET', target: `/bucket/${name}`, headers: lines }),
  HeadObject: (name: string, lines: Lines) => ({ method: 'HEAD', target: `/bucket/${name}`, headers: lines }),
  GetObjectAttributes: (name: string, lines: Lines) => ({
    method: 'GET',
    target: `/bucket/${name}?attributes`,
    headers: { 'x-amz-object-attributes': 'ETag,ObjectSize', ...lines },
  }),
} as const;
const readNames = Object.keys(reads) as (keyof typeof reads)[];

describe('an object with SSE-C', () => {
  it.each(readNames)('is read with its key by %s, and with nothing else', async (name) => {
    const server = await openEncrypted();
    const read = reads[name];
    const refuseRead = (object: string, lines: Lines, code: S3ErrorCode, message: string) =>
      server.refused(read(object, lines), name === 'HeadObject' ? { code } : { code, message });
    await refuseRead('SSE-C', {}, 'InvalidRequest', messages.needed);
    await refuseRead('SSE-C', keyB.headers, 'AccessDenied', messages.wrong);
    for (const object of ['none', 'SSE-S3'])
      await refuseRead(object, keyA.headers, 'InvalidRequest', messages.notApplicable);
    await refuseRead('missing', keyA.headers, 'NoSuchKey', s3ErrorCodes.NoSuchKey.message);
    for (const object of encryptionNames) {
      const answer = await server.ok(read(object, encryptions[object].read));
      expect(told(answer.headers)).toEqual(encryptions[object].told);
      if (name === 'GetObject') expect(answer.text).toBe(contentOf(object));
    }
  });

  it('is checked for its key before conditions, ranges and parts', async () => {
    const server = await openEncrypted();
    const head = await server.ok({ method: 'HEAD', target: '/bucket/SSE-C', headers: keyA.headers });
    const etag = head.headers.get('etag') ?? '';
    for (const lines of [{ 'If-None-Match': etag }, { 'If-Match': '"other"' }, { Range: 'bytes=100-' }] as Lines[]) {
      for (const method of ['GET', 'HEAD']) {
        const send = (headers: Lines) => ({ method, target: '/bucket/SSE-C', headers: { ...lines, ...headers } });
        await server.refused(send(keyB.headers), { code: 'AccessDenied' });
        await server.refused(send({}), { code: 'InvalidRequest' });
      }
    }
    await server.refused(
      { target: '/bucket/SSE-C?partNumber=5' },
      { code: 'InvalidRequest', message: messages.needed },
    );
    const right = (headers: Lines) =>
      server.send({ target: '/bucket/SSE-C', headers: { ...keyA.headers, ...headers } });
    expect((await right({ 'If-None-Match': etag })).status).toBe(304);
    expect((await right({ 'If-Match': '"other"' })).status).toBe(412);
    expect((await right({ Range: 'bytes=100-' })).status).toBe(416);
    const part = await right({ Range: 'bytes=1-3' });
    expect([part.status, part.text, told(part.headers)]).toEqual([206, 'ata', encryptions['SSE-C'].told]);
  });

  it('that is hidden is not there, whatever the key', async () => {
    const server = await openEncrypted();
    const deleted = await server.ok({ method: 'DELETE', target: '/bucket/SSE-C' });
    const marker = deleted.headers.get('x-amz-version-id') ?? '';
    await server.refused({ target: '/bucket/SSE-C', headers: keyB.headers }, { code: 'NoSuchKey' });
    const ofMarker = { target: `/bucket/SSE-C?versionId=${marker}`, headers: keyB.headers };
    await server.refused(ofMarker, { code: 'MethodNotAllowed' });
  });

  it.each([undefined, 400, 403] as const)('answers a wrong key with the status %s', async (status) => {
    const server = await openEncrypted(status === undefined ? {} : { s3: { wrongCustomerKeyStatus: status } });
    for (const method of ['GET', 'HEAD'])
      await server.refused(
        { method, target: '/bucket/SSE-C', headers: keyB.headers },
        { code: 'AccessDenied', status: status ?? 403 },
      );
    const copy = { 'x-amz-copy-source': 'bucket/SSE-C', ...keyB.sourceHeaders };
    await server.refused(
      { method: 'PUT', target: '/bucket/copy', headers: copy },
      { code: 'AccessDenied', status: status ?? 403 },
    );
  });

  it('is read by everybody who has its key, in a public bucket', async () => {
    const server = await openEncrypted();
    await server.ok({ method: 'PUT', target: '/bucket?acl', headers: { 'x-amz-acl': 'public-read' } });
    const anonymous = (headers: Lines) => ({ target: '/bucket/SSE-C', headers, key: null });
    expect((await server.ok(anonymous(keyA.headers))).text).toBe(contentOf('SSE-C'));
    await server.refused(anonymous({}), { code: 'InvalidRequest', message: messages.needed });
    await server.refused(anonymous(keyB.headers), { code: 'AccessDenied', message: messages.wrong });
  });

  it('can be listed, hidden and deleted without its key', async () => {
    const server = await openEncrypted();
    for (const target of ['/bucket', '/bucket?list-type=2', '/bucket?versions']) {
      const { text } = await server.ok({ target });
      expect(text).toContain(`<Size>${contentOf('SSE-C').length}</Size>`);
    }
    await server.ok({ target: '/bucket/SSE-C?acl' });
    const { headers } = await server.ok({ method: 'HEAD', target: '/bucket/SSE-C', headers: keyA.headers });
    await server.ok({ method: 'DELETE', target: '/bucket/SSE-C' });
    await server.ok({ method: 'DELETE', target: `/bucket/SSE-C?versionId=${headers.get('x-amz-version-id') ?? ''}` });
  });
});

describe('the entity tag', () => {
  it('is the MD5 of the data, but of SSE-C opaque; and the same wherever it is told', async () => {
    const server = await openEncrypted();
    for (const name of encryptionNames) {
      const { ask, read } = encryptions[name];
      const put = () => server.ok({ method: 'PUT', target: `/bucket/${name}`, body: contentOf(name), headers: ask });
      const before = (await put()).headers.get('etag');
      const stored = await put();
      const etag = stored.headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
      expect(etag === `"${md5Hex(contentOf(name))}"`).toBe(name !== 'SSE-C');
      expect(before === etag).toBe(name !== 'SSE-C');
      for (const method of ['GET', 'HEAD']) {
        const answer = await server.ok({ method, target: `/bucket/${name}`, headers: read });
        expect(answer.headers.get('etag')).toBe(etag);
      }
      for (const [target, element] of [
        ['/bucket', 'Contents'],
        ['/bucket?list-type=2', 'Contents'],
        ['/bucket?versions', 'Version'],
      ] as const) {
        const { xml } = await server.ok({ target });
        const listed = childrenOf(xml, element).find((child) => childText(child, 'Key') === name);
        expect(childText(listed, 'ETag')).toBe(etag);
      }
      const attributes = await server.ok(reads.GetObjectAttributes(name, read));
      expect(`"${childText(attributes.xml, 'ETag') ?? ''}"`).toBe(etag);
      const copied = { 'x-amz-copy-source': `bucket/${name}`, 'x-amz-copy-source-if-match': etag };
      await server.ok({
        method: 'PUT',
        target: '/bucket/copy',
        headers: { ...copied, ...encryptions[name].source },
      });
    }
  });
});
