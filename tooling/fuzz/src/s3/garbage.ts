import {
  isSupportedName,
  s3Headers,
  s3Operations,
  s3OperationNames,
  type OperationRow,
  type S3OperationName,
} from '@coffer/s3-schema';
import fc from 'fast-check';
import { oddText, oneLine } from '../odd-text.ts';
import type { Garbling, RawRequest, Signing } from '../raw-http.ts';
import { customerKey, customerKeyMd5, type Stage } from '../stage.ts';
import { documentOf } from './documents.ts';
import { oddDocument } from './odd-documents.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

const operationName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...s3OperationNames.filter(isSupportedName)) },
  fc.constantFrom<S3OperationName>(...s3OperationNames),
);
const rowOf = (name: S3OperationName): OperationRow => s3Operations[name];
const parameterNames = [
  ...new Set(s3OperationNames.flatMap((name) => rowOf(name).selectedBy.query ?? [])),
  ...['versionId', 'prefix', 'delimiter', 'marker', 'key-marker', 'version-id-marker', 'upload-id-marker', 'max-keys'],
  ...[
    'max-parts',
    'part-number-marker',
    'list-type',
    'continuation-token',
    'start-after',
    'encoding-type',
    'max-uploads',
  ],
  ...[
    'fetch-owner',
    'response-content-type',
    'response-expires',
    'x-id',
    'X-Amz-Algorithm',
    'X-Amz-Expires',
    'partNumber',
  ],
  ...['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-Security-Token', 'X-Amz-Server-Side-Encryption-Customer-Key'],
];
const customerPrefixes = ['x-amz-server-side-encryption-customer', 'x-amz-copy-source-server-side-encryption-customer'];
const headerNames = [
  ...Object.values(s3Headers),
  ...['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-meta-a', 'x-amz-meta-'],
  ...customerPrefixes.flatMap((prefix) => [`${prefix}-algorithm`, `${prefix}-key`, `${prefix}-key-MD5`]),
  ...[
    'x-amz-checksum-crc32',
    'x-amz-checksum-crc64nvme',
    'x-amz-checksum-sha256',
    'x-amz-date',
    'x-amz-security-token',
  ],
  ...[
    'Content-MD5',
    'Content-Type',
    'Content-Encoding',
    'Cache-Control',
    'Expires',
    'Range',
    'If-Match',
    'If-None-Match',
  ],
  ...[
    'If-Modified-Since',
    'If-Unmodified-Since',
    'If-Range',
    'Origin',
    'Access-Control-Request-Method',
    'Expect',
    'Date',
  ],
  ...['Authorization', 'x-amz-grant-read', 'x-amz-object-ownership', 'x-amz-website-redirect-location'],
];

/** Values that are right somewhere. */
function decentValues({ bucketName, fileId, largeFileId, s3KeyId }: Stage): fc.Arbitrary<string> {
  const date = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const scope = `${s3KeyId}/${date}/us-east-1/s3/aws4_request`;
  return fc.constantFrom(
    ...[bucketName, fileId, largeFileId, `${bucketName}/a/file.txt`, `/${bucketName}/a/file.txt?versionId=${fileId}`],
    ...['a/file.txt', 'large', 'null', '1', '2', 'true', 'url', 'bytes=0-1', '*', '"552e21cd4cd9918678e3c1a0df491bc3"'],
    ...['AES256', customerKey, customerKeyMd5, 'aws:kms', 'GOVERNANCE', 'COMPLIANCE', 'ON', '2030-01-01T00:00:00Z'],
    ...['private', 'public-read', 'STANDARD', 'CRC32', 'SHA256', 'FULL_OBJECT', 'COMPOSITE', 'COPY', 'REPLACE', 'PUT'],
    ...['NhCmhg==', 'ETag,ObjectParts', 'aws-chunked', 'https://example.com', 'Wed, 21 Oct 2026 07:28:00 GMT'],
    `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host,Signature=${'a'.repeat(64)}`,
    ...['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'AWS a:b='],
  );
}

/** Raw queries of up to two parameters. */
export function queryText(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return parameters(value).map((pairs) => pairs.map(([name, text]) => `${name}=${text}`).join('&'));
}

function parameters(value: fc.Arbitrary<string>): fc.Arbitrary<[string, string][]> {
  return oftenNone(fc.array(fc.tuple(fc.constantFrom(...parameterNames), value), { maxLength: 2 }));
}

/** What is garbled everywhere is refused at once. */
function oftenNone<T>(some: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, some);
}

/** Headers that mean something, with any value. */
export function headerPairs(value: fc.Arbitrary<string>): fc.Arbitrary<[string, string][]> {
  return oftenNone(fc.array(fc.tuple(fc.constantFrom(...headerNames), value.map(oneLine)), { maxLength: 3 }));
}

/** Requests of S3, mostly nearly valid ones that are signed. */
export function s3Garbage(stage: Stage): fc.Arbitrary<RawRequest> {
  const value = fc.oneof({ weight: 3, arbitrary: decentValues(stage) }, { weight: 2, arbitrary: oddText });
  const query = parameters(value);
  const headers = fc.tuple(headerPairs(value), wrongLength).map(([some, length]): Pairs => [...some, ...length]);
  const nearly = fc
    .record({ name: operationName, key: keys(stage), query, headers, value, sign: signing() })
    .chain(({ name, ...rest }) => body(name).map((text) => requestOf(stage, name, { ...rest, body: text })));
  const wild = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'),
    target: fc.oneof(
      fc.tuple(value, value).map(([bucket, key]) => `/${bucket}/${key}`),
      fc.constantFrom('*', '/', '//', '/?', '/?&&=&', '/%2F', '/b2api', '/file', 'http://other.test/b/k'),
      oddText.map((text) => `/${text}`),
    ),
    headers,
    body: fc.string({ unit: 'binary-ascii', maxLength: 60 }),
    sign: signing(),
  });
  return fc.oneof({ weight: 6, arbitrary: nearly }, wild).map(({ sign, ...request }) => ({
    ...request,
    target: oneLine(request.target).replaceAll(' ', '%20'),
    headers: [['Host', hostOf(stage, request.target)], ['Connection', 'close'], ...request.headers] as Pairs,
    ...(sign !== undefined && { sign }),
  }));
}

interface Parts {
  readonly key: string;
  readonly query: Pairs;
  readonly headers: Pairs;
  readonly value: string;
  readonly body: string;
  readonly sign: Signing | undefined;
}

function requestOf(stage: Stage, name: S3OperationName, { key, query, headers, value, body: text, sign }: Parts) {
  const { level, methods, selectedBy } = rowOf(name);
  const path = { service: '/', bucket: `/${stage.bucketName}`, object: `/${stage.bucketName}/${key}` }[level];
  const values: Readonly<Record<string, string>> = { uploadId: stage.largeFileId, partNumber: '1' };
  const selecting = (selectedBy.query ?? []).map((parameter) => [parameter, values[parameter] ?? ''] as const);
  const further = selectedBy.queryValue === undefined ? [] : [selectedBy.queryValue];
  const all = [...selecting, ...further, ...query].map(([parameter, one]) =>
    one === '' ? parameter : `${parameter}=${one}`,
  );
  const { header } = selectedBy;
  return {
    method: methods[0],
    target: all.length === 0 ? path : `${path}?${all.join('&')}`,
    headers: header === undefined ? headers : [[header, oneLine(value)] as const, ...headers],
    body: text,
    sign,
  };
}

function keys({ bucketName }: Stage): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a/file.txt', 'large', 'new', 'x/y') },
    oddText,
    fc.constant(bucketName),
  );
}

function body(name: S3OperationName): fc.Arbitrary<string> {
  const document = documentOf(name);
  if (document !== '') return oddDocument(document);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('', 'some data') },
    fc.string({ unit: 'binary-ascii', maxLength: 60 }),
  );
}

/** Now and then a length that is not that of the body, and never a greater one, for which the server would wait. */
const wrongLength: fc.Arbitrary<Pairs> = fc.oneof(
  { weight: 20, arbitrary: fc.constant([]) },
  fc.constantFrom('-1', 'x', '0', '9'.repeat(20)).map((length): Pairs => [['Content-Length', length]]),
);

/** Most requests are signed as they should be. */
function signing(): fc.Arbitrary<Signing | undefined> {
  const garbling: fc.Arbitrary<Garbling> = fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.constantFrom(0, 1, 5, 64),
    insert: fc.oneof(oddText.map(oneLine), fc.constantFrom('\r\n', '0\r\n\r\n', 'f', ',', '=', '/')),
  });
  const trailer = ['x-amz-checksum-crc32', 'NhCmhg=='] as const;
  const kinds: readonly Signing[] = [
    { by: 'header', payload: 'sha256' },
    { by: 'header', payload: 'sha256' },
    { by: 'header', payload: 'unsigned' },
    { by: 'header', payload: 'unsigned', isWithoutLength: true },
    { by: 'header', payload: 'signed-chunks' },
    { by: 'header', payload: 'signed-trailer' },
    { by: 'header', payload: 'signed-trailer', trailer, isWithoutLength: true },
    { by: 'header', payload: 'unsigned-trailer', trailer },
    { by: 'query', payload: 'unsigned' },
  ];
  const kind = fc.constantFrom(...kinds);
  const garbled = fc
    .tuple(kind, garbling, fc.constantFrom('garbledProof', 'garbledBody'))
    .map(([one, garbling, where]): Signing => ({ ...one, [where]: garbling }));
  return fc.oneof({ weight: 6, arbitrary: kind }, { weight: 2, arbitrary: garbled }, fc.constant(undefined));
}

/** Now and then the bucket is in the host name. */
function hostOf({ bucketName }: Stage, target: string): string {
  return target.length % 11 === 0 ? `${bucketName}.localhost` : 'coffer.test';
}
