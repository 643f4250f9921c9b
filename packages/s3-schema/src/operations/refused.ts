import type { Level, Method, RefusedRow, Selector } from '../requests/operation-row.ts';
import type { S3ErrorCode } from '../values/error-codes.ts';

function refused<const Name extends string>(
  name: Name,
  level: Level,
  methods: readonly [Method, ...Method[]],
  selectedBy: Selector,
  error: S3ErrorCode,
): RefusedRow & { readonly name: Name } {
  return { name, level, methods, selectedBy, isSupported: false, error };
}

/** A setting that no bucket has: asking for it finds none, which tools rely on; setting it is not implemented. */
function unset<const Name extends string>(name: Name, query: string, code: S3ErrorCode) {
  const selectedBy = { query: [query] };
  return {
    [`Get${name}`]: refused(`Get${name}`, 'bucket', ['GET'], selectedBy, code),
    [`Put${name}`]: refused(`Put${name}`, 'bucket', ['PUT'], selectedBy, 'NotImplemented'),
    [`Delete${name}`]: refused(`Delete${name}`, 'bucket', ['DELETE'], selectedBy, 'NotImplemented'),
  } as { readonly [Key in `${'Get' | 'Put' | 'Delete'}${Name}`]: RefusedRow & { readonly name: Key } };
}

function absent<const Name extends string>(name: Name, query: string) {
  return refused(name, 'bucket', ['GET', 'PUT', 'POST', 'DELETE'], { query: [query] }, 'NotImplemented');
}

/**
 * What AWS has and this server has not. Where several operations of AWS differ in their method only and all have one
 * answer, they are one row.
 */
export const refusedOperations = {
  ...unset('BucketTagging', 'tagging', 'NoSuchTagSet'),
  ...unset('BucketPolicy', 'policy', 'NoSuchBucketPolicy'),
  ...unset('BucketWebsite', 'website', 'NoSuchWebsiteConfiguration'),
  ...unset('BucketReplication', 'replication', 'ReplicationConfigurationNotFoundError'),
  ...unset('PublicAccessBlock', 'publicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
  ...unset('BucketOwnershipControls', 'ownershipControls', 'OwnershipControlsNotFoundError'),
  GetBucketPolicyStatus: refused(
    'GetBucketPolicyStatus',
    'bucket',
    ['GET'],
    { query: ['policyStatus'] },
    'NoSuchBucketPolicy',
  ),
  BucketRequestPayment: absent('BucketRequestPayment', 'requestPayment'),
  BucketAccelerate: absent('BucketAccelerate', 'accelerate'),
  BucketNotification: absent('BucketNotification', 'notification'),
  BucketAnalytics: absent('BucketAnalytics', 'analytics'),
  BucketInventory: absent('BucketInventory', 'inventory'),
  BucketMetrics: absent('BucketMetrics', 'metrics'),
  BucketIntelligentTiering: absent('BucketIntelligentTiering', 'intelligent-tiering'),
  BucketMetadataTable: absent('BucketMetadataTable', 'metadataTable'),
  BucketMetadataConfiguration: absent('BucketMetadataConfiguration', 'metadataConfiguration'),
  BucketAbac: absent('BucketAbac', 'abac'),
  CreateSession: absent('CreateSession', 'session'),
  WriteGetObjectResponse: refused(
    'WriteGetObjectResponse',
    'bucket',
    ['POST'],
    { header: 'x-amz-request-route' },
    'NotImplemented',
  ),
  ObjectTagging: refused('ObjectTagging', 'object', ['PUT', 'DELETE'], { query: ['tagging'] }, 'NotImplemented'),
  GetObjectTorrent: refused('GetObjectTorrent', 'object', ['GET'], { query: ['torrent'] }, 'NotImplemented'),
  RestoreObject: refused('RestoreObject', 'object', ['GET', 'POST'], { query: ['restore'] }, 'NotImplemented'),
  SelectObjectContent: refused(
    'SelectObjectContent',
    'object',
    ['GET', 'POST'],
    { query: ['select'] },
    'NotImplemented',
  ),
  RenameObject: refused('RenameObject', 'object', ['PUT'], { query: ['renameObject'] }, 'NotImplemented'),
  UpdateObjectEncryption: refused(
    'UpdateObjectEncryption',
    'object',
    ['PUT'],
    { query: ['encryption'] },
    'NotImplemented',
  ),
} as const;
