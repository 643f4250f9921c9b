import type { XmlElement } from '@coffer/xml';
import { aclHeaders, documentHeaders, ownerHeaders, retentionHeaders } from '../requests/object-headers.ts';
import { versionQuery } from '../requests/object-queries.ts';
import { emptyAnswer, ordinary, xmlAnswer, type SupportedRow } from '../requests/operation-row.ts';
import { aclXml } from '../settings/acl.ts';
import { legalHoldXml, readLegalHold, readRetention, retentionXml } from '../settings/object-lock.ts';
import { noTagsXml } from '../settings/tagging.ts';
import { s3Headers } from '../values/header-names.ts';
import { maxXmlBytes } from '../values/limits.ts';

const common = {
  ...ordinary,
  level: 'object',
  restriction: 'key',
  query: versionQuery,
  headers: ownerHeaders,
} as const;

const document = { kind: 'xml', maxBytes: maxXmlBytes, isRequired: true } as const;

/** Settings of an object (AWS docs, page of each name). */
export const objectSettingOperations = {
  GetObjectAcl: {
    ...common,
    name: 'GetObjectAcl',
    methods: ['GET'],
    selectedBy: { query: ['acl'] },
    capability: { anyOf: ['readBuckets', 'listBuckets'] },
    answer: xmlAnswer(aclXml, [s3Headers.versionId]),
  },
  PutObjectAcl: {
    ...common,
    name: 'PutObjectAcl',
    methods: ['PUT'],
    selectedBy: { query: ['acl'] },
    capability: { anyOf: ['writeBuckets'] },
    // The document is read with the owner at hand, see `chooseAcl`.
    body: { ...document, isRequired: false, malformed: 'MalformedACLError', read: (root: XmlElement) => root },
    headers: aclHeaders,
    answer: emptyAnswer,
  },
  GetObjectTagging: {
    ...common,
    name: 'GetObjectTagging',
    methods: ['GET'],
    selectedBy: { query: ['tagging'] },
    capability: { anyOf: ['readFiles'] },
    answer: xmlAnswer(noTagsXml, [s3Headers.versionId]),
  },
  GetObjectRetention: {
    ...common,
    name: 'GetObjectRetention',
    methods: ['GET'],
    selectedBy: { query: ['retention'] },
    capability: { anyOf: ['readFileRetentions'] },
    answer: xmlAnswer(retentionXml),
  },
  PutObjectRetention: {
    ...common,
    name: 'PutObjectRetention',
    methods: ['PUT'],
    selectedBy: { query: ['retention'] },
    capability: {
      anyOf: ['writeFileRetentions'],
      besides: [{ given: { header: s3Headers.bypassGovernance, value: 'true' }, capability: 'bypassGovernance' }],
    },
    body: { ...document, read: readRetention },
    headers: retentionHeaders,
    answer: emptyAnswer,
  },
  GetObjectLegalHold: {
    ...common,
    name: 'GetObjectLegalHold',
    methods: ['GET'],
    selectedBy: { query: ['legal-hold'] },
    capability: { anyOf: ['readFileLegalHolds'] },
    answer: xmlAnswer(legalHoldXml),
  },
  PutObjectLegalHold: {
    ...common,
    name: 'PutObjectLegalHold',
    methods: ['PUT'],
    selectedBy: { query: ['legal-hold'] },
    capability: { anyOf: ['writeFileLegalHolds'] },
    body: { ...document, read: readLegalHold },
    headers: documentHeaders,
    answer: emptyAnswer,
  },
} as const satisfies Record<string, SupportedRow>;
