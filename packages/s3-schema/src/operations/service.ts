import { listBucketsQuery } from '../requests/list-queries.ts';
import { ownerHeaders } from '../requests/object-headers.ts';
import { ordinary, xmlAnswer, type SupportedRow } from '../requests/operation-row.ts';
import { listBucketsXml } from '../responses/list-buckets.ts';

/** The operation of the account (AWS docs, page of that name). */
export const serviceOperations = {
  ListBuckets: {
    ...ordinary,
    name: 'ListBuckets',
    level: 'service',
    methods: ['GET'],
    selectedBy: {},
    capability: { anyOf: ['listAllBucketNames', 'listBuckets'] },
    restriction: 'account',
    query: listBucketsQuery,
    headers: ownerHeaders,
    answer: xmlAnswer(listBucketsXml),
  },
} as const satisfies Record<string, SupportedRow>;
