import { noQuery } from '../requests/object-queries.ts';
import { createBucketHeaders, ownerHeaders } from '../requests/object-headers.ts';
import { deletedAnswer, ordinary, xmlAnswer, type SupportedRow } from '../requests/operation-row.ts';
import { locationXml, readCreateBucket } from '../settings/location.ts';
import { s3Headers } from '../values/header-names.ts';
import { maxXmlBytes } from '../values/limits.ts';

const common = { ...ordinary, level: 'bucket', restriction: 'bucket', query: noQuery, headers: ownerHeaders } as const;

/** Making, finding and removing buckets (AWS docs, page of each name). */
export const bucketOperations = {
  CreateBucket: {
    ...common,
    name: 'CreateBucket',
    methods: ['PUT'],
    selectedBy: {},
    capability: {
      anyOf: ['writeBuckets'],
      besides: [{ given: { header: s3Headers.bucketLockEnabled, value: 'true' }, capability: 'writeBucketRetentions' }],
    },
    body: { kind: 'xml', maxBytes: maxXmlBytes, isRequired: false, read: readCreateBucket },
    headers: createBucketHeaders,
    answer: { status: 200, headers: ['Location'], body: { kind: 'none' } },
  },
  DeleteBucket: {
    ...common,
    name: 'DeleteBucket',
    methods: ['DELETE'],
    selectedBy: {},
    capability: { anyOf: ['deleteBuckets'] },
    answer: deletedAnswer,
  },
  HeadBucket: {
    ...common,
    name: 'HeadBucket',
    methods: ['HEAD'],
    selectedBy: {},
    capability: { anyOf: ['listBuckets'] },
    answer: { status: 200, headers: [s3Headers.bucketRegion], body: { kind: 'none' } },
  },
  GetBucketLocation: {
    ...common,
    name: 'GetBucketLocation',
    methods: ['GET'],
    selectedBy: { query: ['location'] },
    capability: { anyOf: ['readBuckets', 'listBuckets'] },
    answer: xmlAnswer(locationXml),
  },
} as const satisfies Record<string, SupportedRow>;
