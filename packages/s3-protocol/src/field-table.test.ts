import { HeaderList, splitTarget, type HeaderValue } from '@coffer/http';
import {
  overrideHeaders,
  QueryParameters,
  s3ErrorCodes,
  s3Headers,
  type HeadersOf,
  type QueryOf,
  type S3ErrorCode,
} from '@coffer/s3-schema';
import assert from 'node:assert/strict';
import { beforeAll, describe, expect, it } from 'vitest';
import { preparedServers, type PreparedServers } from './test-support/prepared-server.ts';
import { type TestServer } from './test-support/test-server.ts';
import {
  md5Base64,
  requestOf,
  rowOf,
  signedNames,
  type SignedName,
  type ValidCall,
  type ValidCalls,
} from './test-support/valid-requests.ts';

/** The names of a reader's fields; a reader of nothing has none. */
type KeysOf<T> = string extends keyof T ? never : keyof T;
type FieldOf<Name extends SignedName> = KeysOf<QueryOf<Name>> | KeysOf<HeadersOf<Name>>;
/** Every field of any operation. */
type Field = { [Name in SignedName]: FieldOf<Name> }[SignedName];

/** What makes a request malformed in a field, and the code that it is refused with. */
interface Case {
  readonly code: S3ErrorCode;
  /** Parameters instead of those of the valid request. */
  readonly query?: Readonly<Record<string, string>>;
  /** What is added to the query as it is. */
  readonly added?: string;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
}
type Cases = readonly Case[];

const query = (code: S3ErrorCode, name: string, ...values: readonly string[]): Cases =>
  values.map((value) => ({ code, query: { [name]: value } }));
const headers = (code: S3ErrorCode, ...lines: readonly Readonly<Record<string, HeaderValue>>[]): Cases =>
  lines.map((line) => ({ code, headers: line }));
const header = (code: S3ErrorCode, name: string, ...values: readonly string[]): Cases =>
  headers(code, ...values.map((value) => ({ [name]: value })));
const twiceInQuery = (name: string): Cases => [{ code: 'InvalidArgument', added: `${name}=1&${name}=1` }];
const twice = (name: string, value = 'a'): Cases => headers('InvalidArgument', { [name]: [value, value] });

const noNumbers = ['-1', 'x', '1.5', '', '2147483648', '9'.repeat(20)];
const count = (name: string) => [...query('InvalidArgument', name, ...noNumbers), ...twiceInQuery(name)];
const unknownVersion = '4_z000000000000000000000000_f10000000000000000_d20230101_m000000_c000_v0000000_t0000';
const past = '2020-01-01T00:00:00Z';
const future = '2030-01-01T00:00:00Z';

const conditions = [
  ...header('NotImplemented', 'If-None-Match', '"etag"', 'etag'),
  ...header('NotImplemented', 'If-Match', '*'),
  ...headers('NotImplemented', { 'If-Match': '"etag"', 'If-None-Match': '*' }),
  ...twice('If-Match'),
];

const bodyChecksum = [
  ...header('InvalidRequest', 'x-amz-checksum-crc32', 'nonsense', '', 'AAAA', 'AAAAAA==-1'),
  ...header('InvalidRequest', 'x-amz-checksum-md5', 'AAAAAAAAAAAAAAAAAAAAAA=='),
  ...header('InvalidRequest', s3Headers.sdkChecksumAlgorithm, 'CRC32', 'MD5'),
  ...headers('InvalidRequest', { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc32c': 'AAAAAA==' }),
  ...headers('InvalidRequest', { 'x-amz-checksum-crc32': ['AAAAAA==', 'AAAAAA=='] }),
  ...header('BadDigest', 'x-amz-checksum-crc32', '/////w=='),
];
const chosenChecksum = [
  ...header('InvalidRequest', s3Headers.checksumAlgorithm, 'MD5', '', 'nonsense'),
  ...header('InvalidRequest', s3Headers.checksumType, 'COMPOSITE'),
  ...headers(
    'InvalidRequest',
    { [s3Headers.checksumAlgorithm]: 'CRC64NVME', [s3Headers.checksumType]: 'COMPOSITE' },
    { [s3Headers.checksumAlgorithm]: 'SHA1', [s3Headers.checksumType]: 'FULL_OBJECT' },
    { [s3Headers.checksumAlgorithm]: 'SHA1', [s3Headers.checksumType]: 'nonsense' },
  ),
];
const objectChecksum = [
  ...header('InvalidRequest', 'x-amz-checksum-crc32', 'nonsense', 'AAAA-1', 'AAAAAA==-0'),
  ...header('InvalidRequest', 'x-amz-checksum-crc32', '/////w=='),
];

const metadata = [
  ...header('InvalidArgument', 'x-amz-meta-b2-own', 'a'),
  ...header('InvalidArgument', `x-amz-meta-${'k'.repeat(51)}`, 'a'),
  ...header('InvalidArgument', 'x-amz-meta-a', '\xff'),
  ...header('MetadataTooLarge', 'x-amz-meta-a', 'x'.repeat(7001)),
];

const md5Of = (name: SignedName): Readonly<Record<string, string>> =>
  name === 'PutObject' ? { 'Content-MD5': md5Base64(calls[name].body ?? '') } : {};
/** Without a claim of the body's bytes, an upload with a lock is refused for that. */
const lock = (name: SignedName, code: S3ErrorCode, line: Readonly<Record<string, string>>): Cases =>
  headers(code, { ...md5Of(name), ...line });

const versionOf = (name: SignedName): Cases => {
  const isDeletion = name === 'DeleteObject';
  const missing = isDeletion ? [] : query('NoSuchVersion', 'versionId', unknownVersion);
  return [
    ...query('InvalidArgument', 'versionId', '', 'nonsense', '4_z', 'x'.repeat(2000), '\u00fc', '../..'),
    ...query(isDeletion ? 'InvalidArgument' : 'NoSuchVersion', 'versionId', 'null'),
    ...twiceInQuery('versionId'),
    ...missing,
  ];
};

/** Total: a field of any operation without a malformed request does not compile. */
const malformed: Readonly<Record<Field, Cases | ((name: SignedName) => Cases)>> = {
  acl: (name) => [
    ...header('InvalidArgument', s3Headers.acl, 'nonsense', ''),
    ...header('NotImplemented', s3Headers.acl, 'authenticated-read', 'public-read-write'),
    ...header('NotImplemented', 'x-amz-grant-read', 'id="a"'),
    ...twice(s3Headers.acl, 'private'),
    ...(rowOf(name).level === 'object' ? header('InvalidArgument', s3Headers.acl, 'public-read') : []),
  ],
  attributes: [
    ...header('InvalidRequest', s3Headers.objectAttributes, ''),
    ...header('InvalidArgument', s3Headers.objectAttributes, 'Nonsense', 'ETag,', 'etag'),
  ],
  bucketRegion: twiceInQuery('bucket-region'),
  bypassGovernance: (name) => [
    ...twice(s3Headers.bypassGovernance, 'true'),
    ...(name === 'PutObjectRetention' ? [] : header('InvalidArgument', s3Headers.bypassGovernance, 'true', 'false')),
  ],
  checksum: (name) => {
    if (name === 'CompleteMultipartUpload') return objectChecksum;
    return rowOf(name).body.kind === 'none' ? chosenChecksum : bodyChecksum;
  },
  checksumMode: twice(s3Headers.checksumMode, 'ENABLED'),
  checksumType: header('InvalidRequest', s3Headers.checksumType, 'nonsense', ''),
  conditions,
  contentMd5: [
    ...header('InvalidDigest', 'Content-MD5', 'nonsense', '', 'AAAA', `${'A'.repeat(22)}==AAAA`),
    ...header('BadDigest', 'Content-MD5', 'AAAAAAAAAAAAAAAAAAAAAA=='),
    ...twice('Content-MD5', 'AAAAAAAAAAAAAAAAAAAAAA=='),
  ],
  contentType: twice('Content-Type', 'text/plain'),
  continuationToken: [
    ...query('InvalidArgument', 'continuation-token', '', 'nonsense', 'Mg==', 'MQ==', '/w=='),
    ...twiceInQuery('continuation-token'),
  ],
  delimiter: twiceInQuery('delimiter'),
  encoding: [...query('InvalidArgument', 'encoding-type', 'base64', '', 'URL'), ...twiceInQuery('encoding-type')],
  expectedOwner: [
    ...header('AccessDenied', s3Headers.expectedOwner, 'nonsense', ''),
    ...twice(s3Headers.expectedOwner, '0'.repeat(12)),
  ],
  fetchOwner: twiceInQuery('fetch-owner'),
  fileInfo: metadata,
  ifMatch: [...header('PreconditionFailed', 'If-Match', '"other"', ''), ...twice('If-Match')],
  keyMarker: twiceInQuery('key-marker'),
  legalHold: (name) => [
    ...lock(name, 'InvalidArgument', { [s3Headers.legalHold]: 'on' }),
    ...lock(name, 'InvalidArgument', { [s3Headers.legalHold]: '' }),
    ...lock(name, 'InvalidRequest', { [s3Headers.legalHold]: 'ON' }),
  ],
  marker: twiceInQuery('marker'),
  maxBuckets: count('max-buckets'),
  maxKeys: count('max-keys'),
  maxParts: (name) => {
    if (name === 'ListParts') return count('max-parts');
    return [...header('InvalidArgument', s3Headers.maxParts, ...noNumbers), ...twice(s3Headers.maxParts, '1')];
  },
  maxUploads: count('max-uploads'),
  objectLockEnabled: twice(s3Headers.bucketLockEnabled, 'true'),
  objectSize: header('InvalidRequest', s3Headers.multipartSize, 'x', '-1', '', '5'),
  overrides: Object.keys(overrideHeaders).flatMap((name) => [
    ...query('InvalidArgument', name, 'a\r\nX-Evil: 1', '\u20ac', '\0'),
    ...twiceInQuery(name),
  ]),
  partNumber: (name) => [
    ...query('InvalidArgument', 'partNumber', '0', '10001', '-1', 'x', '1.5', ''),
    ...(name.startsWith('UploadPart')
      ? []
      : [
          ...query('InvalidPartNumber', 'partNumber', '2'),
          { code: 'InvalidRequest', query: { partNumber: '1' }, headers: { Range: 'bytes=0-1' } } as const,
          ...twiceInQuery('partNumber'),
        ]),
  ],
  partNumberMarker: (name) => {
    if (name === 'ListParts') return count('part-number-marker');
    return header('InvalidArgument', s3Headers.partNumberMarker, ...noNumbers);
  },
  prefix: twiceInQuery('prefix'),
  range: (name) =>
    name === 'UploadPartCopy'
      ? [
          ...header('InvalidArgument', s3Headers.copySourceRange, '', '0-1', 'bytes=1', 'bytes=1-', 'bytes=-1'),
          ...header('InvalidArgument', s3Headers.copySourceRange, 'bytes=5-4', 'bytes=0-1,3-4', 'bytes=0-99'),
          ...header('InvalidRequest', s3Headers.copySourceRange, 'bytes=12-13'),
        ]
      : header('InvalidRange', 'Range', 'bytes=12-', 'bytes=-0'),
  replacement: [
    ...header('InvalidArgument', s3Headers.metadataDirective, '', 'replace', 'nonsense'),
    ...twice(s3Headers.metadataDirective, 'REPLACE'),
    ...metadata.map(({ code, headers: lines }) => ({
      code,
      headers: { ...lines, [s3Headers.metadataDirective]: 'REPLACE' },
    })),
  ],
  retention: (name) => [
    ...lock(name, 'InvalidArgument', { [s3Headers.lockMode]: 'GOVERNANCE' }),
    ...lock(name, 'InvalidArgument', { [s3Headers.retainUntil]: future }),
    ...lock(name, 'InvalidArgument', { [s3Headers.lockMode]: 'governance', [s3Headers.retainUntil]: future }),
    ...lock(name, 'InvalidArgument', { [s3Headers.lockMode]: 'GOVERNANCE', [s3Headers.retainUntil]: 'tomorrow' }),
    ...lock(name, 'InvalidArgument', { [s3Headers.lockMode]: 'GOVERNANCE', [s3Headers.retainUntil]: past }),
    ...lock(name, 'InvalidRequest', { [s3Headers.lockMode]: 'GOVERNANCE', [s3Headers.retainUntil]: future }),
    ...(name === 'PutObject'
      ? headers('InvalidRequest', { [s3Headers.lockMode]: 'GOVERNANCE', [s3Headers.retainUntil]: future })
      : []),
  ],
  source: [
    ...header('InvalidArgument', s3Headers.copySource, '', '/', 'bucket-full', 'bucket-full/', '%zz/a', 'a/%zz'),
    ...header('InvalidArgument', s3Headers.copySource, 'bucket-full/in/kept?versionId=', 'bucket-full/in/kept?a=b'),
    ...header('InvalidArgument', s3Headers.copySource, 'bucket-full/in/kept?versionId=nonsense'),
    ...header('KeyTooLongError', s3Headers.copySource, `bucket-full/${'k'.repeat(1025)}`),
    ...header('NoSuchBucket', s3Headers.copySource, 'bucket-none/a', 'B/a'),
    ...header('NoSuchKey', s3Headers.copySource, 'bucket-full/none', 'bucket-full/in%252Fkept'),
    ...header('NoSuchVersion', s3Headers.copySource, `bucket-full/in/kept?versionId=${unknownVersion}`),
    ...twice(s3Headers.copySource, 'bucket-full/in/kept'),
  ],
  sourceConditions: [
    ...header('PreconditionFailed', s3Headers.copySourceIfMatch, '"other"'),
    ...header('PreconditionFailed', s3Headers.copySourceIfNoneMatch, '*'),
    ...header('PreconditionFailed', s3Headers.copySourceIfUnmodifiedSince, 'Mon, 13 Nov 2023 00:00:00 GMT'),
    ...header('PreconditionFailed', s3Headers.copySourceIfModifiedSince, 'Wed, 15 Nov 2023 00:00:00 GMT'),
    ...twice(s3Headers.copySourceIfMatch),
  ],
  sourceExpectedOwner: [
    ...header('AccessDenied', s3Headers.sourceExpectedOwner, 'nonsense', ''),
    ...twice(s3Headers.sourceExpectedOwner, '0'.repeat(12)),
  ],
  startAfter: twiceInQuery('start-after'),
  trailer: [
    ...header('InvalidRequest', s3Headers.trailer, 'x-amz-meta-a', '', 'x-amz-checksum-crc32,x-amz-meta-a'),
    ...header('InvalidRequest', s3Headers.trailer, 'x-amz-checksum-crc32,x-amz-checksum-sha1'),
    // Announced, and not there.
    ...header('MalformedTrailerError', s3Headers.trailer, 'x-amz-checksum-crc32'),
  ],
  uploadId: (name) => [
    ...query('NoSuchUpload', 'uploadId', '', 'nonsense', unknownVersion, 'x'.repeat(2000), '\0'),
    ...(name === 'UploadPartCopy' ? [] : twiceInQuery('uploadId')),
  ],
  uploadIdMarker: [
    // One that was there on the page before may be gone, and is still a place.
    { code: 'InvalidArgument', query: { 'key-marker': 'in/large', 'upload-id-marker': 'nonsense' } },
    ...twiceInQuery('upload-id-marker'),
  ],
  versionId: versionOf,
  versionIdMarker: [
    ...query('InvalidArgument', 'version-id-marker', unknownVersion),
    { code: 'InvalidArgument', query: { 'key-marker': 'in/kept', 'version-id-marker': 'nonsense' } },
    ...twiceInQuery('version-id-marker'),
  ],
};

let open: PreparedServers['open'];
let server: TestServer;
let calls: ValidCalls;
beforeAll(async () => {
  ({ open } = await preparedServers());
  ({ server, calls } = await open());
});

/** The fields that the row of an operation reads, as its own readers tell. */
function fieldsOf(name: SignedName, call: ValidCall): readonly Field[] {
  const { target, headers: lines } = requestOf(name, call);
  const row = rowOf(name);
  const parts = [row.query(QueryParameters.parse(splitTarget(target).query)), row.headers(HeaderList.from(lines))];
  return parts.flatMap((part) => Object.keys(part)) as Field[];
}

function requestWith(name: SignedName, change: Case) {
  const call = calls[name];
  const { target, ...request } = requestOf(name, { ...call, query: { ...call.query, ...change.query } });
  const added = change.added === undefined ? '' : `${target.includes('?') ? '&' : '?'}${change.added}`;
  return { ...request, target: target + added, headers: { ...request.headers, ...change.headers } };
}

describe('a malformed request', () => {
  it('is tried for each field of each operation', () => {
    const read = new Set(signedNames.flatMap((name) => fieldsOf(name, calls[name])));
    expect([...read].sort()).toEqual(Object.keys(malformed).sort());
  });

  it.each(signedNames)('of %s is refused for its field, with its code', async (name) => {
    const before = await server.snapshot();
    const wrong: unknown[] = [];
    for (const field of fieldsOf(name, calls[name])) {
      const cases = malformed[field];
      const tried = typeof cases === 'function' ? cases(name) : cases;
      expect(tried.length).toBeGreaterThan(0);
      for (const change of tried) {
        server.events.length = 0;
        const { status, code } = await server.send(requestWith(name, change));
        const isCode = rowOf(name).methods[0] === 'HEAD' ? status === s3ErrorCodes[change.code].status : undefined;
        if (!(isCode ?? code === change.code)) wrong.push({ field, change, status, code });
      }
    }
    expect(wrong).toEqual([]);
    assert.deepEqual(await server.snapshot(), before);
  });
});

describe('a document', () => {
  const withDocument = signedNames.filter((name) => rowOf(name).body.kind === 'xml');

  it.each(withDocument)('of %s that is none is refused', async (name) => {
    const { body } = rowOf(name);
    if (body.kind !== 'xml') throw new TypeError(`${name} has no document`);
    const isAcl = body.malformed === 'MalformedACLError';
    const malformedCode = body.malformed ?? 'MalformedXML';
    const lines = isAcl ? { headers: {} } : {};
    const refuse = (text: string, code: S3ErrorCode) =>
      server.refused({ ...requestOf(name, { ...calls[name], ...lines, body: text }) }, { code });
    for (const text of ['<', 'nonsense', '<a>', '<!DOCTYPE a><a/>', '<Nonsense/>', '\0', '<a>&b;</a>', '{}'])
      await refuse(text, malformedCode);
    if (body.isRequired) await refuse('', malformedCode);
    await refuse(`<a>${' '.repeat(body.maxBytes)}</a>`, 'MaxMessageLengthExceeded');
  });
});
