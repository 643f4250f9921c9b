import {
  isSupportedName,
  s3OperationNames,
  s3Operations,
  type Method,
  type S3Operations,
  type SupportedName,
  type SupportedRow,
} from '@coffer/s3-schema';
import { createHash } from 'node:crypto';
import { childText, type TestServer } from './test-server.ts';

/** The operations whose requests are signed as a whole; a browser's form proves its right in its fields. */
export type SignedName = {
  [Name in SupportedName]: S3Operations[Name]['body'] extends { readonly kind: 'form' } ? never : Name;
}[SupportedName];

/** The row of an operation, whatever the operation is. */
export const rowOf = (name: SupportedName): SupportedRow => s3Operations[name];
const isSigned = (name: SupportedName): name is SignedName => rowOf(name).body.kind !== 'form';
/** All of them, in the order of the table. */
export const signedNames = s3OperationNames.filter(isSupportedName).filter(isSigned);

/** What a request says besides what its row says already: method, and the parameters that select the operation. */
export interface ValidCall {
  /** None for the account itself. */
  readonly bucket?: string;
  readonly key?: string;
  /** Values of parameters that need one, and further ones. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** One for each operation: a row without one does not compile. */
export type ValidCalls = { readonly [Name in SignedName]: ValidCall };

/** A request that is not signed yet. */
export interface PlainRequest {
  readonly method: Method;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request of an operation. */
export function requestOf(name: SupportedName, call: ValidCall): PlainRequest {
  const { methods, selectedBy } = rowOf(name);
  const { query = [], queryValue } = selectedBy;
  const further = Object.entries(call.query ?? {});
  const valueless = query.filter((parameter) => call.query?.[parameter] === undefined);
  const valued = further.map(([parameter, value]) => `${parameter}=${encodeURIComponent(value)}`);
  const parameters = [...valueless, ...(queryValue === undefined ? [] : [queryValue.join('=')]), ...valued];
  const place = [call.bucket ?? '', ...(call.key === undefined ? [] : [call.key])].join('/');
  return {
    method: methods[0],
    target: `/${place}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`,
    headers: call.headers ?? {},
    body: call.body ?? '',
  };
}

export const md5Base64 = (text: string): string => createHash('md5').update(text).digest('base64');

const content = 'some content';
const partContent = 'a'.repeat(10);
const lockHeaders = {
  'x-amz-object-lock-mode': 'GOVERNANCE',
  'x-amz-object-lock-retain-until-date': '2030-01-01T00:00:00Z',
  'x-amz-object-lock-legal-hold': 'ON',
  'Content-MD5': md5Base64(content),
};

const documents = {
  cors:
    '<CORSConfiguration><CORSRule><AllowedOrigin>https://example.com</AllowedOrigin>' +
    '<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
  encryption:
    '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>' +
    '</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
  lifecycle:
    '<LifecycleConfiguration><Rule><ID>old</ID><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></Filter>' +
    '<Expiration><Days>7</Days></Expiration></Rule></LifecycleConfiguration>',
  logging: '<BucketLoggingStatus/>',
  versioning: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  objectLock:
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>' +
    '<Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>',
  retention: '<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2031-01-01T00:00:00Z</RetainUntilDate></Retention>',
  legalHold: '<LegalHold><Status>ON</Status></LegalHold>',
} as const;

/** The buckets that {@link validCalls} makes: with objects, without, and with Object Lock. */
export const buckets = { full: 'bucket-full', empty: 'bucket-empty', locked: 'bucket-locked' } as const;

/** Prepares a server so that each operation has something to succeed on, all objects under the prefix `in/`. */
export async function validCalls(server: TestServer): Promise<ValidCalls> {
  const { full, empty, locked } = buckets;
  for (const name of [full, empty]) await server.createBucket(name);
  await server.createBucket(locked, { 'x-amz-bucket-object-lock-enabled': 'true' });
  const put = (target: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
    server.ok({ method: 'PUT', target, body, headers });
  await put(`/${full}?cors`, documents.cors);
  await put(`/${full}?encryption`, documents.encryption);
  await put(`/${full}?lifecycle`, documents.lifecycle);
  await put(`/${full}/in/kept`, content, { 'Content-Type': 'text/plain', 'x-amz-meta-colour': 'red' });
  await put(`/${full}/in/deleted`, content);
  await put(`/${full}/in/listed`, content);
  await put(`/${locked}/in/free`, content);
  await put(`/${locked}/in/retained`, content, lockHeaders);
  const kept = { bucket: full, key: 'in/kept' };
  const start = async () => {
    const { xml } = await server.ok({ method: 'POST', target: `/${full}/in/large?uploads` });
    return childText(xml, 'UploadId') ?? '';
  };
  const part = async (uploadId: string, partNumber: number, body: string) => {
    const { headers } = await put(`/${full}/in/large?partNumber=${partNumber}&uploadId=${uploadId}`, body);
    return `<Part><PartNumber>${partNumber}</PartNumber><ETag>${headers.get('etag') ?? ''}</ETag></Part>`;
  };
  const [finished, cancelled, growing] = [await start(), await start(), await start()];
  const parts = [await part(finished, 1, partContent), await part(finished, 2, 'b')];
  await part(growing, 1, partContent);
  const large = { bucket: full, key: 'in/large' };
  const source = { 'x-amz-copy-source': `${full}/in/kept` };
  return {
    AbortMultipartUpload: { ...large, query: { uploadId: cancelled } },
    CompleteMultipartUpload: {
      ...large,
      query: { uploadId: finished },
      body: `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
    },
    CopyObject: { bucket: full, key: 'in/copy', headers: source },
    CreateBucket: { bucket: 'bucket-new' },
    CreateMultipartUpload: large,
    DeleteBucket: { bucket: empty },
    DeleteBucketCors: { bucket: full },
    DeleteBucketEncryption: { bucket: full },
    DeleteBucketLifecycle: { bucket: full },
    DeleteObject: { bucket: full, key: 'in/deleted' },
    DeleteObjects: { bucket: full, body: '<Delete><Object><Key>in/listed</Key></Object></Delete>' },
    GetBucketAcl: { bucket: full },
    GetBucketCors: { bucket: full },
    GetBucketEncryption: { bucket: full },
    GetBucketLifecycleConfiguration: { bucket: full },
    GetBucketLocation: { bucket: full },
    GetBucketLogging: { bucket: full },
    GetBucketVersioning: { bucket: full },
    GetObject: kept,
    GetObjectAcl: kept,
    GetObjectAttributes: { ...kept, headers: { 'x-amz-object-attributes': 'ETag,ObjectSize' } },
    GetObjectLegalHold: { bucket: locked, key: 'in/retained' },
    GetObjectLockConfiguration: { bucket: locked },
    GetObjectRetention: { bucket: locked, key: 'in/retained' },
    GetObjectTagging: kept,
    HeadBucket: { bucket: full },
    HeadObject: kept,
    ListBuckets: {},
    ListMultipartUploads: { bucket: full, query: { prefix: 'in/' } },
    ListObjects: { bucket: full, query: { prefix: 'in/' } },
    ListObjectsV2: { bucket: full, query: { prefix: 'in/' } },
    ListObjectVersions: { bucket: full, query: { prefix: 'in/' } },
    ListParts: { ...large, query: { uploadId: growing } },
    PutBucketAcl: { bucket: full, headers: { 'x-amz-acl': 'private' } },
    PutBucketCors: { bucket: full, body: documents.cors },
    PutBucketEncryption: { bucket: full, body: documents.encryption },
    PutBucketLifecycleConfiguration: { bucket: full, body: documents.lifecycle },
    PutBucketLogging: { bucket: full, body: documents.logging },
    PutBucketVersioning: { bucket: full, body: documents.versioning },
    PutObject: { bucket: full, key: 'in/new', body: content },
    PutObjectAcl: { ...kept, headers: { 'x-amz-acl': 'private' } },
    PutObjectLegalHold: { bucket: locked, key: 'in/free', body: documents.legalHold },
    PutObjectLockConfiguration: { bucket: locked, body: documents.objectLock },
    PutObjectRetention: { bucket: locked, key: 'in/free', body: documents.retention },
    UploadPart: { ...large, query: { uploadId: growing, partNumber: '2' }, body: partContent },
    UploadPartCopy: { ...large, query: { uploadId: growing, partNumber: '2' }, headers: source },
  };
}
