import { HeaderList } from '@coffer/http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueryParameters } from '../requests/query-parameters.ts';
import type { OperationRow } from '../requests/operation-row.ts';
import { s3OperationNames, s3Operations, type S3OperationName } from './operations.ts';
import { routes } from './routes.ts';
import { refusedOperation, selectOperation, type Selection } from './select-operation.ts';

function select(method: string, target: string, headers: Record<string, string> = {}): Selection {
  const [path = '', query] = target.split('?');
  const [, bucket, key] = /^\/([^/]*)\/?(.*)$/.exec(path) ?? [];
  return selectOperation({
    method,
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    query: QueryParameters.parse(query),
    headers: new HeaderList(Object.entries(headers)),
  });
}

function nameOf(selection: Selection): string {
  if (selection.kind === 'operation') return selection.name;
  return selection.kind === 'refused' ? selection.error.code : selection.kind;
}

const copy = { 'X-Amz-Copy-Source': 'a/b' };

describe('selectOperation', () => {
  it.each([
    ['GET', '/', 'ListBuckets'],
    ['GET', '/?x-id=ListBuckets', 'ListBuckets'],
    ['GET', '/b?location', 'GetBucketLocation'],
    ['GET', '/b/?location', 'GetBucketLocation'],
    ['GET', '/b?versioning', 'GetBucketVersioning'],
    ['GET', '/b?acl', 'GetBucketAcl'],
    ['GET', '/b?acl=', 'GetBucketAcl'],
    ['GET', '/b?acl=null', 'GetBucketAcl'],
    ['GET', '/b?cors', 'GetBucketCors'],
    ['GET', '/b?encryption', 'GetBucketEncryption'],
    ['GET', '/b?lifecycle', 'GetBucketLifecycleConfiguration'],
    ['GET', '/b?logging', 'GetBucketLogging'],
    ['GET', '/b?object-lock', 'GetObjectLockConfiguration'],
    ['GET', '/b?versions', 'ListObjectVersions'],
    ['GET', '/b?uploads', 'ListMultipartUploads'],
    ['GET', '/b?tagging', 'GetBucketTagging'],
    ['GET', '/b?policy', 'GetBucketPolicy'],
    ['GET', '/b?policyStatus', 'GetBucketPolicyStatus'],
    ['GET', '/b?website', 'GetBucketWebsite'],
    ['GET', '/b?replication', 'GetBucketReplication'],
    ['GET', '/b?publicAccessBlock', 'GetPublicAccessBlock'],
    ['GET', '/b?ownershipControls', 'GetBucketOwnershipControls'],
    ['GET', '/b?requestPayment', 'BucketRequestPayment'],
    ['GET', '/b?accelerate', 'BucketAccelerate'],
    ['GET', '/b?notification', 'BucketNotification'],
    ['GET', '/b?analytics&id=a', 'BucketAnalytics'],
    ['GET', '/b?inventory', 'BucketInventory'],
    ['GET', '/b?metrics', 'BucketMetrics'],
    ['GET', '/b?intelligent-tiering', 'BucketIntelligentTiering'],
    ['GET', '/b?metadataTable', 'BucketMetadataTable'],
    ['GET', '/b?metadataConfiguration', 'BucketMetadataConfiguration'],
    ['GET', '/b?abac', 'BucketAbac'],
    ['GET', '/b?session', 'CreateSession'],
    ['GET', '/b?list-type=2', 'ListObjectsV2'],
    ['GET', '/b?prefix=a&list-type=2&x-id=ListObjectsV2', 'ListObjectsV2'],
    ['GET', '/b?list-type=1', 'ListObjects'],
    ['GET', '/b?list-type', 'ListObjects'],
    ['GET', '/b', 'ListObjects'],
    ['HEAD', '/b', 'HeadBucket'],
    ['PUT', '/b?versioning', 'PutBucketVersioning'],
    ['PUT', '/b?acl', 'PutBucketAcl'],
    ['PUT', '/b?cors', 'PutBucketCors'],
    ['PUT', '/b?encryption', 'PutBucketEncryption'],
    ['PUT', '/b?lifecycle', 'PutBucketLifecycleConfiguration'],
    ['PUT', '/b?logging', 'PutBucketLogging'],
    ['PUT', '/b?object-lock', 'PutObjectLockConfiguration'],
    ['PUT', '/b?tagging', 'PutBucketTagging'],
    ['PUT', '/b?policy', 'PutBucketPolicy'],
    ['PUT', '/b?website', 'PutBucketWebsite'],
    ['PUT', '/b?replication', 'PutBucketReplication'],
    ['PUT', '/b?publicAccessBlock', 'PutPublicAccessBlock'],
    ['PUT', '/b?ownershipControls', 'PutBucketOwnershipControls'],
    ['PUT', '/b?accelerate', 'BucketAccelerate'],
    ['PUT', '/b', 'CreateBucket'],
    ['PUT', '/b/?x-id=CreateBucket', 'CreateBucket'],
    ['DELETE', '/b?cors', 'DeleteBucketCors'],
    ['DELETE', '/b?encryption', 'DeleteBucketEncryption'],
    ['DELETE', '/b?lifecycle', 'DeleteBucketLifecycle'],
    ['DELETE', '/b?tagging', 'DeleteBucketTagging'],
    ['DELETE', '/b?policy', 'DeleteBucketPolicy'],
    ['DELETE', '/b?website', 'DeleteBucketWebsite'],
    ['DELETE', '/b?replication', 'DeleteBucketReplication'],
    ['DELETE', '/b?publicAccessBlock', 'DeletePublicAccessBlock'],
    ['DELETE', '/b?ownershipControls', 'DeleteBucketOwnershipControls'],
    ['DELETE', '/b?inventory&id=a', 'BucketInventory'],
    ['DELETE', '/b', 'DeleteBucket'],
    ['POST', '/b?delete', 'DeleteObjects'],
    ['POST', '/b/?delete=', 'DeleteObjects'],
    ['POST', '/b?metadataTable', 'BucketMetadataTable'],
    ['POST', '/b', 'PostObject'],
    ['GET', '/b/k?uploadId=u&max-parts=2', 'ListParts'],
    ['GET', '/b/k?acl', 'GetObjectAcl'],
    ['GET', '/b/k?retention', 'GetObjectRetention'],
    ['GET', '/b/k?legal-hold', 'GetObjectLegalHold'],
    ['GET', '/b/k?attributes', 'GetObjectAttributes'],
    ['GET', '/b/k?tagging', 'GetObjectTagging'],
    ['GET', '/b/k?torrent', 'GetObjectTorrent'],
    ['GET', '/b/k?restore', 'RestoreObject'],
    ['GET', '/b/k?select', 'SelectObjectContent'],
    ['GET', '/b/k?partNumber=1&versionId=v', 'GetObject'],
    ['GET', '/b/k?versions', 'GetObject'],
    ['GET', '/b/k?X-Amz-Signature=acl&X-Amz-Algorithm=a', 'GetObject'],
    ['GET', '/b/k', 'GetObject'],
    ['HEAD', '/b/k', 'HeadObject'],
    ['HEAD', '/b/k?partNumber=1', 'HeadObject'],
    ['PUT', '/b/k?uploadId=u&partNumber=1', 'UploadPart'],
    ['PUT', '/b/k?acl', 'PutObjectAcl'],
    ['PUT', '/b/k?retention', 'PutObjectRetention'],
    ['PUT', '/b/k?legal-hold', 'PutObjectLegalHold'],
    ['PUT', '/b/k?tagging', 'ObjectTagging'],
    ['PUT', '/b/k?renameObject', 'RenameObject'],
    ['PUT', '/b/k?encryption', 'UpdateObjectEncryption'],
    ['PUT', '/b/k?x-id=PutObject', 'PutObject'],
    ['PUT', '/b/k', 'PutObject'],
    ['POST', '/b/k?uploads', 'CreateMultipartUpload'],
    ['POST', '/b/k?uploads=', 'CreateMultipartUpload'],
    ['POST', '/b/k?uploadId=u', 'CompleteMultipartUpload'],
    ['POST', '/b/k?restore', 'RestoreObject'],
    ['POST', '/b/k?select&select-type=2', 'SelectObjectContent'],
    ['DELETE', '/b/k?uploadId=u', 'AbortMultipartUpload'],
    ['DELETE', '/b/k?tagging', 'ObjectTagging'],
    ['DELETE', '/b/k?versionId=v', 'DeleteObject'],
    ['DELETE', '/b/k', 'DeleteObject'],
    ['OPTIONS', '/b/k', 'preflight'],
    ['OPTIONS', '/', 'preflight'],
    // What fits nothing.
    ['HEAD', '/', 'MethodNotAllowed'],
    ['PUT', '/', 'MethodNotAllowed'],
    ['PATCH', '/b', 'MethodNotAllowed'],
    ['POST', '/b/k', 'MethodNotAllowed'],
    ['get', '/b/k', 'MethodNotAllowed'],
    ['constructor', '/b/k', 'MethodNotAllowed'],
    ['PUT', '/b/k?uploads', 'MethodNotAllowed'],
    ['PUT', '/b/k?uploadId=u', 'MethodNotAllowed'],
    ['PUT', '/b?uploads', 'MethodNotAllowed'],
    ['PUT', '/b?location', 'MethodNotAllowed'],
    ['DELETE', '/b?versioning', 'MethodNotAllowed'],
    ['DELETE', '/b/k?acl', 'MethodNotAllowed'],
    ['GET', '/b?delete', 'MethodNotAllowed'],
    ['PUT', '/b/k?partNumber=1', 'InvalidArgument'],
    // The first in the order wins.
    ['GET', '/b?uploads&versions&acl', 'GetBucketAcl'],
    ['PUT', '/b/k?acl&uploadId=u&partNumber=1', 'UploadPart'],
  ])('%s %s is %s', (method, target, expected) => {
    expect(nameOf(select(method, target))).toBe(expected);
  });

  it.each([
    ['PUT', '/b/k', 'CopyObject'],
    ['PUT', '/b/k?uploadId=u&partNumber=1', 'UploadPartCopy'],
    ['GET', '/b/k', 'GetObject'],
    ['PUT', '/b/k?acl', 'PutObjectAcl'],
  ])('%s %s with a copy source is %s', (method, target, expected) => {
    expect(nameOf(select(method, target, copy))).toBe(expected);
  });

  it('tells responses of functions from forms', () => {
    expect(nameOf(select('POST', '/WriteGetObjectResponse', { 'x-amz-request-route': 'r' }))).toBe(
      'WriteGetObjectResponse',
    );
  });

  it('says which methods there are', () => {
    const selection = select('PATCH', '/b/k');
    expect(selection).toMatchObject({
      error: {
        status: 405,
        message: 'The specified method is not allowed against this resource.',
        details: { Method: 'PATCH', ResourceType: 'OBJECT' },
        headers: [['Allow', 'GET, HEAD, PUT, POST, DELETE, OPTIONS']],
      },
    });
  });

  it('is total', () => {
    const name = fc.constantFrom('acl', 'uploads', 'uploadId', 'partNumber', 'delete', 'list-type', 'x', '__proto__');
    const query = fc.array(fc.tuple(name, fc.string()));
    const method = fc.oneof(fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS'), fc.string());
    const part = fc.option(fc.string(), { nil: undefined });
    fc.assert(
      fc.property(method, part, part, query, (verb, bucket, key, pairs) => {
        const parameters = new QueryParameters(pairs);
        const input = { method: verb, bucket, key, query: parameters, headers: new HeaderList([]) };
        expect(['operation', 'preflight', 'refused']).toContain(selectOperation(input).kind);
      }),
    );
  });
});

describe('routes', () => {
  const listed = Object.entries(routes).flatMap(([level, byMethod]) =>
    Object.entries<readonly string[]>(byMethod).flatMap(([method, names]) =>
      names.map((name) => ({ level, method, name })),
    ),
  );

  it('have every row at its level under its methods, and no other', () => {
    const expected = s3OperationNames.flatMap((name) => {
      const row: OperationRow = s3Operations[name];
      return row.methods.map((method) => `${row.level} ${method} ${name}`);
    });
    expect(listed.map(({ level, method, name }) => `${level} ${method} ${name}`).toSorted()).toEqual(
      expected.toSorted(),
    );
  });

  it.each(s3OperationNames)('reach %s with what its selector names', (name) => {
    const row: OperationRow = s3Operations[name];
    const { query = [], queryValue, header } = row.selectedBy;
    expect(row.name).toBe(name);
    const pairs = [
      ...query.map((parameter) => [parameter, ''] as const),
      ...(queryValue === undefined ? [] : [queryValue]),
    ];
    for (const method of row.methods) {
      const selection = selectOperation({
        method,
        bucket: row.level === 'service' ? undefined : 'b',
        key: row.level === 'object' ? 'k' : undefined,
        query: new QueryParameters(pairs),
        headers: new HeaderList(header === undefined ? [] : [[header, 'a/b']]),
      });
      expect(selection).toEqual({ kind: 'operation', name });
    }
  });
});

describe('refusedOperation', () => {
  it.each([
    ['GetBucketTagging', 404, 'NoSuchTagSet', 'The TagSet does not exist'],
    ['PutBucketTagging', 501, 'NotImplemented', 'This operation is not implemented.'],
    ['GetBucketPolicy', 404, 'NoSuchBucketPolicy', 'The bucket policy does not exist'],
    ['GetBucketPolicyStatus', 404, 'NoSuchBucketPolicy', 'The bucket policy does not exist'],
    ['GetBucketWebsite', 404, 'NoSuchWebsiteConfiguration', undefined],
    ['GetBucketReplication', 404, 'ReplicationConfigurationNotFoundError', undefined],
    ['GetPublicAccessBlock', 404, 'NoSuchPublicAccessBlockConfiguration', undefined],
    ['GetBucketOwnershipControls', 404, 'OwnershipControlsNotFoundError', undefined],
    ['BucketRequestPayment', 501, 'NotImplemented', undefined],
    ['ObjectTagging', 501, 'NotImplemented', undefined],
  ] satisfies [S3OperationName, number, string, string | undefined][])('%s is %i %s', (name, status, code, message) => {
    const row = s3Operations[name] as OperationRow;
    if (row.isSupported) throw new TypeError(`${name} is supported`);
    const error = refusedOperation(row, 'bucket');
    expect([error.status, error.code]).toEqual([status, code]);
    if (message !== undefined) expect(error.message).toBe(message);
    if (status === 404) expect(error.details).toEqual({ BucketName: 'bucket' });
  });
});
