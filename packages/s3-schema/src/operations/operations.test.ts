import { streamOf } from '@coffer/bytes';
import { HeaderList, type HeaderPair } from '@coffer/http';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { SupportedRow } from '../requests/operation-row.ts';
import { QueryParameters } from '../requests/query-parameters.ts';
import { refusalOf } from '../../testing/refusal.ts';
import { s3Capabilities } from '../values/capability.ts';
import { errorDetails, isS3ErrorCode, s3ErrorCodes, type S3ErrorFacts } from '../values/error-codes.ts';
import { S3Error } from '../values/s3-error.ts';
import { neededCapabilities } from './needed-capabilities.ts';
import {
  isSupportedName,
  s3OperationNames,
  s3Operations,
  supportedOperations,
  type DocumentOf,
  type HeadersOf,
  type QueryOf,
  type SupportedName,
} from './operations.ts';
import { readDocument, readRequest, receiveDocument } from './read-request.ts';

const supportedNames = s3OperationNames.filter(isSupportedName);
const rows: Readonly<Record<SupportedName, SupportedRow>> = supportedOperations;
const request = (query = '', ...pairs: HeaderPair[]) => ({
  query: QueryParameters.parse(query),
  headers: new HeaderList(pairs),
});

describe('capabilities', () => {
  it.each<[SupportedName, string, HeaderPair[], string[][]]>([
    ['ListBuckets', '', [], [['listAllBucketNames', 'listBuckets']]],
    ['HeadBucket', '', [], [['listBuckets']]],
    ['GetBucketLocation', '', [], [['readBuckets', 'listBuckets']]],
    ['GetBucketVersioning', '', [], [['readBuckets', 'listBuckets']]],
    ['GetBucketAcl', '', [], [['readBuckets', 'listBuckets']]],
    ['GetObjectTagging', '', [], [['readFiles']]],
    ['GetObjectAcl', '', [], [['readBuckets', 'listBuckets']]],
    ['GetBucketCors', '', [], [['readBuckets', 'listBuckets']]],
    ['GetBucketLifecycleConfiguration', '', [], [['readBuckets', 'listBuckets']]],
    ['CreateBucket', '', [], [['writeBuckets']]],
    ['CreateBucket', '', [['x-amz-bucket-object-lock-enabled', 'true']], [['writeBuckets'], ['writeBucketRetentions']]],
    ['CreateBucket', '', [['x-amz-bucket-object-lock-enabled', 'false']], [['writeBuckets']]],
    ['PutBucketAcl', '', [], [['writeBuckets']]],
    ['PutObjectAcl', '', [], [['writeBuckets']]],
    ['PutBucketCors', '', [], [['writeBuckets']]],
    ['DeleteBucketCors', '', [], [['writeBuckets']]],
    ['PutBucketLifecycleConfiguration', '', [], [['writeBuckets']]],
    ['DeleteBucketLifecycle', '', [], [['writeBuckets']]],
    ['DeleteBucket', '', [], [['deleteBuckets']]],
    ['GetBucketEncryption', '', [], [['readBucketEncryption']]],
    ['PutBucketEncryption', '', [], [['writeBucketEncryption']]],
    ['DeleteBucketEncryption', '', [], [['writeBucketEncryption']]],
    ['GetObjectLockConfiguration', '', [], [['readBucketRetentions']]],
    ['PutObjectLockConfiguration', '', [], [['writeBucketRetentions']]],
    ['GetBucketLogging', '', [], [['readBucketLogging']]],
    ['PutBucketLogging', '', [], [['writeBucketLogging']]],
    ['ListObjects', '', [], [['listFiles']]],
    ['ListObjectsV2', '', [], [['listFiles']]],
    ['ListObjectVersions', '', [], [['listFiles']]],
    ['ListMultipartUploads', '', [], [['listFiles']]],
    ['ListParts', '', [], [['listFiles', 'writeFiles']]],
    ['GetObject', '', [], [['readFiles']]],
    ['HeadObject', '', [], [['readFiles']]],
    ['GetObjectAttributes', '', [], [['readFiles']]],
    ['PutObject', '', [['x-amz-server-side-encryption', 'AES256']], [['writeFiles']]],
    ['PutObject', '', [['x-amz-object-lock-mode', 'GOVERNANCE']], [['writeFiles'], ['writeFileRetentions']]],
    ['CopyObject', '', [['x-amz-object-lock-legal-hold', 'ON']], [['writeFiles'], ['writeFileLegalHolds']]],
    ['CreateMultipartUpload', '', [], [['writeFiles']]],
    ['UploadPart', '', [], [['writeFiles']]],
    ['UploadPartCopy', '', [], [['writeFiles']]],
    ['CompleteMultipartUpload', '', [], [['writeFiles']]],
    ['AbortMultipartUpload', '', [], [['writeFiles']]],
    ['DeleteObject', '', [], [['writeFiles']]],
    ['DeleteObject', 'versionId=v', [], [['deleteFiles']]],
    [
      'DeleteObject',
      'versionId=v',
      [['x-amz-bypass-governance-retention', 'true']],
      [['deleteFiles'], ['bypassGovernance']],
    ],
    ['DeleteObjects', '', [['x-amz-bypass-governance-retention', 'false']], [['writeFiles', 'deleteFiles']]],
    ['GetObjectRetention', '', [], [['readFileRetentions']]],
    ['PutObjectRetention', '', [], [['writeFileRetentions']]],
    [
      'PutObjectRetention',
      '',
      [['x-amz-bypass-governance-retention', 'TRUE']],
      [['writeFileRetentions'], ['bypassGovernance']],
    ],
    ['GetObjectLegalHold', '', [], [['readFileLegalHolds']]],
    ['PutObjectLegalHold', '', [], [['writeFileLegalHolds']]],
  ])('of %s with %s and %j', (name, query, pairs, expected) => {
    expect(neededCapabilities(rows[name], request(query, ...pairs))).toEqual(expected);
  });

  it('of what is deleted and copied', () => {
    expect(rows.DeleteObjects.capability.entries).toEqual({ hide: 'writeFiles', removeVersion: 'deleteFiles' });
    const sources = supportedNames.filter((name) => rows[name].capability.source !== undefined);
    expect(sources).toEqual(['CopyObject', 'UploadPartCopy']);
    for (const name of sources) {
      expect([rows[name].capability.source, rows[name].restriction]).toEqual(['readFiles', 'copy']);
    }
  });

  it('are all in use', () => {
    const used = JSON.stringify(supportedNames.map((name) => rows[name].capability));
    for (const capability of s3Capabilities) expect(used).toContain(`"${capability}"`);
  });
});

describe('rows', () => {
  it('are open to everybody for reading objects only', () => {
    expect(supportedNames.filter((name) => rows[name].isOpenInPublicBucket)).toEqual(['GetObject', 'HeadObject']);
  });

  it('take chunks for data only', () => {
    const chunked = supportedNames.filter((name) => rows[name].payloads.some((mode) => mode.startsWith('STREAMING-')));
    expect(chunked).toEqual(['PutObject', 'UploadPart']);
    expect(supportedNames.filter((name) => rows[name].body.kind === 'data')).toEqual(chunked);
  });

  it.each([
    ['write', ['PutObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload']],
    ['copy', ['CopyObject', 'UploadPartCopy']],
    ['read', ['GetObject', 'HeadObject', 'GetObjectAttributes']],
  ])('read encryption headers to %s', (use, expected) => {
    expect(supportedNames.filter((name) => rows[name].encryption === use).toSorted()).toEqual(expected.toSorted());
  });

  it('answer deletions with 204', () => {
    const deleting = supportedNames.filter((name) => rows[name].answer.status === 204);
    const named = supportedNames.filter((name) => rows[name].methods[0] === 'DELETE');
    expect(deleting.toSorted()).toEqual([...named, 'PostObject'].toSorted());
  });

  it('limit lists by prefix, and documents by length', () => {
    const listing = supportedNames.filter((name) => rows[name].restriction === 'listPrefix');
    expect(listing).toEqual(['ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'ListMultipartUploads']);
    const long = supportedNames.filter((name) => {
      const { body } = rows[name];
      return body.kind === 'xml' && body.maxBytes > 1024 ** 2;
    });
    expect(long.toSorted()).toEqual(['CompleteMultipartUpload', 'DeleteObjects']);
  });

  it('are of an object only if their level is one', () => {
    for (const name of supportedNames) {
      const isOfKey = ['key', 'copy'].includes(rows[name].restriction);
      expect([name, isOfKey]).toEqual([name, s3Operations[name].level === 'object']);
    }
  });
});

describe('readRequest', () => {
  it('gives typed values', () => {
    const read = readRequest('PutObject', { ...request('', ['x-amz-meta-a', 'b']), isSecure: true });
    expectTypeOf(read.headers.contentType).toEqualTypeOf<string>();
    expectTypeOf<HeadersOf<'GetObject'>['range']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<QueryOf<'ListObjects'>['maxKeys']>().toEqualTypeOf<number>();
    expectTypeOf<DocumentOf<'DeleteObjects'>['isQuiet']>().toEqualTypeOf<boolean>();
    expectTypeOf<DocumentOf<'GetObject'>>().toEqualTypeOf<undefined>();
    expect(read.headers.fileInfo).toEqual({ a: 'b' });
    expect(read.encryption).toEqual({ target: undefined, source: undefined });
    const list = readRequest('ListObjects', { ...request('max-keys=3'), isSecure: false });
    expect(list.query.maxKeys).toBe(3);
  });

  it('refuses a customer key in the query', () => {
    const query = 'x-amz-server-side-encryption-customer-key=a';
    expect(refusalOf(() => readRequest('GetObject', { ...request(query), isSecure: true })).code).toBe(
      'InvalidArgument',
    );
  });
});

describe('readDocument', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('reads by the row', () => {
    expect(
      readDocument(
        'PutBucketVersioning',
        bytes('<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'),
      ),
    ).toBe('Enabled');
    expect(readDocument('CreateBucket', bytes(''))).toBeUndefined();
    for (const name of supportedNames.filter((other) => rows[other].body.kind === 'none')) {
      expect(readDocument(name, bytes('anything'))).toBeUndefined();
    }
  });

  it.each([
    ['PutBucketCors', '', 'MalformedXML'],
    ['PutBucketCors', '<a', 'MalformedXML'],
    ['PutBucketCors', '<!DOCTYPE a><a/>', 'MalformedXML'],
    ['PutBucketAcl', '<a', 'MalformedACLError'],
    ['PutBucketCors', `<a>${' '.repeat(100 * 1024)}</a>`, 'MaxMessageLengthExceeded'],
    ['CompleteMultipartUpload', '', 'MalformedXML'],
  ] as const)('of %s refuses %#', (name, text, code) => {
    expect(refusalOf(() => readDocument(name, bytes(text))).code).toBe(code);
  });

  it('is the same for a body in pieces', async () => {
    const body = bytes('<Delete><Object><Key>ü</Key></Object></Delete>');
    const pieces = streamOf(body.subarray(0, 24), new Uint8Array(), body.subarray(24));
    expect(await receiveDocument('DeleteObjects', pieces)).toEqual(readDocument('DeleteObjects', body));
    expect(await receiveDocument('CreateBucket', streamOf())).toBeUndefined();
    const code = async (...parts: Uint8Array[]) =>
      receiveDocument('PutBucketCors', streamOf(...parts)).catch((error: unknown) => error);
    expect(await code()).toMatchObject({ code: 'MalformedXML' });
    expect(await code(bytes('<a'))).toMatchObject({ code: 'MalformedXML' });
    expect(await code(bytes('<a>'), new Uint8Array(100 * 1024))).toMatchObject({ code: 'MaxMessageLengthExceeded' });
  });

  it('says how long a document may be', () => {
    const refusal = refusalOf(() => readDocument('PutBucketAcl', new Uint8Array(1024 ** 2 + 1)));
    expect(refusal.details).toEqual({ MaxMessageLengthBytes: 1024 ** 2 });
  });
});

describe('errors', () => {
  it.each<[number, string[]]>([
    [403, ['AccessDenied', 'AccessForbidden', 'InvalidAccessKeyId', 'RequestTimeTooSkewed', 'SignatureDoesNotMatch']],
    [
      404,
      [
        'NoSuchBucket',
        'NoSuchBucketPolicy',
        'NoSuchCORSConfiguration',
        'NoSuchKey',
        'NoSuchLifecycleConfiguration',
        'NoSuchObjectLockConfiguration',
        'NoSuchPublicAccessBlockConfiguration',
        'NoSuchTagSet',
        'NoSuchUpload',
        'NoSuchVersion',
        'NoSuchWebsiteConfiguration',
        'ObjectLockConfigurationNotFoundError',
        'OwnershipControlsNotFoundError',
        'ReplicationConfigurationNotFoundError',
        'ServerSideEncryptionConfigurationNotFoundError',
      ],
    ],
    [405, ['MethodNotAllowed']],
    [
      409,
      [
        'BucketAlreadyExists',
        'BucketAlreadyOwnedByYou',
        'BucketNotEmpty',
        'ConditionalRequestConflict',
        'InvalidBucketState',
      ],
    ],
    [411, ['MissingContentLength']],
    [412, ['PreconditionFailed']],
    [416, ['InvalidPartNumber', 'InvalidRange']],
    [500, ['InternalError']],
    [501, ['NotImplemented']],
    [503, ['ServiceUnavailable', 'SlowDown']],
  ])('of status %i', (status, codes) => {
    expect(
      Object.keys(s3ErrorCodes).filter((code) => isS3ErrorCode(code) && s3ErrorCodes[code].status === status),
    ).toEqual(codes);
  });

  it('have a message and known details', () => {
    const facts: readonly S3ErrorFacts[] = Object.values(s3ErrorCodes);
    for (const { message, details, status } of facts) {
      expect(message).not.toBe('');
      expect(status).toBeGreaterThanOrEqual(400);
      expect(details.every((name) => errorDetails.includes(name))).toBe(true);
    }
    expect(isS3ErrorCode('toString')).toBe(false);
  });

  it('keep what they are told', () => {
    const cause = new TypeError('inner');
    const error = new S3Error('SlowDown', { headers: [['Retry-After', '1']], cause });
    expect([error.status, error.name, error.cause, error.headers]).toEqual([
      503,
      'S3Error',
      cause,
      [['Retry-After', '1']],
    ]);
  });
});
