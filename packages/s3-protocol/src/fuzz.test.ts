import { HeaderList, type HeaderPair } from '@coffer/http';
import type { TestRequest } from '@coffer/http/testing';
import {
  overrideHeaders,
  routes,
  s3Headers,
  s3OperationNames,
  s3Operations,
  type OperationRow,
} from '@coffer/s3-schema';
import { s3CopySourceSseHeaders, s3SseHeaders } from '@coffer/sse-schema';
import { streamOf } from '@coffer/bytes';
import { fc, test } from '@fast-check/vitest';
import assert from 'node:assert/strict';
import { beforeAll, describe, expect } from 'vitest';
import { keyA, keyB } from './test-support/encrypted-objects.ts';
import { preparedServers, type PreparedServer } from './test-support/prepared-server.ts';
import { signedRequest } from './test-support/s3-client.ts';
import type { Answer } from './test-support/test-server.ts';
import { buckets, requestOf, rowOf, signedNames } from './test-support/valid-requests.ts';

let prepared: PreparedServer;
beforeAll(async () => {
  prepared = await (await preparedServers()).open();
  prepared.server.secrets.push(keyA.key, keyB.key);
});

const rows: readonly OperationRow[] = s3OperationNames.map((name) => s3Operations[name]);
const methods = [...new Set(Object.values(routes).flatMap((level) => Object.keys(level))), 'OPTIONS', 'PATCH'];
const parameterNames = [
  ...new Set(rows.flatMap(({ selectedBy }) => selectedBy.query ?? [])),
  ...Object.keys(overrideHeaders),
  ...['prefix', 'delimiter', 'marker', 'max-keys', 'max-parts', 'max-uploads', 'max-buckets', 'encoding-type'],
  ...['list-type', 'continuation-token', 'start-after', 'key-marker', 'version-id-marker', 'upload-id-marker'],
  ...['versionId', 'part-number-marker', 'fetch-owner', 'X-Amz-Signature', 'X-Amz-Algorithm', 'X-Amz-Expires'],
];
const headerNames = [
  ...Object.values(s3Headers),
  ...Object.values<string>(s3SseHeaders),
  ...Object.values<string>(s3CopySourceSseHeaders),
  ...['Content-Type', 'Content-MD5', 'Content-Encoding', 'Expires', 'Cache-Control', 'Range', 'If-Range', 'If-Match'],
  ...['If-None-Match', 'If-Modified-Since', 'x-amz-meta-a', 'x-amz-checksum-crc32', 'x-amz-checksum-sha256', 'Origin'],
  ...['x-amz-mfa', 'x-amz-grant-read', 'x-amz-security-token'],
];

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\0', '..', '/', '//', '\ud800', 'x'.repeat(3000), '4_z', '%00', '%zz', '9'.repeat(17), '-1'),
  fc.constantFrom('1', '2', 'true', 'url', 'AES256', 'aws:kms', 'in/', 'in/kept'),
  fc.constantFrom(
    `${buckets.full}/in/kept`,
    'bytes=0-',
    'bytes=1-0',
    'GOVERNANCE',
    'ON',
    '*',
    'Fri, 01 Jan 2100',
    'CRC32',
  ),
);
/** What Node's parser lets through as the value of a header. */
const oddHeader = oddText.map((text) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '~'));
/** A customer key may come under any of the names that have to do with encryption. */
const encryptionNames = headerNames.filter((name) => name.includes('server-side-encryption'));
const oddHeaders = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...headerNames), oddHeader, { maxKeys: 5 }),
    fc.dictionary(fc.constantFrom(...encryptionNames), fc.constantFrom(keyA.key, keyA.md5, keyB.key, 'AES256'), {
      maxKeys: 3,
    }),
  )
  .map(([any, encryption]): Readonly<Record<string, string>> => ({ ...any, ...encryption }));
const encoded = (text: string) => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '~'));
const oddQuery = fc
  .array(fc.tuple(fc.constantFrom(...parameterNames), fc.option(oddText, { nil: undefined })), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => (value === undefined ? name : `${name}=${encoded(value)}`)).join('&'));
const oddPath = fc.oneof(
  oddText.map((text) => `/${buckets.full}/${encoded(text)}`),
  oddText.map((text) => `/${encoded(text)}`),
  fc.constantFrom('/', '//', `/${buckets.full}`, `/${buckets.full}/`, `/${buckets.locked}/in/retained`),
  fc.constantFrom(`/${buckets.full}/in/kept`, `/${buckets.full}/in/large`, `/${buckets.full}/%c3%28`, '/%2e%2e/a'),
);

/** Checks what is true of every answer, and of a refusal that it has changed nothing. */
async function expectOrder(send: () => Promise<Answer>): Promise<Answer> {
  const { server } = prepared;
  server.events.length = 0;
  const before = await server.snapshot();
  const answer = await send();
  expect(answer.status).not.toBe(500);
  expect(server.errors).toEqual([]);
  const all = JSON.stringify([...answer.headers.pairs, answer.text]);
  expect(all).not.toContain('CanonicalRequest');
  if (answer.status >= 300) assert.deepEqual(await server.snapshot(), before);
  return answer;
}

/** Signs a request and sends it; some that are odd cannot be signed, and are sent as they are. */
function sendSigned(request: Parameters<PreparedServer['server']['send']>[0]): Promise<Answer> {
  const { server } = prepared;
  try {
    return server.sendRaw(signedRequest({ ...request, key: server.key, now: server.now }));
  } catch {
    return server.send({ ...request, key: null });
  }
}

/** No request, however odd, is a fault of the server. */
describe('odd requests', () => {
  const runs = { numRuns: 300 };

  test.prop([fc.constantFrom(...methods), oddPath, oddQuery, oddHeaders, fc.constantFrom('', '<a/>')], runs)(
    'to odd places',
    async (method, path, query, headers, body) => {
      const target = query === '' ? path : `${path}?${query}`;
      await expectOrder(() => sendSigned({ method, target, headers, body }));
    },
  );

  test.prop([fc.constantFrom(...signedNames), oddQuery, oddHeaders], runs)(
    'that were valid before something was added',
    async (name, query, headers) => {
      const { calls } = prepared;
      // What makes other requests invalid is left alone.
      if (name.startsWith('Delete') || name.startsWith('Abort')) return;
      const { target, ...request } = requestOf(name, calls[name]);
      const added = query === '' ? target : `${target}${target.includes('?') ? '&' : '?'}${query}`;
      await expectOrder(() => sendSigned({ ...request, target: added, headers: { ...request.headers, ...headers } }));
    },
  );

  const raw = fc
    .string({ unit: fc.constantFrom(...Array.from('/?&=%+;#.aZ0~\u00ff ')), maxLength: 30 })
    .map((text) => `/${text}`);
  test.prop([fc.constantFrom(...methods), raw, oddHeaders, fc.option(oddHeader, { nil: undefined })], runs)(
    'that nobody signed, with odd credentials',
    async (method, target, headers, credentials) => {
      const { server } = prepared;
      const authorization = credentials === undefined ? {} : { Authorization: `AWS4-HMAC-SHA256 ${credentials}` };
      await expectOrder(() =>
        server.sendRaw({ method, target, headers: { Host: 'localhost', ...headers, ...authorization } }),
      );
    },
  );
});

describe('odd documents', () => {
  const withDocument = signedNames.filter((name) => rowOf(name).body.kind === 'xml');
  const names = [
    'Delete',
    'Object',
    'Key',
    'Rule',
    'Part',
    'ETag',
    'Status',
    'Retention',
    'Mode',
    'CORSRule',
    'LegalHold',
  ];
  const roots = ['CompleteMultipartUpload', 'CORSConfiguration', 'ServerSideEncryptionConfiguration', 'Retention'];
  const { element } = fc.letrec<{ element: string }>((tie) => ({
    element: fc
      .tuple(
        fc.constantFrom(...names, ...roots),
        fc.oneof({ depthSize: 'small' }, fc.constantFrom('', '1', 'Enabled', '&lt;'), tie('element')),
      )
      .map(([name, inside]) => `<${name}>${inside}</${name}>`),
  }));
  const bombs = [
    '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    '<?xml version="1.0" encoding="UTF-16"?><a/>',
    '<a>'.repeat(20_000),
    `<Delete>${'<Object><Key>none</Key></Object>'.repeat(1_001)}</Delete>`,
    `<a ${'b="c" '.repeat(10_000)}/>`,
    '<a>&#0;&#xd800;&#x110000;</a>',
    '\ufeff<a/>',
    '<a><![CDATA[',
  ];
  const document = fc.oneof(element, fc.constantFrom(...bombs), fc.string({ unit: 'binary', maxLength: 60 }));

  test.prop([fc.constantFrom(...withDocument), document], { numRuns: 300 })('are refused', async (name, body) => {
    const { calls } = prepared;
    await expectOrder(() => sendSigned(requestOf(name, { ...calls[name], body })));
  });

  test.prop([fc.constantFrom(...withDocument), fc.nat(), fc.constantFrom('', '\0', '<', '&', '>', ' ')], {
    numRuns: 200,
  })('that were good before they were cut or altered are refused', async (name, at, replacement) => {
    const { calls } = prepared;
    const { body = '' } = calls[name];
    // What a list of deletions leaves of its entries may still be one.
    if (body === '' || name === 'DeleteObjects') return;
    const index = at % body.length;
    await expectOrder(() => sendSigned(requestOf(name, { ...calls[name], body: body.slice(0, index) + replacement })));
  });
});

describe('odd bodies of uploads', () => {
  const payloads = ['signed-chunks', 'signed-trailer', 'unsigned-trailer'] as const;
  const trailer = ['x-amz-checksum-crc32', 'NhCmhg=='] as const;
  const uploads = ['PutObject', 'UploadPart'] as const;

  /** The bytes of a body in chunks, with the headers that were signed for it. */
  async function chunked(name: (typeof uploads)[number], payload: (typeof payloads)[number]) {
    const { server, calls } = prepared;
    const { body: _, ...request } = requestOf(name, calls[name]);
    const given = { ...request, body: 'hello', payload, key: server.key, now: server.now };
    const signed = signedRequest(payload === 'signed-chunks' ? given : { ...given, trailer });
    const pieces: Uint8Array[] = [];
    for await (const piece of signed.body as AsyncIterable<Uint8Array>) pieces.push(piece);
    return { signed, bytes: Buffer.concat(pieces) };
  }

  function resend(signed: TestRequest, body: Uint8Array): Promise<Answer> {
    const pieces = Array.from(body, (byte) => Uint8Array.of(byte));
    return prepared.server.sendRaw({ ...signed, body: streamOf(...pieces), contentLength: body.length });
  }

  test.prop([fc.constantFrom(...uploads), fc.constantFrom(...payloads), fc.nat()], { numRuns: 150 })(
    'that are cut are refused',
    async (name, payload, at) => {
      const { signed, bytes } = await chunked(name, payload);
      const answer = await expectOrder(() => resend(signed, bytes.subarray(0, at % bytes.length)));
      expect(answer.status).toBeGreaterThanOrEqual(400);
    },
  );

  test.prop([fc.constantFrom(...uploads), fc.constantFrom(...payloads), fc.nat(), fc.integer({ min: 1, max: 255 })], {
    numRuns: 250,
  })('that are altered are refused, or mean the same', async (name, payload, at, change) => {
    const { signed, bytes } = await chunked(name, payload);
    const altered = Uint8Array.from(bytes);
    const index = at % bytes.length;
    altered[index] = (altered[index] ?? 0) ^ change;
    const answer = await expectOrder(() => resend(signed, altered));
    if (answer.status !== 200 || name === 'UploadPart') return;
    // Letter case of a size or of a name, and what ends a line, are not signed.
    expect((await prepared.server.ok({ target: `/${buckets.full}/in/new` })).text).toBe('hello');
  });

  const lengths = fc.constantFrom('0', '4', '6', '-1', 'x', '', '5.0', '9'.repeat(20), '5, 5');
  test.prop([fc.constantFrom(...uploads), fc.constantFrom(...payloads), lengths], { numRuns: 60 })(
    'that are not as long as they say are refused',
    async (name, payload, length) => {
      const { signed, bytes } = await chunked(name, payload);
      const pairs = (signed.headers as readonly HeaderPair[]).filter(([header]) => header !== s3Headers.decodedLength);
      const unsigned = pairs.filter(
        ([header]) => !['authorization', 'x-amz-date', s3Headers.contentSha256].includes(header),
      );
      expect(new HeaderList(unsigned).has('Host')).toBe(true);
      const { server } = prepared;
      const lying = { ...signed, headers: [...pairs, [s3Headers.decodedLength, length] as const] };
      // A length that is altered is not the one that was signed.
      const answer = await expectOrder(() =>
        server.sendRaw({ ...lying, body: streamOf(bytes), contentLength: bytes.length }),
      );
      expect(answer.status).toBe(403);
    },
  );

  test.prop([fc.constantFrom(...uploads), fc.uint8Array({ maxLength: 30 }), fc.nat({ max: 40 })], { numRuns: 100 })(
    'whose hash is that of other bytes are refused',
    async (name, sent, cut) => {
      const { server, calls } = prepared;
      const request = requestOf(name, calls[name]);
      const signed = signedRequest({ ...request, body: `${request.body}${cut}`, key: server.key, now: server.now });
      const answer = await expectOrder(() => server.sendRaw({ ...signed, body: sent, contentLength: sent.length }));
      expect(answer.code).toBe('XAmzContentSHA256Mismatch');
    },
  );
});
