import type { SupportedName } from '@coffer/s3-schema';

/** What is special about an operation here, for `docs/s3.md`; empty where it does what AWS's page says. */
export const operationNotes: { readonly [Name in SupportedName]: string } = {
  ListBuckets: 'Of the account of the key. A key for some buckets needs `listAllBucketNames`.',
  CreateBucket:
    '6 to 63 lower-case letters, digits and hyphens, not beginning with `b2-`. Keys for some buckets may not.',
  DeleteBucket: 'Only without versions, hide markers and unfinished uploads.',
  HeadBucket: '',
  GetBucketLocation: 'The region, also where it is `us-east-1`.',
  GetBucketAcl: 'One of the two ACLs that there are: `private` (`allPrivate`) and `public-read` (`allPublic`).',
  PutBucketAcl: 'By header or by a document that equals one of the two.',
  GetBucketCors: 'Rules of the B2 Native API are not shown.',
  PutBucketCors:
    'Replaces the rules of S3; those of the B2 Native API stay. An `ID` is kept if it can be the name of a rule in ' +
    'B2: 6 to 50 letters, digits and hyphens.',
  DeleteBucketCors: 'Those of the B2 Native API stay.',
  GetBucketEncryption: '404 where the bucket has no default, as in B2.',
  PutBucketEncryption:
    '`AES256` (SSE-B2), and `BlockedEncryptionTypes` with `SSE-C`, which refuses new files with customer keys in ' +
    'both APIs.',
  DeleteBucketEncryption: '',
  GetBucketLifecycleConfiguration:
    'A rule that hides is shown as two rules, as B2 does. An `ID` is not kept: rules are `rule-1` and so on.',
  PutBucketLifecycleConfiguration:
    'Prefixes, `Days`, `NoncurrentDays`, `DaysAfterInitiation`; neither transitions nor tags.',
  DeleteBucketLifecycle: '',
  GetBucketLogging: 'Always off.',
  PutBucketLogging: 'Can be turned off.',
  GetBucketVersioning: 'Always `Enabled`.',
  PutBucketVersioning: '`Enabled` is accepted, `Suspended` is not implemented.',
  GetObjectLockConfiguration: '',
  PutObjectLockConfiguration: 'Also turns Object Lock on where it was off.',
  ListObjects: 'Pages of at most 1,000.',
  ListObjectsV2: 'Pages of at most 1,000.',
  ListObjectVersions: 'Versions and hide markers as they come; unfinished uploads are not among them.',
  ListMultipartUploads: 'By key, then by start. Costs what all unfinished uploads of the bucket cost.',
  ListParts: '',
  PutObject: 'Up to 5 GiB, with or without a length. Conditions `If-None-Match: *` and `If-Match`.',
  PostObject: 'Forms of browsers with a policy signed by Signature Version 4.',
  CopyObject: 'Sources up to 5 GiB. The copy is encrypted anew, by request or bucket default, never as its source.',
  GetObject: 'One range; a part by `partNumber`. Everybody may in a public bucket.',
  HeadObject: 'As `GetObject`.',
  GetObjectAttributes: '',
  DeleteObject: 'Without `versionId` a hide marker is made, always. Condition `If-Match`.',
  DeleteObjects: 'Up to 1,000; each entry with its own outcome.',
  GetObjectAcl: 'That of the bucket.',
  PutObjectAcl: 'Only the ACL of the bucket.',
  GetObjectTagging: 'Always empty: objects have no tags.',
  GetObjectRetention: '',
  PutObjectRetention: '',
  GetObjectLegalHold: '',
  PutObjectLegalHold: '',
  CreateMultipartUpload: 'The upload id is the id that the version will have, and that of a B2 large file.',
  UploadPart: '1 to 10,000, up to 5 GiB each. `b2_upload_part` may add parts to the same upload.',
  UploadPartCopy: '',
  CompleteMultipartUpload: 'All parts but the last have at least 5,000,000 bytes. Can be repeated. Moves no data.',
  AbortMultipartUpload: '',
};
