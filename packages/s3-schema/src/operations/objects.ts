import { attributeHeaders } from '../requests/attribute-headers.ts';
import { deleteCondition } from '../requests/condition-headers.ts';
import { readDelete } from '../requests/delete-objects.ts';
import { bypassHeader } from '../requests/lock-headers.ts';
import {
  copyObjectHeaders,
  documentHeaders,
  ownerHeaders,
  putObjectHeaders,
  readHeaders,
} from '../requests/object-headers.ts';
import { noQuery, readQuery, versionQuery } from '../requests/object-queries.ts';
import { dataModes, emptyAnswer, noBody, ordinary, xmlAnswer, type SupportedRow } from '../requests/operation-row.ts';
import { parseFormBoundary } from '../forms/post-form.ts';
import { deleteResultXml } from '../responses/delete-result.ts';
import { objectAttributesXml } from '../responses/object-attributes.ts';
import { copyObjectXml } from '../responses/uploaded.ts';
import { s3Headers } from '../values/header-names.ts';
import { maxFormFieldBytes, maxLongXmlBytes, maxUploadSize } from '../values/limits.ts';
import {
  copyAnswerHeaders,
  deletedAnswerHeaders,
  documentAnswerHeaders,
  readAnswerHeaders,
  writtenAnswerHeaders,
} from './answer-names.ts';

/** What a request that makes an object needs besides `writeFiles`. */
export const lockCapabilities = [
  { given: { header: s3Headers.lockMode }, capability: 'writeFileRetentions' },
  { given: { header: s3Headers.legalHold }, capability: 'writeFileLegalHolds' },
] as const;

const bypass = [
  { given: { header: s3Headers.bypassGovernance, value: 'true' }, capability: 'bypassGovernance' },
] as const;

const common = { ...ordinary, level: 'object', restriction: 'key', query: noQuery } as const;

const reading = {
  ...common,
  selectedBy: {},
  capability: { anyOf: ['readFiles'] },
  isOpenInPublicBucket: true,
  encryption: 'read',
  query: readQuery,
  headers: readHeaders,
} as const;

/** Objects as a whole (AWS docs, page of each name). */
export const objectOperations = {
  PutObject: {
    ...common,
    name: 'PutObject',
    methods: ['PUT'],
    selectedBy: {},
    capability: { anyOf: ['writeFiles'], besides: lockCapabilities },
    payloads: dataModes,
    body: { kind: 'data', maxBytes: maxUploadSize },
    headers: putObjectHeaders,
    encryption: 'write',
    answer: { ...emptyAnswer, headers: writtenAnswerHeaders },
  },
  PostObject: {
    ...common,
    name: 'PostObject',
    level: 'bucket',
    methods: ['POST'],
    selectedBy: {},
    capability: { anyOf: ['writeFiles'], besides: lockCapabilities },
    restriction: 'formKey',
    body: { kind: 'form', maxFieldBytes: maxFormFieldBytes, maxFileBytes: maxUploadSize },
    // The fields of the form say what headers say elsewhere, see `readPostForm`.
    headers: (headers) => ({ boundary: parseFormBoundary(headers.get('Content-Type') ?? '') }),
    // The same for the encryption: it is asked for in the form.
    encryption: 'none',
    answer: { status: 204, headers: [...writtenAnswerHeaders, 'Location'], body: noBody },
  },
  CopyObject: {
    ...common,
    name: 'CopyObject',
    methods: ['PUT'],
    selectedBy: { header: s3Headers.copySource },
    capability: { anyOf: ['writeFiles'], besides: lockCapabilities, source: 'readFiles' },
    restriction: 'copy',
    headers: copyObjectHeaders,
    encryption: 'copy',
    answer: xmlAnswer(copyObjectXml, copyAnswerHeaders),
  },
  GetObject: {
    ...reading,
    name: 'GetObject',
    methods: ['GET'],
    answer: { status: 200, headers: readAnswerHeaders, body: { kind: 'data' } },
  },
  HeadObject: {
    ...reading,
    name: 'HeadObject',
    methods: ['HEAD'],
    answer: { status: 200, headers: readAnswerHeaders, body: noBody },
  },
  GetObjectAttributes: {
    ...reading,
    name: 'GetObjectAttributes',
    methods: ['GET'],
    selectedBy: { query: ['attributes'] },
    isOpenInPublicBucket: false,
    query: versionQuery,
    headers: attributeHeaders,
    answer: xmlAnswer(objectAttributesXml, ['Last-Modified', ...documentAnswerHeaders]),
  },
  DeleteObject: {
    ...common,
    name: 'DeleteObject',
    methods: ['DELETE'],
    selectedBy: {},
    capability: {
      anyOf: ['writeFiles'],
      instead: { given: { query: 'versionId' }, capability: 'deleteFiles' },
      besides: bypass,
    },
    query: versionQuery,
    headers: (headers) => ({ ...ownerHeaders(headers), ...bypassHeader(headers), ...deleteCondition(headers) }),
    answer: { status: 204, headers: deletedAnswerHeaders, body: noBody },
  },
  DeleteObjects: {
    ...common,
    name: 'DeleteObjects',
    level: 'bucket',
    methods: ['POST'],
    selectedBy: { query: ['delete'] },
    capability: {
      anyOf: ['writeFiles', 'deleteFiles'],
      besides: bypass,
      entries: { hide: 'writeFiles', removeVersion: 'deleteFiles' },
    },
    restriction: 'entries',
    body: { kind: 'xml', maxBytes: maxLongXmlBytes, isRequired: true, read: readDelete },
    headers: (headers) => ({ ...documentHeaders(headers), ...bypassHeader(headers) }),
    answer: xmlAnswer(deleteResultXml),
  },
} as const satisfies Record<string, SupportedRow>;
