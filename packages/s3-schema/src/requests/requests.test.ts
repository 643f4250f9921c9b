import { HeaderList, type HeaderPair } from '@coffer/http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf } from '../../testing/refusal.ts';
import { attributeHeaders } from './attribute-headers.ts';
import { bodyChecksum, chosenChecksum, objectChecksum } from './checksum-headers.ts';
import { deleteCondition, failedSourceCondition, sourceConditions, writeConditions } from './condition-headers.ts';
import {
  listBucketsQuery,
  listObjectsQuery,
  listObjectsV2Query,
  listPartsQuery,
  listUploadsQuery,
  listVersionsQuery,
} from './list-queries.ts';
import { bypassHeader, lockHeaders } from './lock-headers.ts';
import {
  abortHeaders,
  aclHeaders,
  completeUploadHeaders,
  copyObjectHeaders,
  copyPartHeaders,
  createBucketHeaders,
  createUploadHeaders,
  putObjectHeaders,
  readHeaders,
} from './object-headers.ts';
import { checkReadQuery, partQuery, readQuery, versionQuery } from './object-queries.ts';
import { QueryParameters } from './query-parameters.ts';

const query = (raw: string) => QueryParameters.parse(raw);
const headers = (...pairs: HeaderPair[]) => new HeaderList(pairs);

describe('lists', () => {
  it('have defaults', () => {
    const common = { prefix: '', delimiter: undefined, encoding: undefined };
    const markers = { keyMarker: undefined, versionIdMarker: undefined };
    const noToken = { continuationToken: undefined };
    expect(listObjectsQuery(query(''))).toEqual({ ...common, marker: '', maxKeys: 1000 });
    expect(listObjectsV2Query(query('list-type=2'))).toEqual({
      ...common,
      ...noToken,
      maxKeys: 1000,
      startAfter: undefined,
      fetchOwner: false,
    });
    expect(listVersionsQuery(query('versions'))).toEqual({ ...common, ...markers, maxKeys: 1000 });
    expect(listUploadsQuery(query('uploads'))).toEqual({
      ...common,
      maxUploads: 1000,
      keyMarker: undefined,
      uploadIdMarker: undefined,
    });
    expect(listPartsQuery(query('uploadId=u'))).toEqual({
      uploadId: 'u',
      maxParts: 1000,
      partNumberMarker: 0,
    });
    expect(listBucketsQuery(query(''))).toEqual({
      ...noToken,
      prefix: '',
      maxBuckets: 10_000,
      bucketRegion: undefined,
    });
  });

  it('are read', () => {
    const raw = 'list-type=2&prefix=a%20b&delimiter=%2F&encoding-type=url&max-keys=0&start-after=c+d&fetch-owner=true';
    expect(listObjectsV2Query(query(raw))).toEqual({
      prefix: 'a b',
      delimiter: '/',
      encoding: 'url',
      maxKeys: 0,
      startAfter: 'c d',
      fetchOwner: true,
      continuationToken: undefined,
    });
    expect(listObjectsQuery(query('delimiter=&max-keys=5000'))).toMatchObject({ delimiter: undefined, maxKeys: 1000 });
    expect(listUploadsQuery(query('upload-id-marker=u'))).toMatchObject({ uploadIdMarker: undefined });
    expect(listUploadsQuery(query('upload-id-marker=u&key-marker=k'))).toMatchObject({ uploadIdMarker: 'u' });
  });

  const badNumber = (name: string) => `Provided ${name} not an integer or within integer range`;

  it.each([
    [listObjectsQuery, 'max-keys=-1', 'max-keys', '-1', badNumber('max-keys')],
    [listObjectsQuery, 'max-keys=', 'max-keys', '', badNumber('max-keys')],
    [listUploadsQuery, 'max-uploads=x', 'max-uploads', 'x', badNumber('max-uploads')],
    [listPartsQuery, 'uploadId=u&max-parts=1.5', 'max-parts', '1.5', badNumber('max-parts')],
    [listPartsQuery, 'uploadId=u&part-number-marker=x', 'part-number-marker', 'x', badNumber('part-number-marker')],
    [listObjectsQuery, 'encoding-type=URL', 'encoding-type', 'URL', 'Invalid Encoding Method specified in Request'],
    [
      listObjectsV2Query,
      'continuation-token=',
      'continuation-token',
      '',
      'The continuation token provided is incorrect',
    ],
    [
      listVersionsQuery,
      'version-id-marker=v',
      'version-id-marker',
      'v',
      'A version-id marker cannot be specified without a key marker.',
    ],
  ])('are refused: %#', (read, raw, ArgumentName, ArgumentValue, message) => {
    expect(refusalOf(() => read(query(raw)))).toEqual({
      code: 'InvalidArgument',
      status: 400,
      message,
      details: { ArgumentName, ArgumentValue },
    });
  });

  it('are refused with a parameter given twice, or not percent-encoded UTF-8', () => {
    expect(refusalOf(() => listObjectsQuery(query('prefix=a&prefix=b'))).code).toBe('InvalidArgument');
    expect(refusalOf(() => query('prefix=%FF')).code).toBe('InvalidURI');
    expect(refusalOf(() => query('prefix=%')).code).toBe('InvalidURI');
  });
});

describe('queries of objects', () => {
  it('are read', () => {
    expect(readQuery(query('versionId=v&partNumber=2&response-content-type=a%2Fb&response-expires=0'))).toEqual({
      versionId: 'v',
      partNumber: 2,
      overrides: { 'Content-Type': 'a/b', Expires: '0' },
    });
    expect(partQuery(query('uploadId=u&partNumber=3'))).toEqual({ uploadId: 'u', partNumber: 3 });
    expect(versionQuery(query(''))).toEqual({ versionId: undefined });
  });

  it.each([
    ['partNumber=0', 'Part number must be an integer between 1 and 10000, inclusive'],
    ['versionId=', 'Version id cannot be the empty string'],
    ['response-content-type=a%0D%0Ab', 'Header value cannot be represented using ISO-8859-1.'],
    ['response-content-type=%E2%82%AC', 'Header value cannot be represented using ISO-8859-1.'],
  ])('%s is refused', (raw, message) => {
    expect(refusalOf(() => readQuery(query(raw)))).toMatchObject({ code: 'InvalidArgument', message });
  });

  it('do not go with everything', () => {
    const part = readQuery(query('partNumber=1'));
    const override = readQuery(query('response-expires=0'));
    const check = (read: typeof part, range: string | undefined, isAnonymous: boolean) => () => {
      checkReadQuery(read, { range, isAnonymous });
    };
    expect(refusalOf(check(part, 'bytes=0-1', false)).message).toBe(
      'Cannot specify both Range header and partNumber query parameter',
    );
    expect(refusalOf(check(override, undefined, true)).message).toBe(
      'Request specific response headers cannot be used for anonymous GET requests.',
    );
    expect(check(part, undefined, true)).not.toThrow();
    expect(check(override, 'bytes=0-1', false)).not.toThrow();
  });
});

describe('checksums', () => {
  const crc32: HeaderPair = ['x-amz-checksum-crc32', 'NhCmhg=='];
  const read = { algorithm: 'CRC32', value: 'NhCmhg==' };

  it.each<[string, HeaderPair[], object]>([
    ['none', [], { checksum: undefined, trailer: undefined }],
    ['a value', [crc32], { checksum: read, trailer: undefined }],
    [
      'a value and its name',
      [crc32, ['x-amz-sdk-checksum-algorithm', 'CRC32']],
      { checksum: read, trailer: undefined },
    ],
    ['a trailer', [['x-amz-trailer', 'x-amz-checksum-sha256']], { checksum: undefined, trailer: 'SHA256' }],
    ['the mode of a read', [['x-amz-checksum-mode', 'ENABLED']], { checksum: undefined, trailer: undefined }],
  ])('read %s', (_, pairs, expected) => {
    expect(bodyChecksum(headers(...pairs))).toEqual(expected);
  });

  const several = 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.';
  const unsupported =
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]';

  it.each<[HeaderPair[], string]>([
    [[crc32, ['x-amz-checksum-sha1', '2jmj7l5rSw0yVb/vlWAYkK/YBwk=']], several],
    [[crc32, crc32], several],
    [[crc32, ['x-amz-trailer', 'x-amz-checksum-crc32']], several],
    [[['x-amz-trailer', 'x-amz-checksum-crc32, x-amz-checksum-sha1']], several],
    [[['x-amz-trailer', 'x-amz-meta-a']], 'The value specified in the x-amz-trailer header is not supported'],
    [[['x-amz-trailer', 'x-amz-checksum-md5']], 'The value specified in the x-amz-trailer header is not supported'],
    [
      [['x-amz-sdk-checksum-algorithm', 'CRC32']],
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    ],
    [[crc32, ['x-amz-sdk-checksum-algorithm', 'SHA1']], 'Value for x-amz-sdk-checksum-algorithm header is invalid.'],
    [[['x-amz-checksum-crc32', 'x']], 'Value for x-amz-checksum-crc32 header is invalid.'],
    [[['x-amz-checksum-md5', 'x']], unsupported],
    [[['x-amz-checksum-xxhash64', 'x']], unsupported],
    [[['x-amz-sdk-checksum-algorithm', 'SHA512']], unsupported],
  ])('refuse %j', (pairs, message) => {
    expect(refusalOf(() => bodyChecksum(headers(...pairs)))).toMatchObject({ code: 'InvalidRequest', message });
  });

  it('of a finished object may be composite', () => {
    const pairs = headers(['x-amz-checksum-crc32', 'meG8JQ==-2'], ['x-amz-checksum-type', 'COMPOSITE']);
    expect(objectChecksum(pairs)).toEqual({
      checksum: { algorithm: 'CRC32', value: 'meG8JQ==', parts: 2 },
      checksumType: 'COMPOSITE',
    });
    expect(refusalOf(() => objectChecksum(headers(['x-amz-checksum-type', 'x']))).code).toBe('InvalidRequest');
  });

  it('are chosen when an upload begins', () => {
    expect(chosenChecksum(headers())).toEqual({ checksum: undefined });
    expect(chosenChecksum(headers(['x-amz-checksum-algorithm', 'SHA256']))).toEqual({
      checksum: { algorithm: 'SHA256', type: 'COMPOSITE' },
    });
    expect(refusalOf(() => chosenChecksum(headers(['x-amz-checksum-type', 'COMPOSITE']))).message).toBe(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  });
});

describe('Object Lock', () => {
  const mode: HeaderPair = ['x-amz-object-lock-mode', 'GOVERNANCE'];
  const until: HeaderPair = ['x-amz-object-lock-retain-until-date', '2030-01-01T00:00:00Z'];

  it('is read', () => {
    expect(lockHeaders(headers())).toEqual({ retention: undefined, legalHold: undefined });
    expect(lockHeaders(headers(mode, until, ['x-amz-object-lock-legal-hold', 'ON']))).toEqual({
      retention: { mode: 'governance', retainUntilTimestamp: Date.UTC(2030, 0) },
      legalHold: 'on',
    });
    expect(bypassHeader(headers(['x-amz-bypass-governance-retention', 'True']))).toEqual({ bypassGovernance: true });
    expect(bypassHeader(headers(['x-amz-bypass-governance-retention', 'no']))).toEqual({ bypassGovernance: false });
  });

  const both = 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied';

  it.each<[HeaderPair[], string]>([
    [[mode], both],
    [[until], both],
    [[['x-amz-object-lock-mode', 'governance'], until], 'Unknown wormMode directive.'],
    [
      [mode, ['x-amz-object-lock-retain-until-date', 'tomorrow']],
      'The retain until date must be provided in ISO 8601 format',
    ],
    [[['x-amz-object-lock-legal-hold', 'on']], 'Legal Hold must be either of ON or OFF'],
  ])('is refused: %j', (pairs, message) => {
    expect(refusalOf(() => lockHeaders(headers(...pairs)))).toMatchObject({ code: 'InvalidArgument', message });
  });
});

describe('conditions', () => {
  it('of writes', () => {
    expect(writeConditions(headers())).toEqual({ ifMatch: undefined, ifAbsent: false });
    expect(writeConditions(headers(['If-None-Match', '*']))).toEqual({ ifMatch: undefined, ifAbsent: true });
    expect(writeConditions(headers(['If-Match', '"e"']))).toEqual({ ifMatch: 'e', ifAbsent: false });
    expect(deleteCondition(headers(['If-Match', '*']))).toEqual({ ifMatch: '*' });
    for (const name of ['size', 'last-modified-time', 'initiated-time'])
      expect(refusalOf(() => abortHeaders(headers([`x-amz-if-match-${name}`, '1']))).code).toBe('NotImplemented');
  });

  it.each([
    ['If-None-Match', '"e"'],
    ['If-Match', '*'],
  ])('%s: %s is not implemented for writes', (name, value) => {
    expect(refusalOf(() => writeConditions(headers([name, value])))).toMatchObject({
      status: 501,
      details: { Header: name },
    });
  });

  const old = 'Fri, 02 Jan 2026 03:04:04 GMT';
  const same = 'Fri, 02 Jan 2026 03:04:05 GMT';

  it.each<[HeaderPair[], string | undefined]>([
    [[], undefined],
    [[['x-amz-copy-source-if-match', '"e"']], undefined],
    [[['x-amz-copy-source-if-match', 'other']], 'x-amz-copy-source-If-Match'],
    [[['x-amz-copy-source-if-none-match', '"e"']], 'x-amz-copy-source-If-None-Match'],
    [[['x-amz-copy-source-if-none-match', 'other']], undefined],
    [[['x-amz-copy-source-if-modified-since', old]], undefined],
    [[['x-amz-copy-source-if-modified-since', same]], 'x-amz-copy-source-If-Modified-Since'],
    [[['x-amz-copy-source-if-unmodified-since', old]], 'x-amz-copy-source-If-Unmodified-Since'],
    [[['x-amz-copy-source-if-unmodified-since', same]], undefined],
    [[['x-amz-copy-source-if-unmodified-since', 'never']], undefined],
    [
      [
        ['x-amz-copy-source-if-match', 'e'],
        ['x-amz-copy-source-if-unmodified-since', old],
      ],
      undefined,
    ],
    [
      [
        ['x-amz-copy-source-if-none-match', 'e'],
        ['x-amz-copy-source-if-modified-since', old],
      ],
      'x-amz-copy-source-If-None-Match',
    ],
  ])('of the source of a copy: %j', (pairs, failed) => {
    const source = { etag: 'e', lastModified: Date.UTC(2026, 0, 2, 3, 4, 5, 999) };
    expect(failedSourceCondition(sourceConditions(headers(...pairs)), source)).toBe(failed);
  });
});

describe('headers of writes', () => {
  it('PutObject', () => {
    const pairs = headers(
      ['Content-Type', 'text/plain'],
      ['x-amz-meta-a', 'b'],
      ['x-amz-acl', 'private'],
      ['x-amz-storage-class', 'STANDARD'],
      ['x-amz-tagging', ''],
      ['x-amz-expected-bucket-owner', '0123456789ab'],
      ['x-amz-request-payer', 'requester'],
    );
    expect(putObjectHeaders(pairs)).toMatchObject({
      contentType: 'text/plain',
      fileInfo: { a: 'b' },
      acl: 'private',
      expectedOwner: '0123456789ab',
      conditions: { ifAbsent: false },
    });
    expect(putObjectHeaders(headers())).toMatchObject({ contentType: 'binary/octet-stream', fileInfo: {} });
  });

  const lock: HeaderPair = ['x-amz-object-lock-legal-hold', 'ON'];

  it.each<[HeaderPair[], string, number]>([
    [[['x-amz-tagging', 'a=b']], 'InvalidArgument', 400],
    [[['x-amz-grant-read', 'id=a']], 'NotImplemented', 501],
    [[['x-amz-acl', 'public-read-write']], 'NotImplemented', 501],
    [[['x-amz-acl', 'x']], 'InvalidArgument', 400],
    [[['x-amz-storage-class', 'GLACIER']], 'InvalidStorageClass', 400],
    [[['x-amz-website-redirect-location', '/']], 'NotImplemented', 501],
    [[['x-amz-mfa', 'a']], 'NotImplemented', 501],
    [[['x-amz-write-offset-bytes', '1']], 'NotImplemented', 501],
    [[['Content-MD5', 'x']], 'InvalidDigest', 400],
    [
      [
        ['x-amz-acl', 'private'],
        ['X-Amz-Acl', 'private'],
      ],
      'InvalidArgument',
      400,
    ],
    [[lock], 'InvalidRequest', 400],
  ])('PutObject refuses %j', (pairs, code, status) => {
    expect(refusalOf(() => putObjectHeaders(headers(...pairs)))).toMatchObject({ code, status });
  });

  it('PutObject with a lock needs a digest of any kind', () => {
    for (const digest of [
      ['Content-MD5', '1B2M2Y8AsgTpgAmY7PhCfg=='],
      ['x-amz-checksum-crc32', 'AAAAAA=='],
      ['x-amz-trailer', 'x-amz-checksum-crc32'],
    ] as const) {
      expect(putObjectHeaders(headers(lock, digest)).legalHold).toBe('on');
    }
  });

  it('CopyObject', () => {
    const source: HeaderPair = ['x-amz-copy-source', '/a/b'];
    const content: HeaderPair = ['Content-Type', 'text/plain'];
    const tagging: HeaderPair = ['x-amz-tagging-directive', 'REPLACE'];
    expect(copyObjectHeaders(headers(source, content, tagging))).toMatchObject({
      source: { bucket: 'a', key: 'b', versionId: undefined },
      replacement: undefined,
    });
    expect(copyObjectHeaders(headers(source, content, ['x-amz-metadata-directive', 'REPLACE']))).toMatchObject({
      replacement: { contentType: 'text/plain', fileInfo: {} },
    });
    expect(refusalOf(() => copyObjectHeaders(headers(source, ['x-amz-metadata-directive', 'x']))).message).toBe(
      'Unknown metadata directive.',
    );
    expect(refusalOf(() => copyObjectHeaders(headers())).message).toBe('Invalid copy source object key');
    const range: HeaderPair = ['x-amz-copy-source-range', 'bytes=1-2'];
    expect(copyPartHeaders(headers(source, range)).range).toEqual({ first: 1, last: 2 });
  });

  it('of others', () => {
    expect(createBucketHeaders(headers(['x-amz-bucket-object-lock-enabled', 'true']))).toMatchObject({
      objectLockEnabled: true,
      acl: undefined,
    });
    expect(aclHeaders(headers(['x-amz-acl', 'public-read'])).acl).toBe('public-read');
    expect(createUploadHeaders(headers(['x-amz-meta-a', 'b'])).fileInfo).toEqual({ a: 'b' });
    expect(completeUploadHeaders(headers(['x-amz-mp-object-size', '5'])).objectSize).toBe(5);
    expect(refusalOf(() => completeUploadHeaders(headers(['x-amz-mp-object-size', 'x']))).code).toBe('InvalidRequest');
    expect(readHeaders(headers(['x-amz-checksum-mode', 'ENABLED'], ['Range', 'bytes=0-1']))).toMatchObject({
      checksumMode: true,
      range: 'bytes=0-1',
    });
  });

  it('GetObjectAttributes', () => {
    const read = attributeHeaders(headers(['x-amz-object-attributes', 'ETag, ObjectSize'], ['x-amz-max-parts', '5']));
    expect([...read.attributes]).toEqual(['ETag', 'ObjectSize']);
    expect(read).toMatchObject({ maxParts: 5, partNumberMarker: 0 });
    expect(refusalOf(() => attributeHeaders(headers())).code).toBe('InvalidRequest');
    expect(refusalOf(() => attributeHeaders(headers(['x-amz-object-attributes', ''])))).toMatchObject({
      code: 'InvalidRequest',
    });
    expect(refusalOf(() => attributeHeaders(headers(['x-amz-object-attributes', 'etag'])))).toMatchObject({
      code: 'InvalidArgument',
      message: 'Invalid attribute name specified.',
    });
  });

  it('are read, or refused with an S3Error', () => {
    const name = fc.constantFrom(
      ...['x-amz-acl', 'x-amz-meta-a', 'x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date', 'If-Match'],
      ...['x-amz-checksum-crc32', 'x-amz-trailer', 'x-amz-copy-source', 'x-amz-copy-source-range', 'Content-Encoding'],
      ...['x-amz-mp-object-size', 'x-amz-object-attributes', 'x-amz-checksum-type', 'Content-MD5', 'Expires'],
    );
    const readers = [
      putObjectHeaders,
      copyObjectHeaders,
      copyPartHeaders,
      createUploadHeaders,
      completeUploadHeaders,
      createBucketHeaders,
      attributeHeaders,
      readHeaders,
    ];
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 4 }), (pairs) => {
        for (const read of readers) outcomeOf(() => read(new HeaderList(pairs)) as unknown);
      }),
    );
  });
});
