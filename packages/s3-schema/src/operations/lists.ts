import {
  listObjectsQuery,
  listObjectsV2Query,
  listPartsQuery,
  listUploadsQuery,
  listVersionsQuery,
} from '../requests/list-queries.ts';
import { ownerHeaders } from '../requests/object-headers.ts';
import { ordinary, xmlAnswer, type SupportedRow } from '../requests/operation-row.ts';
import { listObjectsV2Xml, listObjectsXml } from '../responses/list-objects.ts';
import { listPartsXml, listUploadsXml } from '../responses/list-uploads.ts';
import { listVersionsXml } from '../responses/list-versions.ts';

const common = {
  ...ordinary,
  level: 'bucket',
  methods: ['GET'],
  capability: { anyOf: ['listFiles'] },
  restriction: 'listPrefix',
  headers: ownerHeaders,
} as const;

/** Lists (AWS docs, page of each name). None is open to everybody, not even of a public bucket, as in B2. */
export const listOperations = {
  ListObjects: {
    ...common,
    name: 'ListObjects',
    selectedBy: {},
    query: listObjectsQuery,
    answer: xmlAnswer(listObjectsXml),
  },
  ListObjectsV2: {
    ...common,
    name: 'ListObjectsV2',
    selectedBy: { queryValue: ['list-type', '2'] },
    query: listObjectsV2Query,
    answer: xmlAnswer(listObjectsV2Xml),
  },
  ListObjectVersions: {
    ...common,
    name: 'ListObjectVersions',
    selectedBy: { query: ['versions'] },
    query: listVersionsQuery,
    answer: xmlAnswer(listVersionsXml),
  },
  ListMultipartUploads: {
    ...common,
    name: 'ListMultipartUploads',
    selectedBy: { query: ['uploads'] },
    query: listUploadsQuery,
    answer: xmlAnswer(listUploadsXml),
  },
  ListParts: {
    ...common,
    name: 'ListParts',
    level: 'object',
    selectedBy: { query: ['uploadId'] },
    capability: { anyOf: ['listFiles', 'writeFiles'] },
    restriction: 'key',
    query: listPartsQuery,
    answer: xmlAnswer(listPartsXml),
  },
} as const satisfies Record<string, SupportedRow>;
