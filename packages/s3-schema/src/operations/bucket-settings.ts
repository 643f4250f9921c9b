import { printBucketEncryption } from '@coffer/sse-schema';
import type { XmlElement } from '@coffer/xml';
import { aclHeaders, documentHeaders, ownerHeaders } from '../requests/object-headers.ts';
import { noQuery } from '../requests/object-queries.ts';
import { deletedAnswer, emptyAnswer, ordinary, xmlAnswer, type SupportedRow } from '../requests/operation-row.ts';
import { aclXml } from '../settings/acl.ts';
import { readEncryption } from '../settings/bucket-encryption.ts';
import { corsXml, readCors } from '../settings/cors.ts';
import { lifecycleXml, readLifecycle } from '../settings/lifecycle.ts';
import { loggingXml, readLogging } from '../settings/logging.ts';
import { objectLockXml, readObjectLock } from '../settings/object-lock.ts';
import { readVersioning, versioningXml } from '../settings/versioning.ts';
import type { S3Capability } from '../values/capability.ts';
import { maxCorsXmlBytes, maxXmlBytes } from '../values/limits.ts';

const common = { ...ordinary, level: 'bucket', restriction: 'bucket', query: noQuery } as const;

function reading<const Name extends string, Print extends (...result: never) => XmlElement>(
  name: Name,
  query: string,
  capabilities: readonly [S3Capability, ...S3Capability[]],
  print: Print,
) {
  return {
    ...common,
    name,
    methods: ['GET'],
    selectedBy: { query: [query] },
    capability: { anyOf: capabilities },
    headers: ownerHeaders,
    answer: xmlAnswer(print),
  } as const satisfies SupportedRow;
}

function writing<const Name extends string, T>(
  name: Name,
  query: string,
  capability: S3Capability,
  read: (root: XmlElement) => T,
  maxBytes = maxXmlBytes,
) {
  return {
    ...common,
    name,
    methods: ['PUT'],
    selectedBy: { query: [query] },
    capability: { anyOf: [capability] },
    body: { kind: 'xml', maxBytes, isRequired: true, read },
    headers: documentHeaders,
    answer: emptyAnswer,
  } as const satisfies SupportedRow;
}

function deleting<const Name extends string>(name: Name, query: string, capability: S3Capability) {
  return {
    ...common,
    name,
    methods: ['DELETE'],
    selectedBy: { query: [query] },
    capability: { anyOf: [capability] },
    headers: ownerHeaders,
    answer: deletedAnswer,
  } as const satisfies SupportedRow;
}

/** B2 docs name `readBuckets`; keys of old have only the other one. */
const readBuckets = ['readBuckets', 'listBuckets'] as const;

/** Settings of a bucket (AWS docs, page of each name). */
export const bucketSettingOperations = {
  GetBucketAcl: reading('GetBucketAcl', 'acl', readBuckets, aclXml),
  // The document is read with the owner at hand, see `chooseAcl`.
  PutBucketAcl: {
    ...writing('PutBucketAcl', 'acl', 'writeBuckets', (root) => root),
    body: {
      kind: 'xml',
      maxBytes: maxXmlBytes,
      isRequired: false,
      malformed: 'MalformedACLError',
      read: (root: XmlElement) => root,
    },
    headers: aclHeaders,
  },
  GetBucketCors: reading('GetBucketCors', 'cors', readBuckets, corsXml),
  PutBucketCors: writing('PutBucketCors', 'cors', 'writeBuckets', readCors, maxCorsXmlBytes),
  DeleteBucketCors: deleting('DeleteBucketCors', 'cors', 'writeBuckets'),
  GetBucketEncryption: reading('GetBucketEncryption', 'encryption', ['readBucketEncryption'], printBucketEncryption),
  PutBucketEncryption: writing('PutBucketEncryption', 'encryption', 'writeBucketEncryption', readEncryption),
  DeleteBucketEncryption: deleting('DeleteBucketEncryption', 'encryption', 'writeBucketEncryption'),
  GetBucketLifecycleConfiguration: reading('GetBucketLifecycleConfiguration', 'lifecycle', readBuckets, lifecycleXml),
  PutBucketLifecycleConfiguration: writing(
    'PutBucketLifecycleConfiguration',
    'lifecycle',
    'writeBuckets',
    readLifecycle,
  ),
  DeleteBucketLifecycle: deleting('DeleteBucketLifecycle', 'lifecycle', 'writeBuckets'),
  GetBucketLogging: reading('GetBucketLogging', 'logging', ['readBucketLogging'], loggingXml),
  PutBucketLogging: writing('PutBucketLogging', 'logging', 'writeBucketLogging', readLogging),
  GetBucketVersioning: reading('GetBucketVersioning', 'versioning', readBuckets, versioningXml),
  PutBucketVersioning: writing('PutBucketVersioning', 'versioning', 'writeBuckets', readVersioning),
  GetObjectLockConfiguration: reading(
    'GetObjectLockConfiguration',
    'object-lock',
    ['readBucketRetentions'],
    objectLockXml,
  ),
  PutObjectLockConfiguration: writing(
    'PutObjectLockConfiguration',
    'object-lock',
    'writeBucketRetentions',
    readObjectLock,
  ),
} as const satisfies Record<string, SupportedRow>;
