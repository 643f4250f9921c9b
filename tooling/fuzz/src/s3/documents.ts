import type { S3Operations, SupportedName } from '@coffer/s3-schema';

/** The operations that have a document in the body of their requests. */
export type DocumentName = {
  [Name in SupportedName]: S3Operations[Name]['body'] extends { readonly kind: 'xml' } ? Name : never;
}[SupportedName];

const acl =
  '<AccessControlPolicy><Owner><ID>a</ID></Owner><AccessControlList><Grant>' +
  '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>a</ID></Grantee>' +
  '<Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>';

/** A valid document of each operation that has one. One that is missing here does not compile. */
export const documents: { readonly [Name in DocumentName]: string } = {
  CompleteMultipartUpload:
    '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"9ed12b9bfa6e4aa9b6f0c4dc3ac2f8b5"</ETag>' +
    '<ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part><Part><PartNumber>3</PartNumber><ETag>x</ETag></Part>' +
    '</CompleteMultipartUpload>',
  CreateBucket:
    '<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>',
  DeleteObjects:
    '<Delete><Object><Key>a/file.txt</Key><VersionId>null</VersionId></Object><Object><Key> b&amp;\u00e9</Key>' +
    '<ETag>"x"</ETag></Object><Quiet>true</Quiet></Delete>',
  PutBucketAcl: acl,
  PutBucketCors:
    '<CORSConfiguration><CORSRule><ID>r</ID><AllowedOrigin>https://*.example.com</AllowedOrigin>' +
    '<AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>' +
    '<MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>',
  PutBucketEncryption:
    '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>' +
    '</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>' +
    '</ServerSideEncryptionConfiguration>',
  PutBucketLifecycleConfiguration:
    '<LifecycleConfiguration><Rule><ID>old</ID><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></Filter>' +
    '<Expiration><Days>7</Days></Expiration><NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays>' +
    '</NoncurrentVersionExpiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>' +
    '</AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>',
  PutBucketLogging: '<BucketLoggingStatus xmlns="http://doc.s3.amazonaws.com/2006-03-01"/>',
  PutBucketVersioning: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  PutObjectAcl: acl,
  PutObjectLegalHold: '<LegalHold><Status>ON</Status></LegalHold>',
  PutObjectLockConfiguration:
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>' +
    '<Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>',
  PutObjectRetention:
    '<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2031-01-01T00:00:00Z</RetainUntilDate></Retention>',
};

export const documentNames = Object.keys(documents) as [DocumentName, ...DocumentName[]];

/** The document of an operation; an empty body where it has none. */
export function documentOf(name: string): string {
  return Object.hasOwn(documents, name) ? documents[name as DocumentName] : '';
}
